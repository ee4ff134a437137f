// Finalizing: confirm with current numbers, then send one decision, retried with the same key.

import { Store } from "./store.js";

const WAITS_MS = [1_000, 2_000, 4_000, 8_000];
const UNSAVED = "Some of your marks are not saved yet. See above the list of people, then finalize.";

export class Finalizing extends Store {
  #api;
  #session;
  /** `closed`, `preparing`, `asking`, `writing`, `in doubt` or `refused`. */
  state = "closed";
  /**
   * Why the numbers in the dialog have changed, if they have.
   *
   * @type {string | null}
   */
  news = null;
  /** @type {Error | null} */
  failure = null;
  /** The warnings that the person has ticked, by their slugs. */
  ticked = new Set();
  /** True once this tab has finalized the session itself. */
  isFresh = false;

  /**
   * @param {import("../network/api.js").Api} api
   * @param {import("./session.js").Session} session
   */
  constructor(api, session) {
    super();
    this.#api = api;
    this.#session = session;
  }

  get preview() {
    return this.#session.view.finalization.preview;
  }

  /** What finalizing means, in the words that are signed. */
  get attestation() {
    return this.#session.view.finalization.attestation;
  }

  /** What nobody should overlook, and an admin may decide. */
  get warnings() {
    return this.#session.view.finalization.warnings;
  }

  /** Whether every warning is ticked. */
  get isSure() {
    return this.warnings.every(({ slug }) => this.ticked.has(slug));
  }

  /** @param {string} slug */
  tick(slug) {
    if (!this.ticked.delete(slug)) this.ticked.add(slug);
    this.changed();
  }

  /** An earlier request of this tab that got no answer. */
  get isInDoubt() {
    return this.#session.isOpen && this.#pressed !== null;
  }

  /** Save the draft, read the session again, and ask for confirmation. */
  async open() {
    if (this.state !== "closed") return;
    this.news = null;
    this.ticked.clear();
    this.#be("preparing");
    try {
      if (!(await this.#session.autosave.flush())) throw new Error(UNSAVED);
      const known = this.#session.view.version;
      await this.#session.look();
      if (this.#session.view.version > known)
        this.news = "Somebody changed this session since you opened it. These are the numbers now.";
      if (this.#session.isOpen) this.#be("asking");
      else
        this.#refuse(
          new Error(
            "Somebody else has just finalized or cancelled this session. Nothing was written by you.",
          ),
        );
    } catch (failure) {
      this.#refuse(failure);
    }
  }

  close() {
    if (["asking", "refused", "in doubt"].includes(this.state)) this.#be("closed");
  }

  /** Send the request. Every retry has the same key, so that the server finalizes once. */
  async confirm() {
    if (!["asking", "in doubt"].includes(this.state) || !this.isSure) return;
    const press = this.#press();
    this.#be("writing");
    for (const wait of [0, ...WAITS_MS]) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        await this.#api.finalize(this.#session.id, press.etag, press.key, press.acknowledged);
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

  /** @param {Error & { isOutdated?: boolean }} failure */
  async #meet(failure) {
    this.#forget();
    await this.#session.look().catch(() => {});
    if (!(failure.isOutdated && this.#session.isOpen)) {
      return this.#refuse(failure);
    }
    this.ticked.clear();
    this.news =
      "Somebody changed this session a moment ago, and nothing was written. These are the numbers now.";
    this.#be("asking");
  }

  /** @param {Error} failure */
  #refuse(failure) {
    this.failure = failure;
    this.#be("refused");
  }

  /** The key of this decision, with the warnings shown: that of an unanswered request, if it expected the same version. */
  #press() {
    const earlier = this.#pressed;
    if (earlier?.etag === this.#session.etag) return earlier;
    const acknowledged = this.warnings.map(({ slug }) => slug);
    const press = { key: crypto.randomUUID(), etag: this.#session.etag, acknowledged };
    sessionStorage.setItem(this.#place, JSON.stringify(press));
    return press;
  }

  get #pressed() {
    return JSON.parse(sessionStorage.getItem(this.#place) ?? "null");
  }

  #forget() {
    sessionStorage.removeItem(this.#place);
  }

  get #place() {
    return `finalize:${this.#session.id}`;
  }

  /** @param {string} state */
  #be(state) {
    this.state = state;
    if (state === "asking" || state === "writing") this.failure = null;
    this.changed();
  }
}
