// The columns of the attendance grid, from left to right. A new column is an entry here.

import { personHref } from "../state/route.js";
import { html } from "../vendor/htm-preact.js";

const LONGEST_REMARK = 5_000;

/**
 * @import { Person } from "../state/draft.js"
 * @import { Marks } from "../state/marks.js"
 *
 * @typedef {Event & { target: HTMLInputElement }} Entered
 *
 * @typedef {object} Cell
 * @property {Person} person
 * @property {Marks} marks
 * @property {boolean} isUnsaved
 * @property {(patch: Partial<Marks>, topic?: string) => void} edit
 *
 * @typedef {object} Column
 * @property {string} head
 * @property {string} width
 * @property {"isPresent" | "hasPassed" | "remarks"} [enters]
 * @property {string} [look]
 * @property {string} [role]
 * @property {boolean} [isWhole]
 * @property {(cell: Cell, place: object) => object} field
 * @property {(marks: Marks) => object | string} [words]
 */

/**
 * `field` draws a cell around the one element in it that takes the cursor, `words` says what is in a cell that cannot
 * be changed. Where the window is narrow, a column has half a line, or the whole of it.
 *
 * @type {Column[]}
 */
export const COLUMNS = [
  {
    head: "Name",
    look: "name",
    role: "rowheader",
    width: "minmax(10rem, 1.2fr)",
    isWhole: true,
    field: nameField,
  },
  { head: "Present", enters: "isPresent", width: "8rem", field: presentField, words: presence },
  { head: "Passed", enters: "hasPassed", width: "6rem", field: passedField, words: outcome },
  {
    head: "Remarks",
    enters: "remarks",
    look: "remarks",
    width: "minmax(12rem, 2fr)",
    isWhole: true,
    field: remarksField,
    words: ({ remarks = "" }) => html`<p title=${remarks} dir="auto">${remarks || "–"}</p>`,
  },
];

/**
 * The column in which a field is entered.
 *
 * @param {import("../state/marks.js").Field} field
 */
export function columnOf(field) {
  return COLUMNS.findIndex(({ enters }) => enters === field);
}

/**
 * The fields of the columns from one to another; a name is none.
 *
 * @param {number} left
 * @param {number} [right]
 */
export function fieldsOf(left, right = COLUMNS.length - 1) {
  return COLUMNS.slice(left, right + 1).map(({ enters }) => enters);
}

/** The columns' widths, and how many lines they fill, for the style sheet. */
export const COLUMN_STYLE = {
  "--widths": COLUMNS.map(({ width }) => width).join(" "),
  "--lines": linesOf(COLUMNS),
  "--fields": COLUMNS.length,
};

/** @type {Column["field"]} */
function nameField({ person: { name, jobTitle, personnelId }, isUnsaved }, place) {
  return html`<a href=${personHref(personnelId)} title=${name} dir="auto" ...${place}>${name}</a>
    <span class="quiet small" dir="auto">${jobTitle ?? ""}</span>
    ${isUnsaved && html`<span class="unseen">(not saved yet)</span>`}`;
}

/** @type {Column["field"]} */
function presentField({ person: { name, personnelId }, marks, edit }, place) {
  const state = `presence-${personnelId}`;
  return html`<label class="tick">
    <input type="checkbox" checked=${marks.isPresent} aria-label="Present: ${name}" aria-describedby=${state}
      onClick=${(/** @type {Entered} */ event) => edit({ isPresent: event.target.checked })} ...${place} />
    <span class="state" id=${state} aria-hidden="true">${presence(marks)}</span></label>`;
}

/** @param {Marks} marks */
function presence({ isPresent, isMarked }) {
  if (!isMarked) return "Not marked";
  return isPresent ? "Present" : "Absent";
}

/** @type {Column["field"]} */
function passedField({ person: { name }, marks, edit }, place) {
  const mayPass = marks.isPresent;
  const pass = (/** @type {Entered} */ event) => {
    if (mayPass) edit({ hasPassed: event.target.checked });
    else event.preventDefault();
  };
  return html`<label class="tick ${mayPass ? "" : "off"}">
    <input type="checkbox" checked=${mayPass && marks.hasPassed} aria-label="Passed: ${name}"
      aria-disabled=${!mayPass} onClick=${pass} ...${place} />
    <span class="state" aria-hidden="true">${outcomeOf(marks)}</span></label>`;
}

/** @param {Marks} marks */
function outcome(marks) {
  const hasFailed = marks.isPresent && !marks.hasPassed;
  return html`<span class=${hasFailed ? "bad" : ""}>${outcomeOf(marks)}</span>`;
}

/** @param {Marks} marks */
function outcomeOf({ isPresent, hasPassed }) {
  if (!isPresent) return "–";
  return hasPassed ? "Passed" : "Failed";
}

/** @type {Column["field"]} */
function remarksField({ person: { name, personnelId }, marks, edit }, place) {
  // To delete is another step than to type.
  const remark = (/** @type {Entered & InputEvent} */ event) =>
    edit({ remarks: event.target.value }, `${event.inputType} in the remarks of ${personnelId}`);
  return html`<input type="text" dir="auto" value=${marks.remarks} maxlength=${LONGEST_REMARK} placeholder="Add a remark"
    aria-label="Remarks: ${name}" onInput=${remark} ...${place} />`;
}

/**
 * How many lines the columns of one person fill where the window is narrow.
 *
 * @param {Column[]} columns
 */
function linesOf(columns) {
  let [lines, hasRoom] = [0, false];
  for (const { isWhole } of columns) {
    if (isWhole || !hasRoom) lines += 1;
    hasRoom = !isWhole && !hasRoom;
  }
  return lines;
}
