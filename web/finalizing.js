// The way through the gate: ask with fresh numbers, then press once, however often it has to be sent.

import { Problem } from "./problem.js";
import { Store } from "./store.js";

const WAITS_MS = [1_000, 2_000, 4_000, 8_000];
const UNSAVED = "Some of your marks are not saved yet. See above the list of people, then finalize.";

export class Finalizing extends Store {
  #api;
  #session;
  /** `closed`, `preparing`, `asking`, `writing`, `in doubt` or `refused`. */
  state = "closed";
  /** Why the numbers in the dialog are not those of a moment ago, if they are not. */
  news = null;
  failure = null;
  /** True once this tab has finalized the session itself. */
  isFresh = false;

  constructor(api, session) {
    super();
    this.#api = api;
    this.#session = session;
  }

  get preview() {
    return this.#session.view.finalization.preview;
  }

  /** An earlier press of this tab whose answer never came. */
  get isInDoubt() {
    return this.#session.isOpen && this.#pressed !== null;
  }

  /** Save what is unsaved, look at the session afresh, and ask. */
  async open() {
    this.news = null;
    this.#be("preparing");
    try {
      if (!(await this.#session.autosave.flush())) throw new Error(UNSAVED);
      const known = this.#session.view.version;
      await this.#session.look();
      if (this.#session.view.version > known) this.news = "Somebody changed this session since you opened it. These are the numbers now.";
      if (this.#session.isOpen) this.#be("asking");
      else this.#refuse(new Error("Somebody else has just finalized or cancelled this session. Nothing was written by you."));
    } catch (failure) {
      this.#refuse(failure);
    }
  }

  close() {
    if (["asking", "refused", "in doubt"].includes(this.state)) this.#be("closed");
  }

  /** Write the records. The same key goes with every try, so that the server does it once. */
  async confirm() {
    if (!["asking", "in doubt"].includes(this.state)) return;
    const press = this.#press();
    this.#be("writing");
    for (const wait of [0, ...WAITS_MS]) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        await this.#api.finalize(this.#session.id, press.etag, press.key);
        return await this.#settled();
      } catch (failure) {
        this.failure = failure;
        if (!failure.isPassing) return this.#meet(failure);
        this.changed();
      }
    }
    this.#be("in doubt");
  }

  async #settled() {
    this.#forget();
    this.isFresh = true;
    await this.#session.look().catch(() => {});
    this.failure = null;
    this.#be("closed");
  }

  async #meet(failure) {
    this.#forget();
    await this.#session.look().catch(() => {});
    if (!(failure instanceof Problem && failure.status === 412 && this.#session.isOpen)) {
      return this.#refuse(failure);
    }
    this.news = "Somebody changed this session a moment ago, and nothing was written. These are the numbers now.";
    this.#be("asking");
  }

  #refuse(failure) {
    this.failure = failure;
    this.#be("refused");
  }

  /** The key of this decision: that of an unanswered press, if it was about the same state. */
  #press() {
    const earlier = this.#pressed;
    if (earlier?.etag === this.#session.etag) return earlier;
    const press = { key: crypto.randomUUID(), etag: this.#session.etag };
    sessionStorage.setItem(this.#place, JSON.stringify(press));
    return press;
  }

  get #pressed() {
    return JSON.parse(sessionStorage.getItem(this.#place));
  }

  #forget() {
    sessionStorage.removeItem(this.#place);
  }

  get #place() {
    return `finalize:${this.#session.id}`;
  }

  #be(state) {
    this.state = state;
    if (state === "asking" || state === "writing") this.failure = null;
    this.changed();
  }
}
