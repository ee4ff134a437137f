// The grid and its tools: finding people, marking many, undoing, and the state of saving.

import { Announcement } from "./announcement.js";
import { Collisions, Leftovers } from "./collisions.js";
import { entered } from "./elements.js";
import { turnOf } from "./grid-keys.js";
import { Grid } from "./grid.js";
import { SaveState } from "./save-state.js";
import { FILTER, selection } from "../state/selection.js";
import { Strokes } from "./strokes.js";
import { Counts } from "./counts.js";
import { html, useCallback, useMemo, useRef, useState } from "../vendor/htm-preact.js";
import { number, plural } from "../words.js";

/** @import { Session } from "../state/session.js" */

/** @param {{ session: Session }} properties */
export function AttendancePanel({ session }) {
  const { draft, isEditable } = session;
  const [wanted, setWanted] = useState("");
  const [filter, setFilter] = useState("all");
  // Filtered when the filter changes, not with each mark: no row disappears under the cursor.
  const ids = useMemo(() => selection(draft, wanted, filter), [draft, wanted, filter, draft.roster]);
  const [said, say] = useState("");
  const isPart = ids.length < draft.size;
  /** @type {import("preact").RefObject<Grid>} */
  const grid = useRef(null);
  const turn = useCallback(
    (/** @type {"undo" | "redo"} */ way) => {
      const changed = session[way]().find(({ field }) => field !== "isMarked");
      if (changed) grid.current?.goTo(changed.id, changed.field);
    },
    [session],
  );
  const onKeyDown = (/** @type {KeyboardEvent & { target: Element }} */ event) => {
    const way = isEditable && !event.target.closest("search label") && turnOf(event);
    if (!way) return;
    event.preventDefault();
    turn(way);
  };
  return html`<section class="panel not-on-paper" aria-labelledby="attendance" onKeyDown=${onKeyDown}>
    <div class="row spread"><h2 id="attendance">Attendance</h2><${Counts} draft=${draft} /></div>
    ${isEditable ? html`<${SaveState} session=${session} />` : html`<p class="quiet">${whyNot(session)}</p>`}
    <${Collisions} session=${session} /><${Leftovers} session=${session} />
    <search class="tools">
      <label>Find people<input type="search" value=${wanted} placeholder="Name, job or remark"
        onInput=${entered(setWanted)} /></label>
      <label>Show<select value=${filter} onChange=${entered(setFilter)}>
        ${Object.entries(FILTER).map(([key, { text }]) => html`<option value=${key}>${text}</option>`)}
      </select></label>
      ${isEditable && html`<${Strokes} session=${session} ids=${ids} turn=${turn} say=${say} />`}
    </search>
    <p class="quiet small">${isPart && shownOf(ids.length, draft.size)} ${said}</p>
    <${Announcement} text=${isPart ? `${plural(ids.length, "person", "people")} found.` : ""} /><${Announcement} text=${said} />
    <${Grid} ref=${grid} session=${session} ids=${ids} isEditable=${isEditable} />
    ${isEditable && html`<p class="quiet small">By keyboard: arrow keys move, the space bar marks, Ctrl+Z undoes, Ctrl+Y does it again.</p>`}
  </section>`;
}

/**
 * @param {number} some
 * @param {number} all
 */
function shownOf(some, all) {
  return `${number(some)} of ${plural(all, "person", "people")} shown.`;
}

/** @param {Session} session */
function whyNot({ isOpen, view }) {
  if (view.status === "CANCELLED") return "The session is cancelled, so there is nothing to mark.";
  if (isOpen) return "You can look at the marks. Admins and trainers change them.";
  return "The marks are final and can no longer be changed.";
}
