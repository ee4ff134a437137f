// All sessions: first those that need attention.

import { attention } from "../state/attention.js";
import { entered, Failure, Loading, Title, Word } from "./elements.js";
import { route, sessionHref } from "../state/route.js";
import { Sessions } from "../state/sessions.js";
import { useStore } from "./use-store.js";
import { html, useEffect, useMemo } from "../vendor/htm-preact.js";
import { plural, span, STATUS } from "../words.js";

const FILTERS = ["", "SCHEDULED", "IN_PROGRESS", "FINALIZING", "COMPLETED", "CANCELLED"];
const NONE_FITS = "No session fits. Search for something else or choose another status.";
const NONE_YET = "There are no sessions yet. They appear here as soon as they are planned.";

/**
 * @import { Api } from "../network/api.js"
 * @import { SessionLine } from "../network/answers.js"
 *
 * @typedef {{ session: SessionLine, rank: number, text: string, tone: string }} Judged
 */

/** @param {{ api: Api }} properties */
export function SessionList({ api }) {
  const status = FILTERS.find((value) => value === route.query.get("status")) ?? "";
  const wanted = route.query.get("search") ?? "";
  const list = useStore(useMemo(() => new Sessions(api, status), [status]));
  useEffect(() => list.watch(), [list]);
  const { lines, failure } = list;
  return html`<div class="head"><${Title} text="Training sessions" /></div>
    <${Tools} status=${status} wanted=${wanted} />
    ${failure && html`<${Failure} failure=${failure} retry=${() => list.load()} />`}
    ${lines && html`<${Lines} sessions=${lines.filter((line) => matches(line, wanted))} isFiltered=${Boolean(wanted || status)} />`}
    ${!lines && !failure && html`<${Loading} what="the sessions" />`}
    ${list.next && html`<${Earlier} list=${list} wanted=${wanted} />`}`;
}

/**
 * The page is narrowed in the address, so that Back leads to the list as it was.
 *
 * @param {{ status: string, wanted: string }} properties
 */
function Tools({ status, wanted }) {
  return html`<search class="tools">
    <label>Search<input type="search" value=${wanted} placeholder="Title, place or course"
      onInput=${entered((search) => route.narrow({ search }))} /></label>
    <label>Status<select value=${status} onChange=${entered((value) => route.narrow({ status: value }))}>
      ${FILTERS.map((value) => html`<option value=${value}>${value ? STATUS[value].text : "All"}</option>`)}
    </select></label>
  </search>`;
}

/** @param {{ list: Sessions, wanted: string }} properties */
function Earlier({ list, wanted }) {
  return html`<p class="row"><button onClick=${() => list.earlier()}>Show earlier sessions</button>
    ${wanted && html`<span class="quiet">Only the sessions shown so far were searched.</span>`}</p>`;
}

/** @param {{ sessions: SessionLine[], isFiltered: boolean }} properties */
function Lines({ sessions, isFiltered }) {
  if (!sessions.length) {
    return html`<p class="panel quiet">${isFiltered ? NONE_FITS : NONE_YET}</p>`;
  }
  const now = new Date();
  const judged = sessions.map((session) => ({ session, ...attention(session, now) }));
  const urgent = judged
    .filter(({ rank }) => rank > 0)
    .sort(
      (one, other) =>
        other.rank - one.rank || Date.parse(one.session.endsAt) - Date.parse(other.session.endsAt),
    );
  const others = judged.filter(({ rank }) => rank === 0);
  return html`
    ${urgent.length > 0 && html`<${Group} id="urgent" name="Needs attention" judged=${urgent} />`}
    ${others.length > 0 && html`<${Group} id="others" name=${urgent.length ? "Everything else" : "Sessions"} judged=${others} />`}`;
}

/** @param {{ id: string, name: string, judged: Judged[] }} properties */
function Group({ id, name, judged }) {
  return html`<section class="lines" aria-labelledby=${id}><h2 id=${id}>${name}</h2>${judged.map(Line)}</section>`;
}

/** @param {Judged} judged */
function Line({ session, text, tone }) {
  const { sessionId, title, startsAt, endsAt, timezone, location, rosterCount } = session;
  return html`<a class="line" key=${sessionId} href=${sessionHref(sessionId)}>
    <strong><bdi>${title}</bdi></strong><${Word} text=${text} tone=${tone} />
    <span class="quiet small">${span(startsAt, endsAt, timezone)} (${timezone})${location && html` · <bdi>${location}</bdi>`} · ${plural(rosterCount, "person", "people")}</span>
  </a>`;
}

/**
 * @param {SessionLine} session
 * @param {string} wanted
 */
function matches({ title, location = "", courseId, sessionId }, wanted) {
  const text = `${title} ${location} ${courseId} ${sessionId}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
