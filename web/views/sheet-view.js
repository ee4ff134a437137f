// Viewing the accepted sheet: requests a short-lived link to exactly that version.

import { Failure } from "./elements.js";
import { html, useState } from "../vendor/htm-preact.js";
import { moment } from "../words.js";

// Content types that browsers can show.
const PICTURES = ["image/jpeg", "image/png", "image/webp"];

/** @typedef {{ link?: import("../network/answers.js").SheetLink, failure?: Error, isBusy?: boolean }} State */

/** @param {{ api: import("../network/api.js").Api, id: string, zone: string }} properties */
export function SheetView({ api, id, zone }) {
  const [state, setState] = useState(/** @type {State} */ ({}));
  const ask = async () => {
    setState({ isBusy: true });
    try {
      setState({ link: (await api.sheet(id)).data });
    } catch (failure) {
      setState({ failure });
    }
  };
  if (state.failure) return html`<${Failure} failure=${state.failure} retry=${ask} />`;
  if (!state.link) {
    return html`<p class="not-on-paper"><button onClick=${ask} disabled=${state.isBusy}>View the sheet</button></p>`;
  }
  const { url, fileName, contentType, expiresAt } = state.link;
  return html`<figure class="not-on-paper">
    ${PICTURES.includes(contentType) && html`<img src=${url} alt="The signed sheet, ${fileName}" onError=${() => setState({})} />`}
    <figcaption class="row">
      <a class="button" href=${url} target="_blank" rel="noopener">Open <bdi>${fileName}</bdi></a>
      <span class="quiet small">This link works until ${moment(expiresAt, zone)}.</span>
      <button class="plain" onClick=${() => setState({})}>Close</button>
    </figcaption>
  </figure>`;
}
