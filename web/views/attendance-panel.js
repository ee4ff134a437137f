// The grid and its tools: finding people, marking many, undoing, and the state of saving.

import { Announcement } from "./announcement.js";
import { Collisions, Leftovers } from "./collisions.js";
import { Counts } from "./counts.js";
import { entered } from "./elements.js";
import { turnOf } from "./grid-keys.js";
import { Marking } from "./marking.js";
import { SaveState } from "./save-state.js";
import { FILTER, selection } from "../state/selection.js";
import { Strokes } from "./strokes.js";
import { html, useCallback, useMemo, useRef, useState } from "../vendor/htm-preact.js";
import { number, plural } from "../words.js";

/**
 * @import { Grid } from "./grid.js"
 * @import { Session } from "../state/session.js"
 */

/** @param {{ session: Session }} properties */
export function AttendancePanel({ session }) {
  const { draft, isEditable } = session;
  const [wanted, setWanted] = useState("");
  const [filter, setFilter] = useState("all");
  const [said, say] = useState("");
  // Filtered when the filter changes, not with each mark: no row disappears under the cursor.
  const ids = useMemo(() => selection(draft, wanted, filter), [draft, wanted, filter, draft.roster]);
  /** @type {import("preact").RefObject<Grid>} */
  const grid = useRef(null);
  const { turn, onKeyDown } = useTurns(session, grid);
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
      ${isEditable && html`<${Strokes} ...${{ session, ids, turn, say }} />`}
    </search>
    <${Said} some=${ids.length} all=${draft.size} said=${said} />
    <${Marking} ...${{ session, ids, grid, say }} />
  </section>`;
}

/**
 * Undo and redo, which lead to the field that they changed.
 *
 * @param {Session} session
 * @param {import("preact").RefObject<Grid>} grid
 */
function useTurns(session, grid) {
  const turn = useCallback(
    (/** @type {"undo" | "redo"} */ way) => {
      const changed = session[way]().find(({ field }) => field !== "isMarked");
      if (changed) grid.current?.goTo(changed.id, changed.field);
    },
    [session],
  );
  const onKeyDown = (/** @type {KeyboardEvent & { target: Element }} */ event) => {
    const way = session.isEditable && !event.target.closest("search label, dialog") && turnOf(event);
    if (!way) return;
    event.preventDefault();
    turn(way);
  };
  return { turn, onKeyDown };
}

/**
 * How many people are shown, and what was done last.
 *
 * @param {{ some: number, all: number, said: string }} properties
 */
function Said({ some, all, said }) {
  const isPart = some < all;
  return html`<p class="quiet small">${isPart && `${number(some)} of ${plural(all, "person", "people")} shown.`} ${said}</p>
    <${Announcement} text=${isPart ? `${plural(some, "person", "people")} found.` : ""} /><${Announcement} text=${said} />`;
}

/** @param {Session} session */
function whyNot({ isOpen, view }) {
  if (view.status === "CANCELLED") return "The session is cancelled, so there is nothing to mark.";
  if (isOpen) return "You can look at the marks. Admins and trainers change them.";
  return "The marks are final and can no longer be changed.";
}
