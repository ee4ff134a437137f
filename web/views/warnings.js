// What nobody should overlook, and an admin may decide: to be read, or to be ticked before Finalize.

import { html } from "../vendor/htm-preact.js";

/**
 * Warnings that are shown where the sheet is.
 *
 * @type {string[]}
 */
export const OF_THE_SHEET = ["sheet-ends-early", "sheet-used-elsewhere"];

/**
 * @import { Finalizing } from "../state/finalizing.js"
 * @import { Session } from "../state/session.js"
 * @import { WarningResponse } from "../network/answers.js"
 */

/**
 * Warnings in the server's words, with the names of the people they are about.
 *
 * @param {{ session: Session, warnings: WarningResponse[], ticks?: Finalizing, children?: string }} properties
 */
export function Warnings({ session, warnings, ticks, children }) {
  if (!warnings.length) return null;
  return html`<div class="note warn warnings"><p><strong>${children}</strong></p>
    <ul class=${ticks && "ticked"}>${warnings.map((warning) => {
      const words = html`<${Words} session=${session} warning=${warning} />`;
      return html`<li key=${warning.slug}>${ticks ? html`<${Tick} slug=${warning.slug} ticks=${ticks}>${words}<//>` : words}</li>`;
    })}</ul></div>`;
}

/** @param {{ slug: string, ticks: Finalizing, children?: unknown }} properties */
function Tick({ slug, ticks, children }) {
  return html`<label><input type="checkbox" checked=${ticks.ticked.has(slug)} disabled=${ticks.state === "writing"}
    onChange=${() => ticks.tick(slug)} /><span>${children}</span></label>`;
}

/** @param {{ session: Session, warning: WarningResponse }} properties */
function Words({ session, warning: { detail, people = [] } }) {
  const named = people.map((id, at) => html`${at > 0 && ", "}<bdi>${nameOf(session, id)}</bdi>`);
  return html`${detail}${people.length > 0 && html`<br /><span class="small">${named}</span>`}`;
}

/**
 * @param {Session} session
 * @param {string} id
 */
function nameOf({ view }, id) {
  return view.attendees.find(({ personnelId }) => personnelId === id)?.name ?? id;
}
