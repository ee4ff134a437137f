// The session's records: one for each person who was present. This is the part that is printed.

import { Failure, Loading, Note, Word } from "./elements.js";
import { people } from "../state/names.js";
import { personHref } from "../state/route.js";
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { COMPETENCY, day, KIND, number, plural, RESULT } from "../words.js";

const FIRST = 200;
const PAGE = 1_000;

/**
 * @import { Api } from "../network/api.js"
 * @import { RecordResponse } from "../network/answers.js"
 * @import { Session } from "../state/session.js"
 *
 * @typedef {{ records?: RecordResponse[], missing?: string[], cursor?: string }} Loaded
 * @typedef {Loaded & { failure?: Error | null, isBusy?: boolean }} State
 */

/** @param {{ session: Session, api: Api }} properties */
export function RecordsPanel({ session, api }) {
  const { all, failure, ...loaded } = useRecords(api, session.id);
  const { records, more, isBusy } = loaded;
  /** @type {import("preact").RefObject<HTMLHeadingElement>} */
  const heading = useRef(null);
  useEffect(() => {
    if (session.finalizing.isFresh) heading.current?.focus();
  }, []);
  const { preview } = session.view.finalization;
  const total = preview.trainingRecords + preview.competencyRecords;
  return html`<section class="panel" aria-labelledby="records">
    <div class="row spread"><h2 id="records" tabindex="-1" ref=${heading}>Records</h2>
      ${!!records?.length && html`<button onClick=${() => all().then(() => print())} disabled=${isBusy}>Print all</button>`}</div>
    ${failure && html`<${Failure} failure=${failure} retry=${more} />`}
    ${!records && !failure && html`<${Loading} what="the records" />`}
    ${records && html`<${Records} ...${loaded} total=${total} />`}
  </section>`;
}

/** @param {Required<Loaded> & { more?: () => void, isBusy?: boolean, total: number }} properties */
function Records({ records, missing, more, isBusy, total }) {
  return html`
    ${missing.length > 0 && html`<${Missing} ids=${missing} />`}
    ${total === 0 && html`<p class="quiet">Nobody was present, so there are no records.</p>`}
    ${records.length > 0 && html`<${Table} records=${records} />`}
    ${
      more &&
      html`<p class="row not-on-paper"><button onClick=${more} disabled=${isBusy}>Show more</button>
      <span class="quiet">${number(records.length)} of ${plural(total, "record")} shown.</span></p>`
    }`;
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
  const { personnelId, personName, jobTitle, kind, result, status, expiryDate, remarks } = record;
  return html`<tr>
    <th scope="row"><a href=${personHref(personnelId)}><bdi>${personName}</bdi></a>${jobTitle && html`<br /><span class="quiet small"><bdi>${jobTitle}</bdi></span>`}</th>
    <td data-head="Record"><div>${KIND[kind]}${kind === "COMPETENCY" && html`<br /><${Word} ...${COMPETENCY[status]} />`}</div></td>
    <td data-head="Result" class="marks"><${Word} ...${RESULT[result]} /></td>
    <td data-head="Valid until" class="marks">${result === "PASSED" ? (expiryDate ? day(expiryDate) : "No end") : "–"}</td>
    <td data-head="Remarks"><bdi>${remarks}</bdi></td>
  </tr>`;
}

/**
 * @param {Api} api
 * @param {string} id
 */
function useRecords(api, id) {
  const [state, setState] = useState(/** @type {State} */ ({}));
  const load = async (
    /** @type {State} */ { records = [], missing = [], cursor },
    /** @type {number} */ limit,
  ) => {
    setState((known) => ({ ...known, isBusy: true, failure: null }));
    try {
      const { data } = await api.records(id, { limit, ...(cursor && { cursor }) });
      const next = {
        records: [...records, ...data.items],
        missing: [...missing, ...(data.missing ?? [])],
        cursor: data.nextCursor,
      };
      setState(next);
      return next;
    } catch (failure) {
      setState({ ...(cursor && { records, missing, cursor }), failure });
      throw failure;
    }
  };
  const more = (state.cursor || state.failure) && (() => load(state, PAGE).catch(() => {}));
  const all = async () => {
    for (let next = state; next.cursor;) next = await load(next, PAGE);
    // One frame later, so that the last loaded records are printed too.
    await new Promise(requestAnimationFrame);
  };
  useEffect(() => {
    load({}, FIRST).catch(() => {});
  }, [id]);
  return { ...state, more, all };
}
