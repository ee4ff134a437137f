// One session, from the signed sheet to its records.

import { AttendancePanel } from "./attendance-panel.js";
import { attention } from "../state/attention.js";
import { Failure, Loading, Title, Word } from "./elements.js";
import { FinalizePanel } from "./finalize-panel.js";
import { LeaveDialog, useLeaving } from "./leaving.js";
import { PrintedRoster } from "./printed-roster.js";
import { ProofPanel } from "./proof-panel.js";
import { RecordsPanel } from "./records-panel.js";
import { Session } from "../state/session.js";
import { SheetPanel } from "./sheet-panel.js";
import { useStore } from "./use-store.js";
import { html, useEffect, useMemo } from "../vendor/htm-preact.js";
import { plural, span } from "../words.js";

/**
 * @import { SessionResponse } from "../network/answers.js"
 *
 * @typedef {{ api: import("../network/api.js").Api, identity: import("../state/identity.js").Identity }} Context
 */

/** @param {Context & { id: string }} properties */
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

/** @param {Context & { session: Session }} parts */
function Parts(parts) {
  return html`${parts.session.view.status === "COMPLETED" && html`<${RecordsPanel} ...${parts} /><${ProofPanel} ...${parts} />`}
    <${SheetPanel} ...${parts} />
    ${parts.session.view.status !== "COMPLETED" && html`<${PrintedRoster} session=${parts.session} />`}
    <${AttendancePanel} ...${parts} />
    <${FinalizePanel} ...${parts} />`;
}

/** @param {{ view: SessionResponse }} properties */
function Facts({ view }) {
  const { startsAt, endsAt, timezone, location, trainer, course, attendees, evidence } = view;
  const { text, tone } = attention({ ...view, evidenceState: evidence.state }, new Date());
  return html`<p><${Word} text=${text} tone=${tone} /></p>
    <dl class="facts">
      <dt>When</dt><dd>${span(startsAt, endsAt, timezone)} <span class="quiet">(${timezone} time, as are all times on this page)</span></dd>
      ${location && html`<dt>Where</dt><dd><bdi>${location}</bdi></dd>`}
      <dt>Course</dt><dd><bdi>${course.title}</bdi>${course.version && html`, version <bdi>${course.version}</bdi>`} <span class="quiet">(${rules(course)})</span></dd>
      <dt>Trainer</dt><dd><bdi>${trainer.name}</bdi>${trainer.qualification && html` <span class="quiet">(<bdi>${trainer.qualification}</bdi>)</span>`}</dd>
      <dt>On the list</dt><dd>${plural(attendees.length, "person", "people")}</dd>
    </dl>`;
}

/** @param {SessionResponse["course"]} course */
function rules({ requiresVerify, validityMonths }) {
  const validity = validityMonths ? `valid for ${plural(validityMonths, "month")}` : "never expires";
  return requiresVerify ? `${validity}, once a verifier has confirmed it` : validity;
}
