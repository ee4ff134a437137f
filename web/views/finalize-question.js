// The question before Finalize: what will stand in the records, and in whose name.

import { Dialog, Failure } from "./elements.js";
import { Warnings } from "./warnings.js";
import { html } from "../vendor/htm-preact.js";
import { day, moment, number, plural, span } from "../words.js";

const NO_ANSWER = "No answer yet. Asking again; it is done once, however often it is sent …";
const IN_DOUBT = "It may or may not have been done. Try again: it is done once, however often it is sent.";
// More names than this are not read.
const MOST_NAMED = 20;

/**
 * @import { AttendeeResponse } from "../network/answers.js"
 * @import { Session } from "../state/session.js"
 */

/**
 * It is read from its beginning, also where it is higher than the window: so the focus begins at its title.
 *
 * @param {{ session: Session }} properties
 */
export function FinalizeQuestion({ session }) {
  const { finalizing } = session;
  const { state, failure } = finalizing;
  if (state === "closed" || state === "preparing") return null;
  if (state === "refused") {
    return html`<${Dialog} key="refused" label="Not finalized" onCancel=${() => finalizing.close()}>
      <h2>Not finalized</h2><${Failure} failure=${failure} />
      <p class="row"><button class="main" onClick=${() => finalizing.close()}>Close</button></p><//>`;
  }
  return html`<${Dialog} key="question" label="Finalize this session?" onCancel=${() => finalizing.close()}>
    <h2 tabindex="-1" autofocus>Finalize this session?</h2>
    <${Content} session=${session} />
    <${Reply} session=${session} />
  <//>`;
}

/** @param {{ session: Session }} properties */
function Content({ session }) {
  const { finalizing } = session;
  const { news, preview } = finalizing;
  return html`${news && html`<div class="note warn" role="alert"><p>${news}</p></div>`}
    <${Facts} session=${session} />
    ${preview.competencyRecords > 0 && html`<p class="statement"><strong>${plural(preview.competencyRecords, "Competency Record")}</strong>, valid only once a verifier confirms them.</p>`}
    <p class="statement">This will generate <strong>${number(preview.trainingRecords)}</strong> Training Records. This action cannot be undone.</p>
    <${People} session=${session} />
    <${Warnings} session=${session} warnings=${finalizing.warnings} ticks=${finalizing}>Before you finalize, be sure of this, and tick it:<//>
    <p id="signing">By pressing Finalize you sign, with your name and the time:</p>
    <blockquote aria-labelledby="signing">${finalizing.attestation}</blockquote>`;
}

/** @param {{ session: Session }} properties */
function Facts({ session }) {
  const { title, startsAt, endsAt, course, evidence, finalization } = session.view;
  const until = finalization.expiryDate ? `until ${day(finalization.expiryDate)}` : "without an end";
  return html`<dl class="facts">
    <dt>Session</dt><dd><strong><bdi>${title}</bdi></strong><br />${span(startsAt, endsAt, session.zone)}</dd>
    <dt>Course</dt><dd><bdi>${course.title}</bdi>${course.version && html`, version <bdi>${course.version}</bdi>`}</dd>
    <dt>Sheet</dt><dd><bdi>${evidence.fileName}</bdi>${evidence.uploadedAt && evidence.uploadedBy && html`<br /><span class="quiet small">uploaded ${moment(evidence.uploadedAt, session.zone)} by <bdi>${evidence.uploadedBy.name}</bdi></span>`}</dd>
    <dt>A pass counts</dt><dd>from ${day(finalization.sessionDate)} ${until}${course.requiresVerify && ", once a verifier has confirmed it"}</dd>
  </dl>`;
}

/**
 * How many there are of each, and who gets no record of having passed.
 *
 * @param {{ session: Session }} properties
 */
function People({ session: { view, finalizing } }) {
  const { attendees } = view;
  const unmarked = attendees.filter(({ isMarked }) => !isMarked);
  const failed = attendees.filter(({ isPresent, hasPassed }) => isPresent && !hasPassed);
  const absent = attendees.filter(({ isPresent, isMarked }) => !isPresent && isMarked);
  const figures = {
    Passed: finalizing.preview.passed,
    Failed: failed.length,
    Absent: absent.length,
    "Never marked": unmarked.length,
  };
  const some = Object.entries(figures).filter(([, count]) => count > 0);
  return html`<dl class="counts">${some.map(([word, count]) => html`<div><dt>${word}</dt><dd>${number(count)}</dd></div>`)}</dl>
    <${Names} word="Failed" people=${failed} /><${Names} word="Absent" people=${absent} />`;
}

/** @param {{ word: string, people: AttendeeResponse[] }} properties */
function Names({ word, people }) {
  if (!people.length) return null;
  const named = people.slice(0, MOST_NAMED).map(({ name }, at) => html`${at > 0 && ", "}<bdi>${name}</bdi>`);
  const others = people.length - MOST_NAMED;
  return html`<p><strong>${word}:</strong> ${named}${others > 0 && ` and ${number(others)} more`}</p>`;
}

/** @param {{ session: Session }} properties */
function Reply({ session: { finalizing } }) {
  const { state, failure } = finalizing;
  const isWriting = state === "writing";
  const action = state === "in doubt" ? "Try again" : "Finalize";
  return html`${isWriting && html`<p role="status">${failure ? NO_ANSWER : "Writing the records …"}</p>`}
    ${state === "in doubt" && html`<${Failure} failure=${failure} /><p>${IN_DOUBT}</p>`}
    <p class="row"><button onClick=${() => finalizing.close()} disabled=${isWriting}>Cancel</button>
      <button class="main" onClick=${() => finalizing.confirm()} disabled=${isWriting || !finalizing.isSure}>${action}</button></p>`;
}
