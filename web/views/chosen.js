// What can be done with the people chosen in the grid.

import { Announcement } from "./announcement.js";
import { alike } from "../state/ranges.js";
import { html } from "../vendor/htm-preact.js";
import { plural } from "../words.js";

/** @param {{ session: import("../state/session.js").Session, chosen: string[], fill: () => void }} properties */
export function Chosen({ session, chosen, fill }) {
  const words = chosen.length > 1 ? `${plural(chosen.length, "person", "people")} chosen.` : "";
  const mark = (/** @type {Partial<import("../state/marks.js").Marks>} */ patch) => () =>
    session.editEach(alike(session.draft, chosen, patch));
  return html`<${Announcement} text=${words} />
    ${
      words &&
      html`<p class="row" role="group" aria-label="The people chosen"><strong>${words}</strong>
      <button onClick=${mark({ isPresent: true })}>Mark present</button>
      <button onClick=${mark({ isPresent: false })}>Mark absent</button>
      <button onClick=${mark({ hasPassed: true })}>Mark passed</button>
      <button onClick=${mark({ hasPassed: false })}>Mark failed</button>
      <button onClick=${fill}>Fill down</button></p>`
    }`;
}
