// Asks before a session with unsaved marks is left.

import { Dialog } from "./elements.js";
import { route } from "../state/route.js";
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { plural } from "../words.js";

// After this time, the person is asked instead of waiting for the save.
const PATIENCE_MS = 2_500;

/** @import { Session } from "../state/session.js" */

/** @param {Session} session */
export function useLeaving(session) {
  const [unsaved, ask] = useState(0);
  const answer = useRef(/** @type {(goes: boolean) => void} */ (() => {}));
  useEffect(() => {
    const onClosing = (/** @type {Event} */ event) => session.draft?.unsaved && event.preventDefault();
    const isNeeded = () => Boolean(session.draft?.unsaved);
    const mayGo = async () => {
      if (await savedInTime(session)) return true;
      ask(session.draft.unsaved);
      return new Promise((resolve) => {
        answer.current = resolve;
      });
    };
    addEventListener("beforeunload", onClosing);
    const unwatch = route.watch({ isNeeded, mayGo });
    return () => {
      removeEventListener("beforeunload", onClosing);
      unwatch();
    };
  }, [session]);
  const decide = (/** @type {boolean} */ goes) => {
    ask(0);
    answer.current(goes);
  };
  return { isAsking: unsaved > 0, unsaved, stay: () => decide(false), leave: () => decide(true) };
}

/** @param {Session} session */
function savedInTime(session) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, false));
  return Promise.race([session.autosave.flush(), late]);
}

/** @param {{ unsaved: number, stay: () => void, leave: () => void }} properties */
export function LeaveDialog({ unsaved, stay, leave }) {
  return html`<${Dialog} label="Unsaved changes" onCancel=${stay}>
    <h2>${plural(unsaved, "row is", "rows are")} not saved yet</h2>
    <p>If you leave now, your changes wait in this tab until you open the session again. If you close the tab, they are lost.</p>
    <p class="row"><button onClick=${leave}>Leave</button><button class="main" onClick=${stay}>Stay here</button></p>
  <//>`;
}
