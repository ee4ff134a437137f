// The attendance grid: as saved on the server, and with the person's unsaved changes. No network in here.

import { differences, marksOf, merged, sameMarks, withFields } from "./marks.js";
import { Steps } from "./steps.js";

/**
 * @import { AttendeeResponse } from "../network/answers.js"
 * @import { Field, Marks } from "./marks.js"
 * @import { Packed, Value, Wish } from "./steps.js"
 *
 * @typedef {{ personnelId: string, name: string, jobTitle?: string, marks: Marks }} Person
 * @typedef {[id: string, marks: Marks]} Row
 * @typedef {[id: string, patch: Partial<Marks>]} Patch
 * @typedef {{ theirs: Marks, fields: Field[] }} Collision
 * @typedef {{ name: string, marks: Marks }} Leftover
 * @typedef {{ id: string, name: string, mine: Marks, since: Marks }} Kept
 */

export class Draft {
  /** @type {Map<string, Person>} */
  #base = new Map();
  /** @type {Map<string, Marks>} */
  #edits = new Map();
  /**
   * What a row that collided started from, where that is not the server's row.
   *
   * @type {Map<string, Marks>}
   */
  #since = new Map();
  /**
   * Rows on their way to the server: what comes back from there may be our own.
   *
   * @type {Map<string, Marks>}
   */
  #sent = new Map();
  steps = new Steps();
  /** Counts the changes of the roster. */
  roster = 0;
  /**
   * Rows of which another person changed a field that was changed here too, until a choice is made.
   *
   * @type {Map<string, Collision>}
   */
  collisions = new Map();
  /**
   * Marks of people who are no longer on the list, by name.
   *
   * @type {Leftover[]}
   */
  orphans = [];
  /**
   * Marks that came after the session was closed, by name.
   *
   * @type {Leftover[]}
   */
  late = [];

  /** @param {AttendeeResponse[]} rows */
  constructor(rows) {
    this.#takeBase(rows);
  }

