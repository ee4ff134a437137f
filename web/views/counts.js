// How many people are present, absent, failed, and not marked yet.

import { html } from "../vendor/htm-preact.js";
import { number } from "../words.js";

/** @param {{ draft: import("../state/draft.js").Draft }} properties */
export function Counts({ draft }) {
  const all = draft.people.map(({ personnelId }) => draft.marks(personnelId));
  const present = all.filter(({ isPresent }) => isPresent);
  const failed = present.filter(({ hasPassed }) => !hasPassed);
  const unmarked = all.filter(({ isMarked }) => !isMarked);
  const absent = all.filter(({ isPresent, isMarked }) => isMarked && !isPresent);
  const bold = (/** @type {unknown[]} */ some) => html`<strong>${number(some.length)}</strong>`;
  return html`<p>${bold(present)} present · ${bold(absent)} absent · ${bold(failed)} failed
    ${unmarked.length > 0 && html` · ${bold(unmarked)} not marked yet`}</p>`;
}
