// The cells that Shift chooses: from where it began to the cursor.

/**
 * @import { Place } from "./grid.js"
 *
 * @typedef {{ first: number, last: number, left: number, right: number }} Range
 */

/**
 * The range between two places, or nothing if that is one cell.
 *
 * @param {Place | null} start
 * @param {Place} end
 * @returns {Range | null}
 */
export function rangeOf(start, end) {
  if (!start || (start.index === end.index && start.column === end.column)) return null;
  return {
    first: Math.min(start.index, end.index),
    last: Math.max(start.index, end.index),
    left: Math.min(start.column, end.column),
    right: Math.max(start.column, end.column),
  };
}

/**
 * The chosen columns of a row as text, so that a row is drawn again only if its own change.
 *
 * @param {Range | null} range
 * @param {number} index
 */
export function chosenIn(range, index) {
  if (!range || index < range.first || index > range.last) return "";
  return `${range.left}-${range.right}`;
}

/**
 * @param {string} chosen
 * @param {number} column
 */
export function isChosen(chosen, column) {
  const [left, right] = chosen.split("-").map(Number);
  return chosen !== "" && column >= left && column <= right;
}
