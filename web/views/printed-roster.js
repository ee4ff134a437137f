// The list of people on paper, as long as there are no records: the grid on the page has only the rows in sight.

import { usePrinting } from "./use-printing.js";
import { html } from "../vendor/htm-preact.js";

const HEADS = ["Name", "Present", "Passed", "Remarks"];

/**
 * @import { Person } from "../state/draft.js"
 * @import { Session } from "../state/session.js"
 */

/** @param {{ session: Session }} properties */
export function PrintedRoster({ session }) {
  const { isPrinting } = usePrinting();
  if (!isPrinting) return null;
  const { draft } = session;
  return html`<section class="panel only-on-paper" aria-labelledby="roster"><h2 id="roster">People on the list</h2>
    <p>A draft: nothing here is a record before the session is finalized.</p>
    <table><thead><tr>${HEADS.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${draft.people.map((person) => html`<${Row} key=${person.personnelId} person=${person} marks=${draft.marks(person.personnelId)} />`)}</tbody>
    </table></section>`;
}

/** @param {{ person: Person, marks: import("../state/marks.js").Marks }} properties */
function Row({ person: { name, jobTitle }, marks: { isPresent, hasPassed, isMarked, remarks } }) {
  const presence = isPresent ? "Present" : isMarked ? "Absent" : "Not marked";
  const result = hasPassed ? "Passed" : "Failed";
  return html`<tr><th scope="row"><bdi>${name}</bdi>${jobTitle && html`<br /><span class="quiet small"><bdi>${jobTitle}</bdi></span>`}</th>
    <td>${presence}</td><td>${isPresent ? result : "–"}</td><td><bdi>${remarks}</bdi></td></tr>`;
}
