// Finalize: what it would write, what blocks it, and the confirmation.

import { Dialog, Failure, Note } from "./elements.js";
import { useStore } from "./use-store.js";
import { html } from "../vendor/htm-preact.js";
import { BLOCKER, moment, number, plural } from "../words.js";

const NO_ANSWER = "No answer yet. Asking again; it is done once, however often it is sent …";
const IN_DOUBT = "It may or may not have been done. Try again: it is done once, however often it is sent.";

/** @import { Session } from "../state/session.js" */

/** @param {{ session: Session, identity: import("../state/identity.js").Identity }} properties */
export function FinalizePanel({ session, identity }) {
  const { status } = session.view;
  useStore(session.finalizing);
  if (status === "CANCELLED") return null;
  return html`<section class="panel" aria-labelledby="finalize">
    <h2 id="finalize">Finalize</h2>
    ${status === "COMPLETED" && html`<${Done} session=${session} />`}
    ${status === "FINALIZING" && html`<${UnderWay} session=${session} />`}
    ${session.isOpen && html`<${Gate} session=${session} mayFinalize=${identity.mayFinalize} />`}
    <${Question} session=${session} />
  </section>`;
}

/** @param {{ session: Session }} properties */
function Done({ session }) {
  const { finalizedAt, finalizedBy, preview, warnings, attestation } = decided(session);
  return html`<p>Finalized by <strong><bdi>${finalizedBy.name}</bdi></strong> on ${moment(finalizedAt, session.zone)}.${" "}
      The records are legal documents and can no longer be changed.</p>
    <p>${plural(preview.trainingRecords, "Training Record")} and ${plural(preview.competencyRecords, "pending competency", "pending competencies")}.</p>
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
    ${!finalization.allowed && html`<ul id="blockers">${finalization.blockers.map(inWords)}</ul>`}
    <p class="row"><button class="main" disabled=${!finalization.allowed} aria-disabled=${finalizing.state !== "closed"}
      aria-describedby=${finalization.allowed ? undefined : "blockers"} onClick=${() => finalizing.open()}>
      ${finalizing.state === "preparing" ? "Saving and counting …" : "Finalize"}</button></p>`;
}

/** @param {string} slug */
function inWords(slug) {
  return html`<li>${BLOCKER[slug] ?? "Something still stands against it."}</li>`;
}

/** @param {{ session: Session }} properties */
function Question({ session }) {
  const { finalizing } = session;
  const { state, news, failure } = finalizing;
  if (state === "closed" || state === "preparing") return null;
  if (state === "refused") {
    return html`<${Dialog} key="refused" label="Not finalized" onCancel=${() => finalizing.close()}>
      <h2>Not finalized</h2><${Failure} failure=${failure} />
      <p class="row"><button class="main" onClick=${() => finalizing.close()}>Close</button></p><//>`;
  }
  const isWriting = state === "writing";
  const preview = finalizing.preview;
  return html`<${Dialog} key="question" label="Finalize this session?" onCancel=${() => finalizing.close()}>
    <h2>Finalize this session?</h2>
    ${news && html`<div class="note warn" role="alert"><p>${news}</p></div>`}
    <p class="statement">This will generate <strong>${number(preview.trainingRecords)}</strong> Training Records. This action cannot be undone.</p>
    <${Counts} counts=${preview} />
    <${Warnings} session=${session} warnings=${finalizing.warnings}>Before you finalize, be sure of this:<//>
    <p id="signing">By pressing Finalize you sign, with your name and the time:</p>
    <blockquote aria-labelledby="signing">${finalizing.attestation}</blockquote>
    ${isWriting && html`<p role="status">${failure ? NO_ANSWER : "Writing the records …"}</p>`}
    ${state === "in doubt" && html`<${Failure} failure=${failure} /><p>${IN_DOUBT}</p>`}
    <p class="row"><button onClick=${() => finalizing.close()} disabled=${isWriting}>Cancel</button>
      <button class="main" onClick=${() => finalizing.confirm()} disabled=${isWriting}>${state === "in doubt" ? "Try again" : "Finalize"}</button></p>
  <//>`;
}

/**
 * Warnings in the server's words, with the names of the people they are about.
 *
 * @param {{ session: Session, warnings: import("../network/answers.js").WarningResponse[], children?: string }} properties
 */
function Warnings({ session, warnings, children }) {
  if (!warnings.length) return null;
  const named = (/** @type {string[]} */ ids) =>
    ids.map((id, at) => html`${at > 0 && ", "}<bdi>${nameOf(session, id)}</bdi>`);
  return html`<div class="note warn warnings"><p><strong>${children}</strong></p>
    <ul>${warnings.map(({ slug, detail, people = [] }) => html`<li key=${slug}>${detail}${people.length > 0 && html`<br /><span class="small">${named(people)}</span>`}</li>`)}</ul></div>`;
}

/**
 * @param {Session} session
 * @param {string} id
 */
function nameOf({ view }, id) {
  return view.attendees.find(({ personnelId }) => personnelId === id)?.name ?? id;
}

/** @param {{ counts: import("../network/answers.js").CountsResponse }} properties */
function Counts({ counts }) {
  const { competencyRecords, passed, failed, absent } = counts;
  const figures = {
    "Pending competencies": competencyRecords,
    Passed: passed,
    Failed: failed,
    Absent: absent,
  };
  return html`<dl class="counts">${Object.entries(figures).map(([word, count]) => html`<div><dt>${word}</dt><dd>${number(count)}</dd></div>`)}</dl>`;
}