  /** All people, in the order of the sheet. */
  get people() {
    return [...this.#base.values()];
  }

  get size() {
    return this.#base.size;
  }

  /**
   * A person on the list.
   *
   * @param {string} id
   */
  person(id) {
    return /** @type {Person} */ (this.#base.get(id));
  }

  /**
   * The marks of one person, with unsaved changes.
   *
   * @param {string} id
   */
  marks(id) {
    return this.#edits.get(id) ?? this.person(id).marks;
  }

  /** @param {string} id */
  isUnsaved(id) {
    return this.#edits.has(id);
  }

  get unsaved() {
    return this.#edits.size;
  }

  /** The rows to send: all unsaved ones, except those that wait for a choice. */
  get sendable() {
    return [...this.#edits].filter(([id]) => !this.collisions.has(id));
  }

  /**
   * Change the marks of some people, as one step. Until the step ends, changes of the same `topic` are one step too.
   *
   * @param {Patch[]} patches
   * @param {string | null} [topic]
   */
  change(patches, topic = null) {
    const changes = patches.flatMap(([id, patch]) => {
      const before = this.marks(id);
      this.#want(id, { ...before, ...patch, isMarked: true });
      const after = this.marks(id);
      return differences(before, after).map((field) => ({
        id,
        field,
        old: before[field],
        now: after[field],
      }));
    });
    this.steps.add(topic, changes);
  }

  /** Take back the last step; returns what it set. */
  undo() {
    return this.#wish(this.steps.undo(this.#current));
  }

  /** Do again what was taken back last. */
  redo() {
    return this.#wish(this.steps.redo(this.#current));
  }

  /** @type {(id: string, field: Field) => Value | undefined} */
  #current = (id, field) => (this.#base.has(id) ? this.marks(id)[field] : undefined);

  /** @param {Wish[]} wishes */
  #wish(wishes) {
    for (const { id, field, value } of wishes) this.#want(id, { ...this.marks(id), [field]: value });
    return wishes;
  }

  /**
   * These rows are being sent.
   *
   * @param {Row[]} batch
   */
  sending(batch) {
    this.#sent = new Map(batch);
  }

  /**
   * The server has saved these marks. What was typed meanwhile stays unsaved.
   *
   * @param {Row[]} sent
   */
  saved(sent) {
    this.#sent.clear();
    for (const [id, marks] of sent) {
      const known = this.#base.get(id);
      if (known) this.#base.set(id, { ...known, marks: { ...marks, isMarked: true } });
      const wanted = this.#edits.get(id);
      if (wanted && sameMarks(wanted, marks)) this.#edits.delete(id);
    }
  }

  /**
   * Merge the server's current rows, field by field.
   *
   * @param {AttendeeResponse[]} rows
   */
  reconcile(rows) {
    const before = this.#base;
    this.#takeBase(rows);
    this.collisions.clear();
    for (const [id, mine] of this.#edits) {
      const { name, marks } = /** @type {Person} */ (before.get(id));
      const since = this.#since.get(id) ?? marks;
      this.#since.delete(id);
      const now = this.#base.get(id)?.marks;
      if (now) this.#meet(id, mine, now, since);
      else this.#lose(id, name);
    }
  }

  /**
   * @param {string} id
   * @param {Marks} mine
   * @param {Marks} theirs
   * @param {Marks} since
   */
  #meet(id, mine, theirs, since) {
    const sent = this.#sent.get(id);
    const ours = sent ? differences(since, theirs).filter((field) => sent[field] === theirs[field]) : [];
    const origin = withFields(since, ours, theirs);
    const { marks, atOdds } = merged(mine, theirs, origin);
    this.#want(id, marks);
    if (!atOdds.length) return;
    this.collisions.set(id, { theirs, fields: atOdds });
    this.#since.set(id, withFields(theirs, atOdds, origin));
  }

  /**
   * The person is no longer on the list.
   *
   * @param {string} id
   * @param {string} name
   */
  #lose(id, name) {
    this.orphans.push({ name, marks: /** @type {Marks} */ (this.#edits.get(id)) });
    this.#edits.delete(id);
  }

  /** The session takes no marks any more: what is unsaved stays readable, and the grid is the server's. */
  close() {
    this.late.push(...[...this.#edits].map(([id, marks]) => ({ name: this.person(id).name, marks })));
    this.#edits.clear();
    this.#since.clear();
    this.collisions.clear();
    this.steps.forget();
  }

  /**
   * Resolve one collision: keep the person's own fields, or take the server's.
   *
   * @param {string} id
   * @param {boolean} mine
   */
  choose(id, mine) {
    const { theirs, fields } = /** @type {Collision} */ (this.collisions.get(id));
    this.#settle(id);
    if (!mine) this.#want(id, withFields(this.marks(id), fields, theirs));
  }

  /**
   * All unsaved rows with the marks they started from, and the steps, to be stored while the page is closed; nothing
   * if there is nothing to store.
   *
   * @returns {{ rows: Kept[], steps?: Packed } | null}
   */
  packed() {
    const rows = [...this.#edits].map(([id, mine]) => {
      const { name, marks } = this.person(id);
      return { id, name, mine, since: this.#since.get(id) ?? marks };
    });
    return rows.length || this.steps.size ? { rows, steps: this.steps.packed() } : null;
  }

  /**
   * Restore stored rows as unsaved changes, and the steps.
   *
   * @param {{ rows?: Kept[], steps?: Packed }} kept
   */
  unpack({ rows = [], steps }) {
    const now = [...this.#base.values()].map(({ marks, ...person }) => ({ ...person, ...marks }));
    for (const { id, name, mine, since } of rows) {
      this.#base.set(id, { personnelId: id, name, marks: since });
      this.#edits.set(id, mine);
    }
    this.reconcile(now);
    if (steps) this.steps.unpack(steps);
  }

  /** @param {string} id */
  #settle(id) {
    this.collisions.delete(id);
    this.#since.delete(id);
  }

  /**
   * Make this a row's marks. What the server has as marked stays marked.
   *
   * @param {string} id
   * @param {Marks} marks
   */
  #want(id, marks) {
    const known = this.person(id).marks;
    const wanted = { ...marks, isMarked: marks.isMarked || known.isMarked };
    if (!sameMarks(wanted, known)) {
      this.#edits.set(id, wanted);
      return;
    }
    this.#edits.delete(id);
    this.#settle(id);
  }

  /** @param {AttendeeResponse[]} rows */
  #takeBase(rows) {
    if (rows.length !== this.#base.size || rows.some(({ personnelId }) => !this.#base.has(personnelId)))
      this.roster += 1;
    this.#base = new Map(
      rows.map(({ personnelId, name, jobTitle, ...row }) => [
        personnelId,
        { personnelId, name, jobTitle, marks: marksOf(row) },
      ]),
    );
  }
}
