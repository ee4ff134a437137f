// One session, kept up to date: as the server has it, the draft of its grid, and what goes on in between.

import { Autosave } from "./autosave.js";
import { authorsSince } from "./authors.js";
import { Draft } from "./draft.js";
import { Finalizing } from "./finalizing.js";
import { remember } from "./names.js";
import { Store } from "./store.js";
import { Uploading } from "./uploading.js";

const FIRST_LOOK_MS = 500;
const LONGEST_LOOK_MS = 10_000;
const OPEN = ["SCHEDULED", "IN_PROGRESS"];

export class Session extends Store {
  #api;
  #identity;
  #timer = null;
  #pace = FIRST_LOOK_MS;
  #agreed = 0;
  #isStopped = false;
  view = null;
  draft = null;
  failure = null;
  etag = null;

  constructor(api, identity, id) {
    super();
    this.id = id;
    this.#api = api;
    this.#identity = identity;
    this.autosave = new Autosave(this);
    this.uploading = new Uploading(api, this);
    this.finalizing = new Finalizing(api, this);
    this.keep = () => this.#keep();
    this.lookAgain = () => document.visibilityState === "visible" && this.look().catch(() => {});
    addEventListener("pagehide", this.keep);
    addEventListener("visibilitychange", this.lookAgain);
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.autosave.stop();
    this.#keep();
    removeEventListener("pagehide", this.keep);
    removeEventListener("visibilitychange", this.lookAgain);
  }

  get isOpen() {
    return OPEN.includes(this.view?.status);
  }

  /** Whether the grid and the sheet can be changed here and now. */
  get isEditable() {
    return this.isOpen && this.#identity.mayDraft;
  }

  get zone() {
    return this.view.timezone;
  }

  /** Read the session for the first time, or again after a failure. */
  async load() {
    this.failure = null;
    this.changed();
    try {
      await this.look();
      this.#unpack();
    } catch (failure) {
      this.failure = failure;
      this.changed();
    }
  }

  /** Read the session again. An answer older than what is known already is dropped. */
  async look() {
    const { data, etag } = await this.#api.session(this.id);
    if (this.view && data.version < this.view.version) return;
    const agreed = this.view?.version ?? 0;
    this.view = data;
    this.etag = etag;
    remember(data);
    this.#meet(data.attendees, agreed);
    if (!this.isOpen) this.draft.close();
    this.changed();
    if (this.draft.unsaved) this.autosave.touch();
    this.#lookLater();
  }

  /** Bring the draft together with the rows of the server, which was last agreed with at a version. */
  #meet(rows, agreed) {
    if (!this.draft) {
      this.draft = new Draft(rows);
      return;
    }
    const wereAtOdds = this.draft.collisions.size > 0;
    this.draft.reconcile(rows);
    if (!wereAtOdds) this.#agreed = agreed;
  }

  /** Send some rows; the autosave calls this. */
  async send(portion) {
    const rows = portion.map(([personnelId, marks]) => ({ personnelId, ...marks }));
    const { data, etag } = await this.#api.saveAttendance(this.id, rows, this.etag);
    this.draft.saved(portion);
    if (data.version > this.view.version) {
      this.view = { ...this.view, version: data.version };
      this.etag = etag;
    }
    this.changed();
  }

  /** The session takes no more attendance: see why. */
  refused() {
    this.look().catch(() => {});
  }

  edit = (ids, patch, topic) => {
    this.draft.change(ids, patch, topic);
    this.#edited();
  };

  undo() {
    const ids = this.draft.undo();
    this.#edited();
    return ids;
  }

  /** Who changed whose row since this tab last agreed with the server, as far as this role may see it. */
  async authors() {
    if (!this.#identity.mayReview) return new Map();
    return authorsSince(this.#api, this.id, this.#agreed);
  }

  choose(ids, mine) {
    for (const id of ids) this.draft.choose(id, mine);
    this.#edited();
  }

  #edited() {
    this.changed();
    this.autosave.touch();
  }

  /** While the server is at work on this session, look at it again: soon at first, then less often. */
  #lookLater() {
    clearTimeout(this.#timer);
    const isBusy = this.view.status === "FINALIZING" || this.view.evidence.state === "PENDING";
    if (!isBusy || this.#isStopped) {
      this.#pace = FIRST_LOOK_MS;
      return;
    }
    this.#timer = setTimeout(() => this.look().catch(() => this.#lookLater()), this.#pace);
    this.#pace = Math.min(this.#pace * 1.4, LONGEST_LOOK_MS);
  }

  get #place() {
    return `draft:${this.#identity.person.id}:${this.id}`;
  }

  /** Let what is unsaved wait in this tab. There may be too much of it, which whoever left was warned of. */
  #keep() {
    sessionStorage.removeItem(this.#place);
    if (!this.draft?.unsaved) return;
    try {
      sessionStorage.setItem(this.#place, JSON.stringify(this.draft.packed()));
    } catch (failure) {
      if (failure.name !== "QuotaExceededError") throw failure;
      console.warn("More unsaved rows than this tab can keep.");
    }
  }

  #unpack() {
    const kept = sessionStorage.getItem(this.#place);
    if (!kept || !this.isEditable) return;
    this.draft.unpack(JSON.parse(kept));
    this.#edited();
  }
}
