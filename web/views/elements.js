// Small elements that all pages use.

import { html, useEffect, useLayoutEffect, useRef } from "../vendor/htm-preact.js";
import { isolated } from "../words.js";

/**
 * A state, in a word and a colour.
 *
 * @param {{ text: string, tone: string }} properties
 */
export function Word({ text, tone }) {
  return html`<span class="word ${tone}">${text}</span>`;
}

/**
 * A notice; `live` if it may appear while the person reads elsewhere, so that screen readers announce it.
 *
 * @param {{ tone?: string, live?: boolean, children?: unknown }} properties
 */
export function Note({ tone = "", live = false, children }) {
  return html`<div class="note ${tone}" role=${live ? "status" : undefined}>${children}</div>`;
}

/** @param {{ what: string }} properties */
export function Loading({ what }) {
  return html`<p class="quiet" role="status">Loading ${what} …</p>`;
}

/**
 * What went wrong and a way to try again.
 *
 * @param {{ failure: Error & { requestId?: string, faults?: string[] }, retry?: () => void }} properties
 */
export function Failure({ failure, retry }) {
  return html`<div class="note bad" role="alert">
    <p>${failure.message}</p>
    ${!!failure.faults?.length && html`<ul>${failure.faults.map((fault) => html`<li>${fault}</li>`)}</ul>`}
    ${failure.requestId && html`<p class="small quiet">For support: ${failure.requestId}</p>`}
    ${retry && html`<p><button onClick=${retry}>Try again</button></p>`}
  </div>`;
}

/**
 * The title of a page: names the tab, and gets the focus after a change of page.
 *
 * @param {{ text: string, children?: unknown }} properties
 */
export function Title({ text, children }) {
  /** @type {import("preact").RefObject<HTMLHeadingElement>} */
  const heading = useRef(null);
  useLayoutEffect(() => {
    document.title = `${isolated(text)} · Training records`;
  }, [text]);
  // At once and only once: later it would take the focus from a person who already uses the page.
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return html`<h1 ref=${heading} tabindex="-1"><bdi>${text}</bdi>${children}</h1>`;
}

/**
 * A modal dialog with a question. It goes when its question does, and never by Escape alone: browsers close a dialog at
 * the second Escape whatever the page says, and then it is shown again.
 *
 * @param {{ label: string, onCancel?: () => void, children?: unknown }} properties
 */
export function Dialog({ label, onCancel, children }) {
  /** @type {import("preact").RefObject<HTMLDialogElement>} */
  const dialog = useRef(null);
  useEffect(() => show(/** @type {HTMLDialogElement} */ (dialog.current)), []);
  const cancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    onCancel?.();
  };
  return html`<dialog ref=${dialog} aria-label=${label} onCancel=${cancel}>${children}</dialog>`;
}

/**
 * Show a dialog until the returned function is called.
 *
 * @param {HTMLDialogElement} element
 */
function show(element) {
  const showAgain = () => element.showModal();
  element.addEventListener("close", showAgain);
  element.showModal();
  return () => {
    element.removeEventListener("close", showAgain);
    element.close();
    // The browser gives the focus back to where it was, unless that is gone by now: then the page is read from its title.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) document.querySelector("h1")?.focus();
    });
  };
}

/** @param {{ label: string }} properties The rest are attributes of the field. */
export function Field({ label, ...attributes }) {
  return html`<label>${label}<input ...${attributes} /></label>`;
}

/**
 * Call a function with a field's value whenever it changes.
 *
 * @param {(value: string) => void} take
 */
export function entered(take) {
  return (/** @type {Event & { target: HTMLInputElement | HTMLSelectElement }} */ event) =>
    take(event.target.value);
}
