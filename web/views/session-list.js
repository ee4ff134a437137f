// All sessions: first those that need attention.

import { attention } from "../state/attention.js";
import { entered, Failure, Loading, Title, Word } from "./elements.js";
import { sessionHref } from "../state/route.js";
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { plural, span, STATUS } from "../words.js";

const PAGE = 200;
const FILTERS = ["", "SCHEDULED", "IN_PROGRESS", "FINALIZING", "COMPLETED", "CANCELLED"];
const NONE_FITS = "No session fits. Search for something else or choose another status.";
const NONE_YET = "There are no sessions yet. They appear here as soon as they are planned.";
// Unfinished sessions; there are few enough to read all of them at once.
const UNDONE = ["IN_PROGRESS", "SCHEDULED", "FINALIZING"];

/**
 * @import { Api } from "../network/api.js"
 * @import { SessionLine } from "../network/answers.js"
 *
 * @typedef {{ sessions?: SessionLine[], next?: string, failure?: Error }} State
 * @typedef {{ session: SessionLine, rank: number, text: string, tone: string }} Judged
 */

/** @param {{ api: Api }} properties */
export function SessionList({ api }) {
  const [status, setStatus] = useState("");
  const [wanted, setWanted] = useState("");
  const list = useSessions(api, status);
  const shown = (list.sessions ?? []).filter((session) => matches(session, wanted));
  return html`<div class="head"><${Title} text="Training sessions" /></div>
    <search class="tools">
      <label>Search<input type="search" value=${wanted} placeholder="Title, place or course"
        onInput=${entered(setWanted)} /></label>
      <label>Status<select value=${status} onChange=${entered(setStatus)}>
        ${FILTERS.map((value) => html`<option value=${value}>${value ? STATUS[value].text : "All"}</option>`)}
      </select></label>
    </search>
    ${list.failure && html`<${Failure} failure=${list.failure} retry=${list.reload} />`}
    ${list.sessions && html`<${Lines} sessions=${shown} isFiltered=${Boolean(wanted || status)} />`}
    ${!list.sessions && !list.failure && html`<${Loading} what="the sessions" />`}
    ${
      list.more &&
      html`<p class="row"><button onClick=${list.more}>Show earlier sessions</button>
      ${wanted && html`<span class="quiet">Only the sessions shown so far were searched.</span>`}</p>`
    }`;
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

/**
 * The latest sessions, and all unfinished ones.
 *
 * @param {Api} api
 * @param {string} status
 */
function useSessions(api, status) {
  const [state, setState] = useState(/** @type {State} */ ({}));
  const latest = useRef(0);
  const load = async (/** @type {SessionLine[]} */ before, /** @type {string} */ cursor = "") => {
    // The answer to an earlier request may arrive after that to a later one.
    const asked = (latest.current += 1);
    const answered = (/** @type {import("preact/hooks").StateUpdater<State>} */ next) =>
      asked === latest.current && setState(next);
    try {
      const { data } = await api.sessions({
        limit: PAGE,
        ...(status && { status }),
        ...(cursor && { cursor }),
      });
      const found = [...before, ...data.items];
      const missing = status || cursor ? [] : await undone(api, Boolean(data.nextCursor));
      answered({ sessions: unique([...found, ...missing]), next: data.nextCursor });
    } catch (failure) {
      answered((known) => ({ ...known, failure }));
    }
  };
  useEffect(() => {
    setState({});
    load([]);
  }, [status]);
  const more = state.next && (() => load(state.sessions ?? [], state.next));
  return { ...state, more, reload: () => load([]) };
}

/**
 * @param {Api} api
 * @param {boolean} hasMore
 */
async function undone(api, hasMore) {
  if (!hasMore) return [];
  const answers = await Promise.all(UNDONE.map((status) => api.sessions({ limit: 1000, status })));
  return answers.flatMap(({ data }) => data.items);
}

/** @param {SessionLine[]} sessions */
function unique(sessions) {
  const byId = new Map(sessions.map((session) => [session.sessionId, session]));
  return [...byId.values()].sort((one, other) => Date.parse(other.startsAt) - Date.parse(one.startsAt));
}
