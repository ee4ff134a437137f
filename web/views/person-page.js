// One person: which work they may do, until when, and by which records.

import { entered, Failure, Loading, Title, Word } from "./elements.js";
import { courses, people } from "../state/names.js";
import { sessionHref } from "../state/route.js";
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { COLOUR, competency, day, days, KIND, momentHere, RESULT } from "../words.js";

/**
 * @import { Api } from "../network/api.js"
 * @import { ComplianceResponse, RecordResponse, StandingResponse } from "../network/answers.js"
 *
 * @typedef {{ data?: ComplianceResponse, failure?: Error }} State
 */

const NOBODY = "This address names no person. Open the person from a session that has them on its list.";

/** @param {{ api: Api, id: string }} properties */
export function PersonPage({ api, id }) {
  const [asOf, setAsOf] = useState("");
  const { data, failure, load } = useCompliance(api, id, asOf);
  const name = nameIn(data) ?? people.get(id);
  return html`<div class="head"><${Title} text=${name ?? "Person"} /><p class="quiet small mono">${id}</p></div>
    <div class="tools not-on-paper"><label>As of<input type="date" value=${asOf} onChange=${entered(setAsOf)} /></label></div>
    ${failure && (isNobody(failure) ? html`<p>${NOBODY}</p>` : html`<${Failure} failure=${failure} retry=${load} />`)}
    ${!data && !failure && html`<${Loading} what="this person's courses" />`}
    ${data && html`<section class="panel" aria-labelledby="courses"><h2 id="courses">Courses ${data.judgedAt ? `now, ${momentHere(data.judgedAt)}` : `as of ${day(data.asOf)}`}</h2><${Courses} items=${data.items} /></section>`}`;
}

/**
 * Whether the server could not read the id in the address.
 *
 * @param {Error & { status?: number }} failure
 */
function isNobody({ status }) {
  return status === 400;
}

/**
 * The person's name on the latest record.
 *
 * @param {ComplianceResponse} [data]
 */
function nameIn(data) {
  const records = (data?.items ?? []).flatMap((course) => course.records);
  return records.sort((one, other) => one.finalizedAt.localeCompare(other.finalizedAt)).at(-1)?.personName;
}

/** @param {{ items: StandingResponse[] }} properties */
function Courses({ items }) {
  if (!items.length)
    return html`<p class="quiet">No course yet. Once a session with this person is finalized, it shows here.</p>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="Table of courses"><table>
    <thead><tr>${["Course", "Standing", "Until", "Rests on"].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${items.map((item) => html`<${Course} key=${item.courseId} item=${item} />`)}</tbody>
  </table></div>`;
}

/** @param {{ item: StandingResponse }} properties */
function Course({ item }) {
  const { records } = item;
  const basis = records.find(({ recordId }) => recordId === item.basedOn);
  const until = item.expiryDate ? day(item.expiryDate) : item.basedOn ? "No end" : "–";
  const place = item.expiryDate && basis?.timeZone;
  return html`<tr>
    <th scope="row"><bdi>${records.at(-1)?.courseTitle ?? courses.get(item.courseId) ?? item.courseId}</bdi></th>
    <td data-head="Standing" class="marks"><${Word} ...${COLOUR[item.status]} /></td>
    <td data-head="Until" class="marks">${until}${place && html`<br /><span class="quiet small">${place}</span>`}</td>
    <td data-head="Rests on"><div>${basis ? html`<${Basis} record=${basis} />` : html`<${NoBasis} records=${records} />`}</div></td>
  </tr>`;
}

/** @param {{ record: RecordResponse }} properties */
function Basis({ record }) {
  const { kind, result, sessionId } = record;
  return html`${KIND[kind]}, ${RESULT[result].text.toLowerCase()}, of the <a href=${sessionHref(sessionId)}>session on ${days(record)}</a>`;
}

/**
 * No record counts on that day; those there are show why.
 *
 * @param {{ records: RecordResponse[] }} properties
 */
function NoBasis({ records }) {
  if (!records.length)
    return html`<span class="quiet">No record: was on the list of a session, but not present.</span>`;
  return html`<span class="quiet">No record that counts on this day. There is:</span>
    <ul>${records.map((record) => html`<li key=${record.recordId}><${Basis} record=${record} />${why(record)}</li>`)}</ul>`;
}

/** @param {RecordResponse} record */
function why({ kind, status, result, expiryDate }) {
  if (kind === "COMPETENCY" && status !== "VERIFIED")
    return ` (${competency({ result, status }).text.toLowerCase()})`;
  return result === "PASSED" && expiryDate ? ` (until ${day(expiryDate)})` : "";
}

/**
 * @param {Api} api
 * @param {string} id
 * @param {string} asOf
 */
function useCompliance(api, id, asOf) {
  const [state, setState] = useState(/** @type {State} */ ({}));
  const latest = useRef(0);
  const load = async () => {
    // If days are changed quickly, only the answer for the last one is shown.
    const asked = (latest.current += 1);
    const answered = (/** @type {State} */ next) => asked === latest.current && setState(next);
    try {
      answered({ data: (await api.compliance(id, asOf)).data });
    } catch (failure) {
      answered({ failure });
    }
  };
  useEffect(() => {
    load();
  }, [id, asOf]);
  return { ...state, load };
}
