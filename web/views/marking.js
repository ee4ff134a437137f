// The grid with what a spreadsheet has: chosen ranges, fill down, copy and paste.

import { Chosen } from "./chosen.js";
import { Grid } from "./grid.js";
import { PasteDialog } from "./paste-dialog.js";
import { copyList, copyRange, fillDown, pastedCells } from "./spreadsheet.js";
import { html, useState } from "../vendor/htm-preact.js";

/**
 * @typedef {object} Properties
 * @property {import("../state/session.js").Session} session
 * @property {string[]} ids the people shown
 * @property {import("preact").RefObject<Grid>} grid
 * @property {(words: string) => void} say
 */

/** @param {Properties} properties */
export function Marking({ session, ids, grid, say }) {
  const [chosen, choose] = useState(/** @type {string[]} */ ([]));
  const [pasted, paste] = useState(/** @type {import("./spreadsheet.js").Pasted | null} */ (null));
  const { isEditable } = session;
  const sheet = { session, ids, grid };
  const fill = () => fillDown(sheet);
  const onCopy = (/** @type {ClipboardEvent} */ event) => copyRange(sheet, event);
  const onPaste = (/** @type {ClipboardEvent} */ event) => {
    const cells = pastedCells(sheet, event);
    if (cells) paste(cells);
  };
  return html`<div onCopy=${onCopy} onPaste=${onPaste}>
      <${Grid} ref=${grid} ...${{ session, ids, isEditable, choose, fill }} /></div>
    ${isEditable && html`<${Chosen} ...${{ session, chosen, fill }} />`}
    <p class="row">${isEditable && html`<button onClick=${() => paste({ text: "", start: null })}>Paste from a spreadsheet</button>`}
      <button onClick=${() => copyList(sheet).then(say)}>Copy for a spreadsheet</button></p>
    ${isEditable && html`<${Hints} />`}
    ${pasted && html`<${PasteDialog} ...${{ session, ids, pasted, say }} close=${() => paste(null)} />`}`;
}

function Hints() {
  return html`<p class="quiet small keys">By keyboard: arrow keys move, the space bar marks, Ctrl+Z undoes, Ctrl+Y does it again.
    With Shift, arrow keys and clicks choose many people; the space bar then marks all of them, and Ctrl+D fills down.</p>`;
}
