// Finalize: what blocks it, what there is to look at before, and what came of it.

import { Note } from "./elements.js";
import { FinalizeQuestion } from "./finalize-question.js";
import { useStore } from "./use-store.js";
import { OF_THE_SHEET, Warnings } from "./warnings.js";
import { html } from "../vendor/htm-preact.js";
import { BLOCKER, kinds, moment, number } from "../words.js";

/** @import { Session } from "../state/session.js" */

/** @param {{ session: Session, identity: import("../state/identity.js").Identity }} properties */
export function FinalizePanel({ session, identity }) {
  const { status } = session.view;
  useStore(session.finalizing);
  if (status === "CANCELLED") return null;
  return html`<section class="panel ${session.isOpen ? "not-on-paper" : "decision"}" aria-labelledby="finalize">
    <h2 id="finalize">${status === "COMPLETED" ? "Finalized" : "Finalize"}</h2>
    ${status === "COMPLETED" && html`<${Done} session=${session} />`}
    ${status === "FINALIZING" && html`<${UnderWay} session=${session} />`}
    ${session.isOpen && html`<${Gate} session=${session} mayFinalize=${identity.mayFinalize} />`}
    <${FinalizeQuestion} session=${session} />
  </section>`;
}

/** @param {{ session: Session }} properties */
function Done({ session }) {
  const { finalizedAt, finalizedBy, preview, warnings, attestation } = decided(session);
  return html`<p>Finalized by <strong><bdi>${finalizedBy.name}</bdi></strong> on ${moment(finalizedAt, session.zone)}.${" "}
      The records are legal documents and can no longer be changed.</p>
    <p>${kinds(preview)}.</p>
    ${attestation && html`<blockquote aria-label="What was signed">${attestation}</blockquote>`}
    <${Warnings} session=${session} warnings=${warnings}>What there was to be sure of then:<//>`;
}

/** @param {{ session: Session }} properties */
function UnderWay({ session }) {
  const { progress, finalizedBy } = decided(session);
  const { written = 0, total = 0 } = progress ?? {};
  return html`<${Note} tone="busy" live><p><strong>The records are being written: ${number(written)} of ${number(total)}.</strong>${" "}
      <bdi>${finalizedBy.name}</bdi> has finalized this session. You can leave this page; it goes on by itself, and all records appear at once when it is done.</p><//>
    <progress value=${written} max=${Math.max(1, total)} aria-label="Records written"></progress>`;
}

/**
 * What is shown of a finalized session.
 *
 * @param {Session} session
 */
function decided({ view }) {
  return /** @type {Required<import("../network/answers.js").FinalizationResponse>} */ (view.finalization);
}

/** @param {{ session: Session, mayFinalize: boolean }} properties */
function Gate({ session, mayFinalize }) {
  const { finalization } = session.view;
  if (!mayFinalize)
    return html`<p>An admin finalizes this session once the sheet is here and the marks are right.</p>`;
  const { finalizing } = session;
  return html`<p>Finalize turns this draft into records, once and for good.</p>
    ${
      finalizing.isInDoubt &&
      finalizing.state === "closed" &&
      html`<${Note} tone="warn"><p>Your last Finalize got no answer, and the session is still open.
      Finalize again: however often it is sent, it is done once.</p><//>`
    }
    <${Warnings} session=${session} warnings=${finalization.warnings.filter(({ slug }) => !OF_THE_SHEET.includes(slug))}>Before you finalize, look at this:<//>
    ${!finalization.allowed && html`<ul id="blockers">${finalization.blockers.map(inWords)}</ul>`}
    <p class="row"><button class="main" disabled=${!finalization.allowed} aria-disabled=${finalizing.state !== "closed"}
      aria-describedby=${finalization.allowed ? undefined : "blockers"} onClick=${() => finalizing.open()}>
      ${finalizing.state === "preparing" ? "Saving and counting …" : "Finalize"}</button></p>`;
}

/** @param {string} slug */
function inWords(slug) {
  return html`<li>${BLOCKER[slug] ?? "Something still stands against it."}</li>`;
}
