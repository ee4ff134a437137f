// What the grid takes from a spreadsheet, gives to one, and does as one: fill down, paste, copy.

import { listAsText, rangeAsText } from "../state/copying.js";
import { fieldsOf } from "./grid-columns.js";
import { filledDown } from "../state/ranges.js";

/**
 * @import { Grid } from "./grid.js"
 * @import { Session } from "../state/session.js"
 *
 * @typedef {{ text: string, start: import("../state/pasting.js").Start | null }} Pasted
 * @typedef {{ session: Session, ids: string[], grid: import("preact").RefObject<Grid> }} Sheet
 */

/**
 * The chosen people take the marks of the first; without a choice, the cell at the cursor takes those of the cell above.
 *
 * @param {Sheet} sheet
 */
export function fillDown({ session, ids, grid }) {
  if (!grid.current || !session.isEditable) return;
  const { index, column } = grid.current.here;
  const range = grid.current.range ?? { first: index - 1, last: index, left: column, right: column };
  const fields = fieldsOf(range.left, range.right).filter((field) => field !== undefined);
  if (range.first < 0 || !fields.length) return;
  session.editEach(filledDown(session.draft, ids.slice(range.first, range.last + 1), fields));
}

/**
 * What is copied of a range; nothing if letters are.
 *
 * @param {Sheet} sheet
 * @param {ClipboardEvent} event
 */
export function copyRange({ session, ids, grid }, event) {
  const range = grid.current?.range;
  if (!range) return;
  const chosen = ids.slice(range.first, range.last + 1);
  event.clipboardData?.setData("text/plain", rangeAsText(session.draft, chosen, range.left, range.right));
  event.preventDefault();
}

/**
 * What was pasted and where; nothing if it is a word for the remark that has the cursor.
 *
 * @param {Sheet} sheet
 * @param {ClipboardEvent} event
 * @returns {Pasted | null}
 */
export function pastedCells({ session, grid }, event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!grid.current || !session.isEditable || !text.trim() || isWord(event, text)) return null;
  event.preventDefault();
  const { here, range } = grid.current;
  const [index, column] = range ? [range.first, range.left] : [here.index, here.column];
  const fields = fieldsOf(column);
  return { text, start: fields[0] ? { index, fields } : null };
}

/**
 * @param {Event} event
 * @param {string} text
 */
function isWord({ target }, text) {
  return /** @type {HTMLInputElement} */ (target).type === "text" && !/[\t\n]/.test(text.trim());
}

/**
 * Copy some people with all their marks; returns what to say of it.
 *
 * @param {Sheet} sheet
 */
export async function copyList({ session, ids }) {
  try {
    await navigator.clipboard.writeText(listAsText(session.draft, ids));
    return "Copied. Paste it into your spreadsheet.";
  } catch {
    return "This browser does not let the page copy. Choose cells with Shift and press Ctrl+C.";
  }
}
