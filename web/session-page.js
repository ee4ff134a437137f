// One session, from the signed sheet to its records.

import { AttendancePanel } from "./attendance-panel.js";
import { attention } from "./attention.js";
import { Failure, Loading, Title, Word } from "./elements.js";
import { FinalizePanel } from "./finalize-panel.js";
import { LeaveDialog, useLeaving } from "./leaving.js";
import { ProofPanel } from "./proof-panel.js";
import { RecordsPanel } from "./records-panel.js";
import { Session } from "./session.js";
import { SheetPanel } from "./sheet-panel.js";
import { useStore } from "./store.js";
import { html, useEffect, useMemo } from "./vendor/htm-preact.js";
import { plural, span } from "./words.js";

export function SessionPage({ api, identity, id }) {
  const session = useMemo(() => new Session(api, identity, id), [id]);
  useStore(session);
  useEffect(() => {
    session.load();
    return () => session.stop();
  }, [session]);
  const leaving = useLeaving(session);
  const { view, failure } = session;
  return html`<div class="head"><${Title} text=${view?.title ?? "Session"} />${view && html`<${Facts} view=${view} />`}</div>
    ${view && html`<${Parts} session=${session} api=${api} identity=${identity} />`}
    ${!view && (failure ? html`<${Failure} failure=${failure} retry=${() => session.load()} />` : html`<${Loading} what="the session" />`)}
    ${leaving.isAsking && html`<${LeaveDialog} ...${leaving} />`}`;
}

function Parts(parts) {
  return html`${parts.session.view.status === "COMPLETED" && html`<${RecordsPanel} ...${parts} /><${ProofPanel} ...${parts} />`}
    <${SheetPanel} ...${parts} />
    <${AttendancePanel} ...${parts} />
    <${FinalizePanel} ...${parts} />`;
}

function Facts({ view }) {
  const { startsAt, endsAt, timezone, location, trainer, course, attendees, evidence } = view;
  const { text, tone } = attention({ ...view, evidenceState: evidence.state }, new Date());
  return html`<p><${Word} text=${text} tone=${tone} /></p>
    <dl class="facts">
      <dt>When</dt><dd>${span(startsAt, endsAt, timezone)} <span class="quiet">(${timezone} time, as are all times on this page)</span></dd>
      ${location && html`<dt>Where</dt><dd>${location}</dd>`}
      <dt>Course</dt><dd>${course.title}${course.version && `, version ${course.version}`} <span class="quiet">(${rules(course)})</span></dd>
      <dt>Trainer</dt><dd>${trainer.name}${trainer.qualification && html` <span class="quiet">(${trainer.qualification})</span>`}</dd>
      <dt>On the list</dt><dd>${plural(attendees.length, "person", "people")}</dd>
    </dl>`;
}

function rules({ requiresVerify, validityMonths }) {
  const validity = validityMonths ? `valid for ${plural(validityMonths, "month")}` : "never expires";
  return requiresVerify ? `${validity}, once a verifier has confirmed it` : validity;
}
