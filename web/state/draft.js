// The attendance grid: as saved on the server, and with the person's unsaved changes. No network in here.

import { marksOf, sameMarks } from "./marks.js";

/**
 * @import { AttendeeResponse } from "../network/answers.js"
 * @import { Marks } from "./marks.js"
 *
 * @typedef {{ personnelId: string, name: string, jobTitle?: string, marks: Marks }} Person
 * @typedef {[id: string, marks: Marks]} Row
 * @typedef {{ name: string, marks: Marks }} Leftover
 * @typedef {{ id: string, name: string, mine: Marks, base: Marks }} Kept
 */

// For a row that waits for a choice and whose earlier marks are unknown: equal to no marks, so it goes on waiting.
const NEVER = /** @type {any} */ ({ isPresent: null });

export class Draft {
  /** @type {Map<string, Person>} */
  #base = new Map();
  /** @type {Map<string, Marks>} */
  #edits = new Map();
  /** @type {{ topic: string | null, before: Row[] }[]} */
  #steps = [];
  /** Counts the changes of the roster. */
  roster = 0;
  /**
   * Rows that another person changed too, as they are on the server, until a choice is made.
   *
   * @type {Map<string, Marks>}
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

  get canUndo() {
    return this.#steps.length > 0;
  }

  /** The rows to send: all unsaved ones, except those that wait for a choice. */
  get sendable() {
    return [...this.#edits].filter(([id]) => !this.collisions.has(id));
  }

  /**
   * Change the marks of some people, as one step. Steps in a row that share a `topic` are undone together.
   *
   * @param {string[]} ids
   * @param {Partial<Marks>} patch
   * @param {string | null} [topic]
   */
  change(ids, patch, topic = null) {
    const before = ids.map((id) => /** @type {Row} */ ([id, this.marks(id)]));
    for (const [id, marks] of before) this.#want(id, { ...marks, ...patch, isMarked: true });
    const last = this.#steps.at(-1);
    if (!(topic && last?.topic === topic)) this.#steps.push({ topic, before });
  }

  /** Undo the last step; returns the ids of its people. */
  undo() {
    const step = this.#steps.pop();
    const there = (step?.before ?? []).filter(([id]) => this.#base.has(id));
    for (const [id, marks] of there) this.#want(id, marks);
    return there.map(([id]) => id);
  }

  /**
   * The server has saved these marks. What was typed meanwhile stays unsaved.
   *
   * @param {Row[]} sent
   */
  saved(sent) {
    for (const [id, marks] of sent) {
      const known = this.#base.get(id);
      if (known) this.#base.set(id, { ...known, marks: { ...marks, isMarked: true } });
      const wanted = this.#edits.get(id);
      if (wanted && sameMarks(wanted, marks)) this.#edits.delete(id);
    }
  }

  /**
   * Merge the server's current rows. Rows that only one side changed are taken; the others collide.
   *
   * @param {AttendeeResponse[]} rows
   */
  reconcile(rows) {
    const before = this.#base;
    this.#takeBase(rows);
    this.collisions.clear();
    for (const [id, mine] of this.#edits) this.#meet(id, mine, /** @type {Person} */ (before.get(id)));
  }

  /**
   * @param {string} id
   * @param {Marks} mine
   * @param {Person} before
   */
  #meet(id, mine, before) {
    const now = this.#base.get(id);
    if (!now) {
      this.#edits.delete(id);
      this.orphans.push({ name: before.name, marks: mine });
    } else if (sameMarks(mine, now.marks)) {
      this.#edits.delete(id);
    } else if (!sameMarks(before.marks, now.marks)) {
      this.collisions.set(id, now.marks);
    }
  }

  /** The session takes no marks any more: what is unsaved stays readable, and the grid is the server's. */
  close() {
    this.late.push(...[...this.#edits].map(([id, marks]) => ({ name: this.person(id).name, marks })));
    this.#edits.clear();
    this.collisions.clear();
    this.#steps = [];
  }

  /**
   * Resolve one collision: keep the person's own marks, or take the server's.
   *
   * @param {string} id
   * @param {boolean} mine
   */
  choose(id, mine) {
    this.collisions.delete(id);
    if (!mine) this.#edits.delete(id);
  }

  /**
   * All unsaved rows, with the marks they started from, to be stored while the page is closed.
   *
   * @returns {Kept[]}
   */
  packed() {
    return [...this.#edits].map(([id, mine]) => {
      const { name, marks } = this.person(id);
      return { id, name, mine, base: this.collisions.has(id) ? NEVER : marks };
    });
  }

  /**
   * Restore stored rows as unsaved changes.
   *
   * @param {Kept[]} kept
   */
  unpack(kept) {
    const rows = [...this.#base.values()].map(({ marks, ...person }) => ({ ...person, ...marks }));
    for (const { id, name, mine, base } of kept) {
      this.#base.set(id, { personnelId: id, name, marks: base });
      this.#edits.set(id, mine);
    }
    this.reconcile(rows);
  }

  /**
   * @param {string} id
   * @param {Marks} marks
   */
  #want(id, marks) {
    if (sameMarks(marks, this.person(id).marks)) this.#edits.delete(id);
    else this.#edits.set(id, marks);
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
