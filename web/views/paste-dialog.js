// Asks before pasted lines mark anybody: who is meant, and what becomes of their marks.

import { Dialog, entered } from "./elements.js";
import { planned } from "../state/pasting.js";
import { html, useMemo, useState } from "../vendor/htm-preact.js";
import { isolated, number, plural } from "../words.js";

// As many lines as one reads; the numbers below are of all.
const SHOWN = 200;

/**
 * @import { Draft } from "../state/draft.js"
 * @import { Marks } from "../state/marks.js"
 * @import { Line } from "../state/pasting.js"
 *
 * @typedef {object} Properties
 * @property {import("../state/session.js").Session} session
 * @property {string[]} ids the people shown
 * @property {import("./spreadsheet.js").Pasted} pasted
 * @property {() => void} close
 * @property {(words: string) => void} say
 */

/** @param {Properties} properties */
export function PasteDialog({ session, ids, pasted, close, say }) {
  const { draft } = session;
  const [text, setText] = useState(pasted.text);
  const { lines, patches } = useMemo(
    () => planned(draft, ids, text, pasted.start),
    [draft, ids, text, pasted],
  );
  const left = lines.filter(({ problem }) => problem);
  const found = lines.filter(({ problem }) => !problem);
  const mark = () => {
    session.editEach(patches);
    say(`${plural(patches.length, "person", "people")} marked. ${leftOut(left)}`);
    close();
  };
  return html`<${Dialog} label="Paste from a spreadsheet" onCancel=${close}>
    <h2>Paste from a spreadsheet</h2>
    <label>Names, or names with yes or no and remarks
      <textarea class="pasted" rows="4" dir="auto" value=${text} onInput=${entered(setText)}></textarea></label>
    ${left.length > 0 && html`<div class="note warn"><p><strong>${leftOut(left)}</strong></p><${Lines} draft=${draft} lines=${left} /></div>`}
    ${found.length > 0 && html`<p><strong>${plural(found.length, "person", "people")} will be marked:</strong></p><${Lines} draft=${draft} lines=${found} />`}
    <p class="row"><button onClick=${close}>Cancel</button>
      <button class="main" disabled=${!patches.length} onClick=${mark}>Mark ${plural(patches.length, "person", "people")}</button></p>
  <//>`;
}

/** @param {Line[]} left */
function leftOut(left) {
  if (!left.length) return "";
  return `${plural(left.length, "line is", "lines are")} left out.`;
}

/** @param {{ draft: Draft, lines: Line[] }} properties */
function Lines({ draft, lines }) {
  return html`<ul class="plan">${lines.slice(0, SHOWN).map((line) => html`<li key=${line.number}><${Meaning} draft=${draft} ...${line} /></li>`)}</ul>
    ${lines.length > SHOWN && html`<p>And ${number(lines.length - SHOWN)} more.</p>`}`;
}

/** @param {Line & { draft: Draft }} properties */
function Meaning({ draft, number: at, text, id = "", name, patch = {}, problem }) {
  if (problem) return html`Line ${at}, <bdi>${text}</bdi>: ${problem}`;
  const isOther = name !== text.split(" · ")[0];
  return html`<bdi>${name}</bdi>: ${patchInWords(patch, draft.marks(id).remarks)}${isOther && html` <span class="quiet small">(line ${at}, <bdi>${text}</bdi>)</span>`}`;
}

/**
 * @param {Partial<Marks>} patch
 * @param {string} known the remark there is
 */
function patchInWords({ isPresent, hasPassed, remarks }, known) {
  const words = [
    isPresent !== undefined && (isPresent ? "present" : "absent"),
    hasPassed !== undefined && (hasPassed ? "passed" : "failed"),
    remarks && `“${isolated(remarks)}”`,
    remarks && known && known !== remarks && `instead of “${isolated(known)}”`,
  ].filter(Boolean);
  return words.join(", ") || "nothing changes";
}
