// What a key does in the grid: where the cursor goes, and which keys undo.

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
  Home: ({ index, column, isWithCtrl, field }) => (isWithCtrl ? [0, column] : !isText(field) && [index, 0]),
  End: ({ index, column, isWithCtrl, field, rows, columns }) =>
    isWithCtrl ? [rows - 1, column] : !isText(field) && [index, columns - 1],
};

// With Shift they choose cells; in a text, those that go sideways choose letters.
const UP_AND_DOWN = /^(Arrow|Page)(Up|Down)$/;
const SIDEWAYS = /^(ArrowLeft|ArrowRight|Home|End)$/;

/**
 * The next place, or nothing. `extent` says how many `rows` and `columns` there are, and how many rows a `page` has.
 *
 * @param {Cursor} cursor
 * @param {KeyboardEvent} event
 * @param {Extent} extent
 */
export function moved(cursor, event, extent) {
  // A word that is still being composed takes all keys.
  if (event.altKey || event.metaKey || event.isComposing) return null;
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (event.shiftKey && !(UP_AND_DOWN.test(event.key) || (!isText(field) && SIDEWAYS.test(event.key))))
    return null;
  const there = KEYS[event.key]?.({ ...cursor, ...extent, field, isWithCtrl: event.ctrlKey });
  if (!there) return null;
  const [index, column] = there;
  return { index: within(extent.rows, index), column: within(extent.columns, column) };
}

/**
 * Whether these keys undo or redo, by the habits of Windows and of the Mac.
 *
 * @param {KeyboardEvent} event
 */
export function turnOf(event) {
  if (event.altKey || event.isComposing || !(event.ctrlKey || event.metaKey)) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" && !event.shiftKey ? "redo" : null;
}

/**
 * What else a key does with a range: fill it down, choose everybody, or end it.
 *
 * @param {KeyboardEvent} event
 */
export function deedOf(event) {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (event.key === "Escape") return "end";
  if (event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return null;
  const key = event.key.toLowerCase();
  if (key === "a" && !isText(field)) return "all";
  return key === "d" ? "fill" : null;
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
  return !isText(field) || (field.selectionStart === edge && field.selectionEnd === edge);
}

/** @param {HTMLInputElement} field */
function isText(field) {
  return field.type === "text";
}
