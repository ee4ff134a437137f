// Nobody leaves a session with marks that are not saved, unless they say so.

import { Dialog } from "./elements.js";
import { route } from "./route.js";
import { html, useEffect, useRef, useState } from "./vendor/htm-preact.js";
import { plural } from "./words.js";

// A save that takes longer than this is not waited for in silence.
const PATIENCE_MS = 2_500;

export function useLeaving(session) {
  const [unsaved, ask] = useState(0);
  const answer = useRef(() => {});
  useEffect(() => {
    const onClosing = (event) => session.draft?.unsaved && event.preventDefault();
    const mayGo = async () => {
      if (!session.draft?.unsaved || (await savedInTime(session))) return true;
      ask(session.draft.unsaved);
      return new Promise((resolve) => {
        answer.current = resolve;
      });
    };
    addEventListener("beforeunload", onClosing);
    const unwatch = route.watch(mayGo);
    return () => {
      removeEventListener("beforeunload", onClosing);
      unwatch();
    };
  }, [session]);
  const decide = (goes) => {
    ask(0);
    answer.current(goes);
  };
  return { isAsking: unsaved > 0, unsaved, stay: () => decide(false), leave: () => decide(true) };
}

function savedInTime(session) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, false));
  return Promise.race([session.autosave.flush(), late]);
}

export function LeaveDialog({ unsaved, stay, leave }) {
  return html`<${Dialog} label="Unsaved changes" onCancel=${stay}>
    <h2>${plural(unsaved, "row is", "rows are")} not saved yet</h2>
    <p>If you leave now, your changes wait in this tab until you open the session again. If you close the tab, they are lost.</p>
    <p class="row"><button onClick=${leave}>Leave</button><button class="main" onClick=${stay}>Stay here</button></p>
  <//>`;
}
