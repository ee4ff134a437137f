// The marks of one person: what was entered, their comparison, and how two people's changes come together.

/**
 * @typedef {{ isPresent: boolean, hasPassed: boolean, isMarked: boolean, remarks: string }} Marks
 * @typedef {keyof Marks} Field
 */

/** @type {Marks} */
const UNMARKED = { isPresent: false, hasPassed: false, isMarked: false, remarks: "" };
const FIELDS = /** @type {Field[]} */ (Object.keys(UNMARKED));
/** What a person enters. Whether a row was marked at all follows from it. */
const ENTERED = /** @type {Field[]} */ (["isPresent", "hasPassed", "remarks"]);

/**
 * The marks in a row of the server, which leaves out empty ones.
 *
 * @param {Partial<Marks>} row
 */
export function marksOf(row) {
  const marks = FIELDS.map((field) => [field, row[field] ?? UNMARKED[field]]);
  return /** @type {Marks} */ (Object.fromEntries(marks));
}

/**
 * @param {Marks} one
 * @param {Marks} other
 */
export function sameMarks(one, other) {
  return FIELDS.every((field) => one[field] === other[field]);
}

/**
 * The fields in which two rows differ.
 *
 * @param {Marks} one
 * @param {Marks} other
 */
export function differences(one, other) {
  return FIELDS.filter((field) => one[field] !== other[field]);
}

/**
 * Some fields of one row, all others of another.
 *
 * @param {Marks} row
 * @param {Field[]} fields
 * @param {Marks} source
 */
export function withFields(row, fields, source) {
  return /** @type {Marks} */ ({ ...row, ...Object.fromEntries(fields.map((it) => [it, source[it]])) });
}

/**
 * What two people made of one row, field by field: whoever changed a field decides on it. A field that both changed,
 * and not to the same, is at odds, and stays mine.
 *
 * @param {Marks} mine
 * @param {Marks} theirs
 * @param {Marks} since what both started from
 */
export function merged(mine, theirs, since) {
  const untouched = ENTERED.filter((field) => mine[field] === since[field]);
  const marks = withFields(mine, untouched, theirs);
  const atOdds = ENTERED.filter((it) => marks[it] !== theirs[it] && theirs[it] !== since[it]);
  return { marks: { ...marks, isMarked: mine.isMarked || theirs.isMarked }, atOdds };
}
