// Saves the draft: sends changed rows shortly after they were typed, and retries until they are saved or refused.

import { Store } from "./store.js";

// Long enough to finish a word, short enough not to be noticed.
const PAUSE_MS = 800;
const LONGEST_WAIT_MS = 30_000;
// As many rows as ten of the server's transactions take: one request stays well below its 29 seconds.
const BATCH = 990;

/**
 * @import { Problem } from "../network/problem.js"
 * @import { Draft, Row } from "./draft.js"
 *
 * The session's part of saving: it has the draft, sends a batch of rows, and reads the session again.
 * @typedef {{ draft: Draft, send(batch: Row[]): Promise<void>, look(): Promise<void>, refused(): void }} Work
 */

export class Autosave extends Store {
  #work;
  /** @type {number | undefined} */
  #timer;
  /** @type {Promise<void> | null} */
  #running = null;
  #isStopped = false;
  /** `saved`, `waiting`, `saving`, `retrying`, `collided` or `refused`. */
  state = "saved";
  /** @type {Date | null} */
  savedAt = null;
  /** @type {Problem | null} */
  problem = null;

  /** @param {Work} work */
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
    this.#timer = setTimeout(() => this.#pause(), PAUSE_MS);
  }

  /** The person paused: what they type next is undone on its own. */
  #pause() {
    this.#work.draft.steps.end();
    this.flush();
  }

  /** Send now; resolves to whether everything is saved. */
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
    // While it is tried again and again, it is said once.
    if (this.state !== "retrying") this.#be("saving");
    const { draft } = this.#work;
    const batch = draft.sendable.slice(0, BATCH);
    draft.sending(batch);
    try {
      await this.#work.send(batch);
      this.savedAt = new Date();
    } catch (problem) {
      if (!problem.isOutdated) throw problem;
      // Another person saved first: read their rows, and send ours again where they changed nothing.
      await this.#work.look();
    }
  }

  /**
   * @param {Problem} problem
   * @param {number} wait
   */
  #fail(problem, wait) {
    this.problem = problem;
    if (!problem.isPassing) {
      this.#be("refused");
      this.#work.refused();
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

  /** @param {string} state */
  #be(state) {
    this.state = state;
    this.changed();
  }
}
