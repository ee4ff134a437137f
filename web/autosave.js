// Sends what changed, and only that, a moment after it was typed; tries again until it is taken or refused.

import { Problem } from "./problem.js";
import { Store } from "./store.js";

// Long enough to finish a word, short enough to be forgotten about.
const PAUSE_MS = 800;
const LONGEST_WAIT_MS = 30_000;
// Ten of the server's transactions: one request stays well below the 29 seconds it may take.
const PORTION = 990;

export class Autosave extends Store {
  #work;
  #timer = null;
  #running = null;
  #isStopped = false;
  /** `saved`, `waiting`, `saving`, `retrying`, `collided` or `refused`. */
  state = "saved";
  savedAt = null;
  problem = null;

  /** `work` has the draft, sends a portion of it, and can look at the server again. */
  constructor(work) {
    super();
    this.#work = work;
    this.wake = () => this.state === "retrying" && this.flush();
    addEventListener("online", this.wake);
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    removeEventListener("online", this.wake);
  }

  /** Something was typed: send it when the person pauses. */
  touch() {
    if (!this.#running) this.#be(this.#work.draft.unsaved ? "waiting" : this.#resting);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Send now; answers whether all that was typed is on the server. */
  async flush() {
    clearTimeout(this.#timer);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    await this.#running;
    return this.#work.draft.unsaved === 0;
  }

  async #run(wait = 1_000) {
    try {
      while (this.#work.draft.sendable.length) await this.#sendPortion();
      this.problem = null;
      this.#be(this.#resting);
    } catch (problem) {
      this.#fail(problem, wait);
    }
  }

  async #sendPortion() {
    this.#be("saving");
    const portion = this.#work.draft.sendable.slice(0, PORTION);
    try {
      await this.#work.send(portion);
      this.savedAt = new Date();
    } catch (problem) {
      if (!(problem instanceof Problem && problem.status === 412)) throw problem;
      // Somebody else was faster. Their rows come in; ours that they did not touch go out again.
      await this.#work.look();
    }
  }

  #fail(problem, wait) {
    this.problem = problem;
    if (!problem.isPassing) {
      this.#be("refused");
      this.#work.refused(problem);
      return;
    }
    this.#be("retrying");
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#running ??= this.#run(Math.min(wait * 2, LONGEST_WAIT_MS)).finally(() => {
        this.#running = null;
      });
    }, wait);
  }

  get #resting() {
    if (this.#work.draft.collisions.size) return "collided";
    return this.#work.draft.unsaved ? "waiting" : "saved";
  }

  #be(state) {
    this.state = state;
    this.changed();
  }
}
