// Cells as spreadsheets copy and paste them: tabs between columns, lines between rows.

// A cell in quotation marks may hold tabs and lines; a quotation mark within is written twice.
const CELL = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/gy;
// What a spreadsheet would take for a formula and carry out, though it is what somebody wrote as a remark.
const FORMULA = /^[=+\-@]/;
const KEPT_TEXT = /^'(?=[=+\-@])/;
const NEEDS_QUOTES = /["\t\r\n]/;

/**
 * The cells of a pasted text. Empty lines count, except at the end.
 *
 * @param {string} text
 */
export function cellsOf(text) {
  /** @type {string[][]} */
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(CELL)) {
    const cell = quoted?.replaceAll('""', '"') ?? plain;
    rows.at(-1)?.push(cell.trim().replace(KEPT_TEXT, ""));
    if (end === "") break;
    if (end !== "\t") rows.push([]);
  }
  while (rows.length && !rows.at(-1)?.some(Boolean)) rows.pop();
  return rows;
}

/** @param {string[][]} rows */
export function textOf(rows) {
  return rows.map((cells) => cells.map(written).join("\t")).join("\n");
}

/** @param {string} cell */
function written(cell) {
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
