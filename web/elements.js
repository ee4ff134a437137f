// Small things that every page is made of.

import { html, useEffect, useLayoutEffect, useRef } from "./vendor/htm-preact.js";

/** A state, in a word and a colour. */
export function Word({ text, tone }) {
  return html`<span class="word ${tone}">${text}</span>`;
}

/** Something to be noticed; `live` if it may appear while somebody reads elsewhere. */
export function Note({ tone = "", live = false, children }) {
  return html`<div class="note ${tone}" role=${live ? "status" : undefined}>${children}</div>`;
}

export function Loading({ what }) {
  return html`<p class="quiet" role="status">Loading ${what} …</p>`;
}

/** What went wrong and a way to try again. */
export function Failure({ failure, retry }) {
  return html`<div class="note bad" role="alert">
    <p>${failure.message}</p>
    ${failure.requestId && html`<p class="small quiet">For support: ${failure.requestId}</p>`}
    ${retry && html`<p><button onClick=${retry}>Try again</button></p>`}
  </div>`;
}

/** The title of a page: names the tab, and is where reading begins after a change of page. */
export function Title({ text, children }) {
  const heading = useRef();
  useLayoutEffect(() => {
    document.title = `${text} · Training records`;
  }, [text]);
  // At once, and once: later it would take the keyboard from whoever has begun to use it.
  useLayoutEffect(() => heading.current.focus({ preventScroll: true }), []);
  return html`<h1 ref=${heading} tabindex="-1">${text}${children}</h1>`;
}

/** A question that has to be answered before anything else goes on. */
export function Dialog({ label, onCancel, children }) {
  const dialog = useRef();
  useEffect(() => {
    const element = dialog.current;
    element.showModal();
    return () => element.close();
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    onCancel?.();
  };
  return html`<dialog ref=${dialog} aria-label=${label} onCancel=${cancel}>${children}</dialog>`;
}

export function Field({ label, ...attributes }) {
  return html`<label>${label}<input ...${attributes} /></label>`;
}
