// One session, kept up to date: the server's state, the draft of its grid, and the requests between them.

import { Autosave } from "./autosave.js";
import { authorsSince } from "./authors.js";
import { Draft } from "./draft.js";
import { Finalizing } from "./finalizing.js";
import { lookAgain } from "./looking.js";
import { remember } from "./names.js";
import { Store } from "./store.js";
import { Uploading } from "./uploading.js";

const FIRST_LOOK_MS = 500;
const LONGEST_LOOK_MS = 10_000;
// How soon a page shows what others did. An unchanged session costs the server one row.
const PACE_MS = 15_000;
const OPEN = ["SCHEDULED", "IN_PROGRESS"];

/**
 * @import { Api } from "../network/api.js"
 * @import { AttendeeResponse, SessionResponse } from "../network/answers.js"
 * @import { Patch, Row } from "./draft.js"
 * @import { Identity } from "./identity.js"
 * @import { Marks } from "./marks.js"
 */

// Placeholders until the session is loaded.
const NOT_YET = /** @type {any} */ (null);

export class Session extends Store {
  #api;
  #identity;
  #personId;
  /** @type {number | undefined} */
  #timer;
  #pace = FIRST_LOOK_MS;
  #agreed = 0;
  #isStopped = false;
  /** @type {SessionResponse} */
  view = NOT_YET;
  /** @type {Draft} */
  draft = NOT_YET;
  /** @type {Error | null} */
  failure = null;
  etag = "";

  /**
   * @param {Api} api
   * @param {Identity} identity
   * @param {string} id
   */
  constructor(api, identity, id) {
    super();
    this.id = id;
    this.#api = api;
    this.#identity = identity;
    // Who signs out is gone before the page is, and what they typed waits for them.
    this.#personId = identity.person?.id;
    this.autosave = new Autosave(this);
    this.uploading = new Uploading(api, this);
    this.finalizing = new Finalizing(api, this);
    this.keep = () => this.#keep();
    this.stopLooking = lookAgain(() => this.#lookAround(), PACE_MS);
    addEventListener("pagehide", this.keep);
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.autosave.stop();
    this.#keep();
    removeEventListener("pagehide", this.keep);
    this.stopLooking();
  }

  get isOpen() {
    return OPEN.includes(this.view?.status);
  }

  /** Whether the person can change grid and sheet now. */
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

  /**
   * What others did. Under the question of Finalize nothing may change unnoticed, what is final does not, and saving
   * reads the session again where somebody else was faster.
   */
  async #lookAround() {
    const isFinal = this.view?.status === "COMPLETED";
    const isBusy = this.finalizing.state !== "closed" || this.autosave.state === "saving";
    if (this.view && !isFinal && !isBusy) await this.look();
  }

  /** Read the session again, if it changed. An answer with an older version is dropped. */
  async look() {
    const { data, status, etag } = await this.#api.session(this.id, this.etag);
    if (status !== 304) {
      if (this.view && data.version < this.view.version) return;
      this.#show(data, etag);
    }
    if (this.draft.unsaved) this.autosave.touch();
    this.#lookLater();
  }

  /**
   * @param {SessionResponse} data
   * @param {string} etag
   */
  #show(data, etag) {
    const agreed = this.view?.version ?? 0;
    this.view = data;
    this.etag = etag;
    remember(data);
    this.#meet(data.attendees, agreed);
    if (!this.isOpen) this.draft.close();
    this.changed();
  }

  /**
   * Merge the server's rows into the draft; both last agreed at a version.
   *
   * @param {AttendeeResponse[]} rows
   * @param {number} agreed
   */
  #meet(rows, agreed) {
    if (!this.draft) {
      this.draft = new Draft(rows);
      return;
    }
    const wereAtOdds = this.draft.collisions.size > 0;
    this.draft.reconcile(rows);
    if (!wereAtOdds) this.#agreed = agreed;
  }

  /**
   * Send some rows; the autosave calls this.
   *
   * @param {Row[]} batch
   */
  async send(batch) {
    const rows = batch.map(([personnelId, { isPresent, hasPassed, remarks }]) => ({
      personnelId,
      isPresent,
      hasPassed,
      remarks,
    }));
    const { data, etag } = await this.#api.saveAttendance(this.id, rows, this.etag);
    this.draft.saved(batch);
    if (data.version > this.view.version) {
      this.view = { ...this.view, version: data.version };
      this.etag = etag;
    }
    this.changed();
  }

  /** The session takes no more attendance: read it to learn why. */
  refused() {
    this.look().catch(() => {});
  }

  /** @type {(ids: string[], patch: Partial<Marks>, topic?: string) => void} */
  edit = (ids, patch, topic) =>
    this.editEach(
      ids.map((id) => [id, patch]),
      topic,
    );

  /** @type {(patches: Patch[], topic?: string) => void} */
  editEach = (patches, topic) => {
    this.draft.change(patches, topic);
    this.#edited();
  };

  undo() {
    const undone = this.draft.undo();
    this.#edited();
    return undone;
  }

  redo() {
    const redone = this.draft.redo();
    this.#edited();
    return redone;
  }

  /** The authors of rows changed since this tab last agreed with the server, if this role may see them. */
  async authors() {
    if (!this.#identity.mayReview) return new Map();
    return authorsSince(this.#api, this.id, this.#agreed);
  }

  /**
   * @param {string[]} ids
   * @param {boolean} mine
   */
  choose(ids, mine) {
    for (const id of ids) this.draft.choose(id, mine);
    this.#edited();
  }

  #edited() {
    this.changed();
    this.autosave.touch();
  }

  /** Poll while the server is working on this session: soon at first, then less often. */
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
    return `draft:${this.#personId}:${this.id}`;
  }

  /** Store unsaved rows and the steps in this tab. If the rows are too many to store, the person was warned. */
  #keep() {
    sessionStorage.removeItem(this.#place);
    const kept = this.draft?.packed();
    if (!kept) return;
    if (this.#stored(kept) || this.#stored({ rows: kept.rows })) return;
    console.warn("More unsaved rows than this tab can keep.");
  }

  /** @param {object} kept */
  #stored(kept) {
    try {
      sessionStorage.setItem(this.#place, JSON.stringify(kept));
      return true;
    } catch (failure) {
      if (failure.name !== "QuotaExceededError") throw failure;
      return false;
    }
  }

  #unpack() {
    const kept = sessionStorage.getItem(this.#place);
    if (!kept || !this.isEditable) return;
    this.draft.unpack(JSON.parse(kept));
    this.#edited();
  }
}
