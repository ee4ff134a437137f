// What a screen reader says: a text that has stayed for a moment, so that there is one message per pause.

import { html, useEffect, useState } from "../vendor/htm-preact.js";

const CALM_MS = 1_000;

/** @param {{ text: string }} properties */
export function Announcement({ text }) {
  const [said, say] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => say(text), CALM_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return html`<p class="unseen" role="status">${said}</p>`;
}
