// The marks of one person, and their comparison.

/** @typedef {{ isPresent: boolean, hasPassed: boolean, isMarked: boolean, remarks: string }} Marks */

/** @type {Marks} */
const UNMARKED = { isPresent: false, hasPassed: false, isMarked: false, remarks: "" };
const FIELDS = /** @type {(keyof Marks)[]} */ (Object.keys(UNMARKED));

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
