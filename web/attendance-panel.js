// The grid with all that belongs to it: finding people, marking many, undoing, and how saving goes.

import { Collisions, Leftovers } from "./collisions.js";
import { Grid } from "./grid.js";
import { FILTER, selection } from "./selection.js";
import { SaveState } from "./save-state.js";
import { html, useCallback, useMemo, useRef, useState } from "./vendor/htm-preact.js";
import { number, plural } from "./words.js";

export function AttendancePanel({ session }) {
  const { draft, isEditable } = session;
  const [wanted, setWanted] = useState("");
  const [filter, setFilter] = useState("all");
  // Chosen when somebody filters, not with each mark: nobody vanishes from under the cursor.
  const ids = useMemo(() => selection(draft, wanted, filter), [draft, wanted, filter, draft.roster]);
  const grid = useRef();
  const undo = useCallback(() => grid.current?.goTo(session.undo()[0]), [session]);
  return html`<section class="panel not-on-paper" aria-labelledby="attendance">
    <div class="row spread"><h2 id="attendance">Attendance</h2><${Counts} draft=${draft} /></div>
    ${isEditable ? html`<${SaveState} session=${session} />` : html`<p class="quiet">${whyNot(session)}</p>`}
    <${Collisions} session=${session} /><${Leftovers} session=${session} />
    <search class="tools">
      <label>Find people<input type="search" value=${wanted} placeholder="Name, job or remark"
        onInput=${(event) => setWanted(event.target.value)} /></label>
      <label>Show<select value=${filter} onChange=${(event) => setFilter(event.target.value)}>
        ${Object.entries(FILTER).map(([key, { text }]) => html`<option value=${key}>${text}</option>`)}
      </select></label>
      ${isEditable && html`<${Strokes} session=${session} ids=${ids} undo=${undo} />`}
    </search>
    <p class="quiet small" role="status">${ids.length < draft.size && shownOf(ids.length, draft.size)}</p>
    <${Grid} ref=${grid} session=${session} ids=${ids} isEditable=${isEditable} undo=${undo} />
    ${isEditable && html`<p class="quiet small">By keyboard: arrow keys move, the space bar marks, Ctrl+Z undoes.</p>`}
  </section>`;
}

function shownOf(some, all) {
  return `${number(some)} of ${plural(all, "person", "people")} shown.`;
}

function whyNot({ isOpen, view }) {
  if (view.status === "CANCELLED") return "The session is cancelled, so there is nothing to mark.";
  if (isOpen) return "You can look at the marks. Admins and trainers change them.";
  return "The marks are final and can no longer be changed.";
}

function Strokes({ session, ids, undo }) {
  const { draft } = session;
  const absent = ids.filter((id) => !draft.marks(id).isPresent);
  const words = ids.length < draft.size ? `Mark ${number(ids.length)} shown present` : "Mark all present";
  return html`
    <button disabled=${!absent.length} onClick=${() => session.edit(absent, { isPresent: true })}>${words}</button>
    <button disabled=${!draft.canUndo} onClick=${undo}>Undo</button>`;
}

function Counts({ draft }) {
  let [present, failed] = [0, 0];
  for (const { personnelId } of draft.people) {
    const marks = draft.marks(personnelId);
    present += marks.isPresent;
    failed += marks.isPresent && !marks.hasPassed;
  }
  const bold = (count) => html`<strong>${number(count)}</strong>`;
  return html`<p>${bold(present)} present · ${bold(draft.size - present)} absent · ${bold(failed)} failed</p>`;
}
