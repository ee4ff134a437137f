// Whether the proof still holds, and the pack an inspector takes along. Shown where the session has them.

import { Failure, Note } from "./elements.js";
import { Problem } from "./problem.js";
import { html, useEffect, useState } from "./vendor/htm-preact.js";

export function ProofPanel({ session, api, identity }) {
  const [state, setState] = useState({});
  const verify = async () => {
    setState({ isBusy: true });
    try {
      setState({ verification: (await api.proof(session.id, "verification")).data });
    } catch (failure) {
      setState({ failure, isAbsent: failure instanceof Problem && [403, 404].includes(failure.status) });
    }
  };
  useEffect(() => {
    if (identity.mayAudit) verify();
  }, [session.id]);
  if (!identity.mayAudit || state.isAbsent || (state.isBusy && !state.verification)) return null;
  return html`<section class="panel" aria-labelledby="proof">
    <div class="row spread"><h2 id="proof">Proof</h2>
      <div class="row"><button onClick=${verify} disabled=${state.isBusy}>Verify again</button><${Pack} session=${session} api=${api} /></div></div>
    ${state.failure && html`<${Failure} failure=${state.failure} />`}
    ${state.verification && html`<${Outcome} verification=${state.verification} />`}
  </section>`;
}

function Outcome({ verification: { intact, checks = [] } }) {
  const words = intact
    ? "Sheet, marks and records belong together, and nothing was changed since."
    : "Something is not as it was when the session was finalized.";
  return html`<${Note} tone=${intact ? "good" : "bad"}><p><strong>${words}</strong></p>
    <ul>${checks.filter((check) => !check.intact).map((check) => html`<li>${check.detail ?? check.name}</li>`)}</ul><//>`;
}

/** Builds the pack when asked, and hands over the link. */
function Pack({ session, api }) {
  const [state, setState] = useState({});
  const build = async () => {
    setState({ isBusy: true });
    try {
      setState({ link: (await api.proof(session.id, "audit-pack")).data });
    } catch (failure) {
      setState({ failure });
    }
  };
  if (state.failure) return html`<${Failure} failure=${state.failure} retry=${build} />`;
  if (state.link) return html`<a class="button" href=${state.link.url} rel="noopener">Download the audit pack</a>`;
  return html`<button onClick=${build} disabled=${state.isBusy}>${state.isBusy ? "Building the pack …" : "Audit pack"}</button>`;
}
