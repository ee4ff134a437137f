// The verification of a session, on request, and its audit pack for inspectors.

import { Failure, Loading, Note, Word } from "./elements.js";
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { CHECK, moment, plural } from "../words.js";

// A session is sealed by another function after Finalize; until then its verification is refused.
const LOOK_AGAIN_MS = 3_000;

/**
 * @import { Api } from "../network/api.js"
 * @import { CheckResponse, PackLink, VerificationResponse } from "../network/answers.js"
 * @import { Session } from "../state/session.js"
 *
 * @typedef {{ verification?: VerificationResponse, failure?: Error | null, isBusy?: boolean, isSealing?: boolean }} State
 */

/** @param {{ session: Session, api: Api, identity: import("../state/identity.js").Identity }} properties */
export function ProofPanel({ session, api, identity }) {
  const { verification, failure, isBusy, isSealing, verify } = useVerification(session, api);
  if (!identity.mayInspect) return null;
  return html`<section class="panel ${!verification && "not-on-paper"}" aria-labelledby="proof">
    <div class="row spread"><h2 id="proof">Proof</h2>
      <div class="row"><button onClick=${verify} disabled=${isBusy}>${verification ? "Verify again" : "Verify"}</button><${Pack} id=${session.id} api=${api} /></div></div>
    ${failure && html`<${Failure} failure=${failure} />`}
    ${verification ? html`<${Outcome} session=${session} verification=${verification} />` : !failure && html`<${NotYet} isBusy=${isBusy} isSealing=${isSealing} />`}
  </section>`;
}

/**
 * To verify is an act of a person that the history names, so the page never does it by itself.
 *
 * @param {{ isBusy?: boolean, isSealing?: boolean }} properties
 */
function NotYet({ isBusy, isSealing }) {
  if (isSealing) {
    return html`<${Note} tone="busy" live><p>The session was finalized a moment ago and is being sealed.</p><//>`;
  }
  if (isBusy) return html`<${Loading} what="the proof" />`;
  return html`<p class="quiet not-on-paper">Verify reads sheet, marks and records again and compares them with what was signed.
    The history of this session will say that you did.</p>`;
}

/** @param {{ session: Session, verification: VerificationResponse }} properties */
function Outcome({ session, verification: { intact, checks, verifiedAt } }) {
  const words = intact
    ? "Sheet, marks and records belong together, and nothing was changed since."
    : "Something is not as it was when the session was finalized. Keep everything as it is, and tell whoever looks after this system.";
  return html`<${Note} tone=${intact ? "good" : "bad"} live><p><strong>${words}</strong></p>
      <p class="small">Verified ${moment(verifiedAt, session.zone)}.</p><//>
    <ul class="lines">${checks.map((check) => html`<${Check} key=${check.subject} check=${check} />`)}</ul>`;
}

/** @param {{ check: CheckResponse }} properties */
function Check({ check: { subject, intact, faults, faultCount, notes } }) {
  return html`<li><div class="row spread"><span>${CHECK[subject] ?? subject}</span>
      <${Word} text=${intact ? "Intact" : "Not intact"} tone=${intact ? "good" : "bad"} /></div>
    ${!intact && html`<ul class="small">${faults.map((fault) => html`<li>${fault}</li>`)}</ul>`}
    ${faultCount > faults.length && html`<p class="small">And ${plural(faultCount - faults.length, "more")}.</p>`}
    ${notes?.map((note) => html`<p class="small">${note}</p>`)}</li>`;
}

/**
 * @param {Session} session
 * @param {Api} api
 */
function useVerification(session, api) {
  const [state, setState] = useState(/** @type {State} */ ({}));
  const timer = useRef(0);
  const verify = async () => {
    setState((known) => ({ ...known, isBusy: true, failure: null }));
    try {
      setState({ verification: (await api.verification(session.id)).data });
    } catch (failure) {
      if (!failure.isSealPending) return setState({ failure });
      setState({ isBusy: true, isSealing: true });
      timer.current = setTimeout(verify, LOOK_AGAIN_MS);
    }
  };
  useEffect(() => () => clearTimeout(timer.current), [session.id]);
  return { ...state, verify };
}

/** Has the pack built on request, and shows the link. */
/** @param {{ id: string, api: Api }} properties */
function Pack({ id, api }) {
  const [state, setState] = useState(
    /** @type {{ link?: PackLink, failure?: Error, isBusy?: boolean }} */ ({}),
  );
  const build = async () => {
    setState({ isBusy: true });
    try {
      setState({ link: (await api.auditPack(id)).data });
    } catch (failure) {
      setState({ failure });
    }
  };
  if (state.failure) return html`<${Failure} failure=${state.failure} retry=${build} />`;
  if (state.link)
    return html`<a class="button" href=${state.link.url} rel="noopener">Download the audit pack</a>`;
  return html`<button onClick=${build} disabled=${state.isBusy}>${state.isBusy ? "Building the pack …" : "Audit pack"}</button>`;
}
