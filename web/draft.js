// The attendance grid as it is on the server and as the person in front of it wants it. No network in here.

const FIELDS = ["isPresent", "hasPassed", "remarks"];

export const marksOf = ({ isPresent, hasPassed, remarks = "" }) => ({ isPresent, hasPassed, remarks });
const same = (one, other) => FIELDS.every((field) => one[field] === other[field]);

export class Draft {
  #base = new Map();
  #edits = new Map();
  #steps = [];
  /** Counts the changes of who is on the list. */
  roster = 0;
  /** Rows that somebody else changed too, as they are on the server; no choice was made yet. */
  collisions = new Map();
  /** Marks of people who are no longer on the list, by name. */
  orphans = [];
  /** Marks that came after the session was closed, by name. */
  late = [];

  constructor(rows) {
    this.#takeBase(rows);
  }

  /** Everybody, in the order of the sheet. */
  get people() {
    return [...this.#base.values()];
  }

  get size() {
    return this.#base.size;
  }

  person(id) {
    return this.#base.get(id);
  }

  /** The marks of one person as they are wanted. */
  marks(id) {
    return this.#edits.get(id) ?? this.#base.get(id).marks;
  }

  isUnsaved(id) {
    return this.#edits.has(id);
  }

  get unsaved() {
    return this.#edits.size;
  }

  get canUndo() {
    return this.#steps.length > 0;
  }

  /** What may be sent: all that is unsaved, except rows that wait for a choice. */
  get sendable() {
    return [...this.#edits].filter(([id]) => !this.collisions.has(id));
  }

  /** Change the marks of some people, as one step. Steps in a row that share a `topic` are undone together. */
  change(ids, patch, topic = null) {
    const before = ids.map((id) => [id, this.marks(id)]);
    for (const [id, marks] of before) this.#want(id, { ...marks, ...patch });
    const last = this.#steps.at(-1);
    if (!(topic && last?.topic === topic)) this.#steps.push({ topic, before });
  }

  /** Take the last step back; returns whose marks that was about. */
  undo() {
    const step = this.#steps.pop();
    const there = (step?.before ?? []).filter(([id]) => this.#base.has(id));
    for (const [id, marks] of there) this.#want(id, marks);
    return there.map(([id]) => id);
  }

  /** The server has taken these marks. Whoever went on typing meanwhile stays unsaved. */
  saved(sent) {
    for (const [id, marks] of sent) {
      const known = this.#base.get(id);
      if (known) this.#base.set(id, { ...known, marks });
      if (this.#edits.has(id) && same(this.#edits.get(id), marks)) this.#edits.delete(id);
    }
  }

  /** Meet the grid as the server has it now. What only one side changed is taken; the rest collides. */
  reconcile(rows) {
    const before = this.#base;
    this.#takeBase(rows);
    this.collisions.clear();
    for (const [id, mine] of this.#edits) this.#meet(id, mine, before.get(id));
  }

  #meet(id, mine, before) {
    const now = this.#base.get(id);
    if (!now) {
      this.#edits.delete(id);
      this.orphans.push({ name: before.name, marks: mine });
    } else if (same(mine, now.marks)) {
      this.#edits.delete(id);
    } else if (!same(before.marks, now.marks)) {
      this.collisions.set(id, now.marks);
    }
  }

  /** The session takes no marks any more: what is unsaved stays readable, and the grid is the server's. */
  close() {
    this.late.push(...[...this.#edits].map(([id, marks]) => ({ name: this.#base.get(id).name, marks })));
    this.#edits.clear();
    this.collisions.clear();
    this.#steps = [];
  }

  /** Settle one collision: the person's own marks, or those on the server. */
  choose(id, mine) {
    this.collisions.delete(id);
    if (!mine) this.#edits.delete(id);
  }

  /** All that is unsaved, with what it was a change of, to be kept while the page is away. */
  packed() {
    return [...this.#edits].map(([id, mine]) => {
      // A row that waits for a choice goes on waiting: what it was before is lost, so nothing equals it.
      const base = this.collisions.has(id) ? { isPresent: null } : this.#base.get(id).marks;
      return { id, name: this.#base.get(id).name, mine, base };
    });
  }

  /** Take up what was kept, as if it had been typed just now. */
  unpack(kept) {
    const rows = [...this.#base.values()].map(({ marks, ...person }) => ({ ...person, ...marks }));
    for (const { id, name, mine, base } of kept) {
      this.#base.set(id, { personnelId: id, name, marks: base });
      this.#edits.set(id, mine);
    }
    this.reconcile(rows);
  }

  #want(id, marks) {
    if (same(marks, this.#base.get(id).marks)) this.#edits.delete(id);
    else this.#edits.set(id, marks);
  }

  #takeBase(rows) {
    if (rows.length !== this.#base.size || rows.some(({ personnelId }) => !this.#base.has(personnelId))) this.roster += 1;
    this.#base = new Map(
      rows.map(({ personnelId, name, jobTitle, ...row }) => [
        personnelId,
        { personnelId, name, jobTitle, marks: marksOf(row) },
      ]),
    );
  }
}
