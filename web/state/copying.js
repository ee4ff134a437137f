// The grid as cells for a spreadsheet.

import { textOf } from "./tables.js";

/**
 * @import { Draft } from "./draft.js"
 * @import { Marks } from "./marks.js"
 *
 * @typedef {{ head: string, cell: (row: Marks & { name: string }) => string }} Copied
 */

const yesOrNo = (/** @type {boolean} */ is) => (is ? "yes" : "no");

/**
 * The columns, as the grid has them. A field that says nothing yet is empty.
 *
 * @type {Copied[]}
 */
const COPIED = [
  { head: "Name", cell: ({ name }) => name },
  { head: "Present", cell: ({ isPresent, isMarked }) => (isMarked ? yesOrNo(isPresent) : "") },
  { head: "Passed", cell: ({ isPresent, hasPassed }) => (isPresent ? yesOrNo(hasPassed) : "") },
  { head: "Remarks", cell: ({ remarks }) => remarks },
];

/**
 * Some people and all columns, with their heads.
 *
 * @param {Draft} draft
 * @param {string[]} ids
 */
export function listAsText(draft, ids) {
  return textOf([COPIED.map(({ head }) => head), ...cells(draft, ids, COPIED)]);
}

/**
 * Some people and the columns from one to another, as a spreadsheet copies a range.
 *
 * @param {Draft} draft
 * @param {string[]} ids
 * @param {number} first
 * @param {number} last
 */
export function rangeAsText(draft, ids, first, last) {
  return textOf(cells(draft, ids, COPIED.slice(first, last + 1)));
}

/**
 * @param {Draft} draft
 * @param {string[]} ids
 * @param {Copied[]} columns
 */
function cells(draft, ids, columns) {
  return ids.map((id) =>
    columns.map(({ cell }) => cell({ ...draft.marks(id), name: draft.person(id).name })),
  );
}
