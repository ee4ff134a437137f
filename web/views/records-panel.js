// The session's records: one for each person who was present. This is the part that is printed.

import { entered, Failure, Loading, Note, Word } from "./elements.js";
import { people } from "../state/names.js";
import { ORDER, Records } from "../state/records.js";
import { personHref } from "../state/route.js";
import { usePrinting } from "./use-printing.js";
import { useStore } from "./use-store.js";
import { html, useEffect, useMemo, useRef, useState } from "../vendor/htm-preact.js";
import { competency, day, KIND, number, plural, RESULT } from "../words.js";

const AT_FIRST = 200;

/**
 * @import { Api } from "../network/api.js"
 * @import { RecordResponse } from "../network/answers.js"
 * @import { Session } from "../state/session.js"
 */

/** @param {{ session: Session, api: Api }} properties */
export function RecordsPanel({ session, api }) {
  const records = useStore(useMemo(() => new Records(api, session), [session]));
  const { isPrinting, print } = usePrinting();
  /** @type {import("preact").RefObject<HTMLHeadingElement>} */
  const heading = useRef(null);
  useEffect(() => {
    records.load();
    if (session.finalizing.isFresh) heading.current?.focus();
  }, [records]);
  const { failure, isWhole, count } = records;
  return html`<section class="panel" aria-labelledby="records">
    <div class="row spread"><h2 id="records" tabindex="-1" ref=${heading}>Records</h2>
      ${isWhole && count > 0 && html`<button onClick=${print}>Print all</button>`}</div>
    ${failure && html`<${Failure} failure=${failure} retry=${() => records.load()} />`}
    ${!isWhole && !failure && html`<${Loading} what=${count ? `the records, ${number(count)} so far` : "the records"} />`}
    ${isWhole && html`<${Content} session=${session} records=${records} isPrinting=${isPrinting} />`}
  </section>`;
}

/** @param {{ session: Session, records: Records, isPrinting: boolean }} properties */
function Content({ session, records, isPrinting }) {
  const { preview } = session.view.finalization;
  const [wanted, setWanted] = useState("");
  const [order, setOrder] = useState("sheet");
  const [most, setMost] = useState(AT_FIRST);
  // On paper there are all of them, whatever was searched for.
  const found = records.shown(isPrinting ? "" : wanted, order);
  const shown = isPrinting ? found : found.slice(0, most);
  return html`
    ${records.missing.length > 0 && html`<${Missing} ids=${records.missing} />`}
    ${preview.trainingRecords + preview.competencyRecords === 0 && html`<p class="quiet">Nobody was present, so there are no records.</p>`}
    ${
      records.count > 1 &&
      html`<search class="tools" aria-label="Records">
      <label>Find a record<input type="search" value=${wanted} placeholder="Name, job or remark" onInput=${entered(setWanted)} /></label>
      <label>Order<select value=${order} onChange=${entered(setOrder)}>
        ${Object.entries(ORDER).map(([key, { text }]) => html`<option value=${key}>${text}</option>`)}
      </select></label></search>`
    }
    ${shown.length > 0 && html`<${Table} records=${shown} />`}
    ${shown.length < records.count && html`<p class="quiet" role="status">${number(shown.length)} of ${plural(records.count, "record")} shown.</p>`}
    ${shown.length < found.length && html`<p class="not-on-paper"><button onClick=${() => setMost(most + AT_FIRST)}>Show more</button></p>`}
    <${Absent} session=${session} />`;
}

/**
 * On paper those without a record are named too; on the page they stand in the grid.
 *
 * @param {{ session: Session }} properties
 */
function Absent({ session }) {
  const absent = session.view.attendees.filter(({ isPresent }) => !isPresent);
  if (!absent.length) return null;
  return html`<p class="only-on-paper"><strong>${plural(absent.length, "person", "people")} on the list without a record:</strong>${" "}
    ${absent.map(({ name, isMarked }, at) => html`${at > 0 && ", "}<bdi>${name}</bdi> (${isMarked ? "absent" : "never marked"})`)}</p>`;
}

/** @param {{ ids: string[] }} properties */
function Missing({ ids }) {
  return html`<${Note} tone="bad"><p><strong>${plural(ids.length, "record")} missing.</strong>${" "}
    Finalizing wrote a record for each of these people, and it has been removed since:</p>
    <ul>${ids.map((id) => html`<li key=${id}><a href=${personHref(id)}>${people.get(id) ?? id}</a></li>`)}</ul><//>`;
}

/** @param {{ records: RecordResponse[] }} properties */
function Table({ records }) {
  const [{ evidenceFileKey, evidenceFileVersionId, evidenceFileHash }] = records;
  return html`<div class="wide" tabindex="0" role="region" aria-label="Table of records"><table>
      <thead><tr>${["Name", "Record", "Result", "Valid until", "Remarks"].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${records.map((record) => html`<${Row} key=${record.recordId} record=${record} />`)}</tbody>
    </table></div>
    <dl class="facts small"><dt>Evidence of every record</dt>
      <dd>The signed sheet below, in exactly this version:<br />
        <span class="mono">${evidenceFileKey}<br />version ${evidenceFileVersionId}<br />SHA-256 ${evidenceFileHash}</span></dd></dl>`;
}

/** @param {{ record: RecordResponse }} properties */
function Row({ record }) {
  const { personnelId, personName, jobTitle, kind, result, expiryDate, remarks } = record;
  return html`<tr>
    <th scope="row"><a href=${personHref(personnelId)}><bdi>${personName}</bdi></a>${jobTitle && html`<br /><span class="quiet small"><bdi>${jobTitle}</bdi></span>`}</th>
    <td data-head="Record"><div>${KIND[kind]}${kind === "COMPETENCY" && html`<br /><${Word} ...${competency(record)} />`}</div></td>
    <td data-head="Result" class="marks"><${Word} ...${RESULT[result]} /></td>
    <td data-head="Valid until" class="marks">${result === "PASSED" ? (expiryDate ? day(expiryDate) : "No end") : "–"}</td>
    <td data-head="Remarks">${remarks && html`<bdi>${remarks}</bdi>`}</td>
  </tr>`;
}
