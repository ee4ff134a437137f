// Where the cursor of the grid goes when a key is pressed.

/**
 * @typedef {{ index: number, column: number }} Cursor
 * @typedef {{ rows: number, columns: number, page: number }} Extent
 * @typedef {Cursor & Extent & { field: HTMLInputElement, isWithCtrl: boolean }} Press
 */

/**
 * By key: the row and the column to go to, or nothing if the focused field handles the key.
 *
 * @type {Record<string, (press: Press) => number[] | false>}
 */
const KEYS = {
  ArrowDown: ({ index, column }) => [index + 1, column],
  ArrowUp: ({ index, column }) => [index - 1, column],
  PageDown: ({ index, column, page }) => [index + page, column],
  PageUp: ({ index, column, page }) => [index - page, column],
  ArrowLeft: ({ index, column, field }) => isAtEdge(field, 0) && [index, column - 1],
  ArrowRight: ({ index, column, field }) => isAtEdge(field, field.value?.length) && [index, column + 1],
  Enter: ({ index, column, field }) => !field.matches("a") && [index + 1, column],
  Home: ({ column, isWithCtrl }) => isWithCtrl && [0, column],
  End: ({ column, isWithCtrl, rows }) => isWithCtrl && [rows - 1, column],
};

/**
 * The next place, or nothing. `extent` says how many `rows` and `columns` there are, and how many rows a `page` has.
 *
 * @param {Cursor} cursor
 * @param {KeyboardEvent} event
 * @param {Extent} extent
 */
export function moved(cursor, event, extent) {
  if (event.altKey || event.shiftKey || event.metaKey) return null;
  const field = /** @type {HTMLInputElement} */ (event.target);
  const there = KEYS[event.key]?.({ ...cursor, ...extent, field, isWithCtrl: event.ctrlKey });
  if (!there) return null;
  const [index, column] = there;
  return { index: within(extent.rows, index), column: within(extent.columns, column) };
}

/**
 * @param {number} count
 * @param {number} wanted
 */
function within(count, wanted) {
  return Math.max(0, Math.min(count - 1, wanted));
}

/**
 * In a text, left and right first move within it.
 *
 * @param {HTMLInputElement} field
 * @param {number} edge
 */
function isAtEdge(field, edge) {
  if (field.type !== "text") return true;
  return field.selectionStart === edge && field.selectionEnd === edge;
}
