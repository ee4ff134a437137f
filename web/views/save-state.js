// The state of saving: what is saved, since when, and what is not.

import { Announcement } from "./announcement.js";
import { Note } from "./elements.js";
import { useStore } from "./use-store.js";
import { html } from "../vendor/htm-preact.js";
import { clock, plural } from "../words.js";

/** @param {{ session: import("../state/session.js").Session }} properties */
export function SaveState({ session }) {
  const { autosave, draft, zone } = session;
  useStore(autosave);
  const rows = plural(draft.unsaved, "row");
  if (autosave.state === "refused") {
    return html`<${Note} tone="bad" live><p><strong>${rows} could not be saved.</strong> ${autosave.problem?.message}</p>
      <p><button onClick=${() => autosave.flush()}>Try again</button></p><//>`;
  }
  if (autosave.state === "retrying") {
    return html`<${Note} tone="warn" live><p><strong>${rows} not saved yet.</strong> ${autosave.problem?.message} Trying again …</p><//>`;
  }
  const { savedAt } = autosave;
  return html`<p class="quiet">${words(autosave, draft, rows, zone)}</p>
    <${Announcement} text=${savedAt && !draft.unsaved ? `Saved at ${clock(savedAt, zone)}.` : ""} />`;
}

/**
 * @param {import("../state/autosave.js").Autosave} autosave
 * @param {import("../state/draft.js").Draft} draft
 * @param {string} rows
 * @param {string} zone
 */
function words({ state, savedAt }, draft, rows, zone) {
  if (state === "saving" && draft.unsaved) return `Saving ${rows} …`;
  if (draft.unsaved) return `${rows} not saved yet.`;
  if (savedAt) return `Draft saved at ${clock(savedAt, zone)}.`;
  return "Everything you mark is saved as a draft by itself. Nothing becomes a record before Finalize.";
}
