// All sessions: first those that somebody has to do something about.

import { attention } from "./attention.js";
import { Failure, Loading, Title, Word } from "./elements.js";
import { sessionHref } from "./route.js";
import { html, useEffect, useRef, useState } from "./vendor/htm-preact.js";
import { plural, span, STATUS } from "./words.js";

const PAGE = 200;
const FILTERS = ["", "SCHEDULED", "IN_PROGRESS", "FINALIZING", "COMPLETED", "CANCELLED"];
const NONE_FITS = "No session fits. Search for something else or choose another status.";
const NONE_YET = "There are no sessions yet. They appear here as soon as they are planned.";
// Sessions nobody is through with; there are never so many that they are not all read at once.
const UNDONE = ["IN_PROGRESS", "SCHEDULED", "FINALIZING"];

export function SessionList({ api }) {
  const [status, setStatus] = useState("");
  const [wanted, setWanted] = useState("");
  const list = useSessions(api, status);
  const shown = (list.sessions ?? []).filter((session) => matches(session, wanted));
  return html`<div class="head"><${Title} text="Training sessions" /></div>
    <search class="tools">
      <label>Search<input type="search" value=${wanted} placeholder="Title, place or course"
        onInput=${(event) => setWanted(event.target.value)} /></label>
      <label>Status<select value=${status} onChange=${(event) => setStatus(event.target.value)}>
        ${FILTERS.map((value) => html`<option value=${value}>${value ? STATUS[value].text : "All"}</option>`)}
      </select></label>
    </search>
    ${list.failure && html`<${Failure} failure=${list.failure} retry=${list.reload} />`}
    ${list.sessions && html`<${Lines} sessions=${shown} isFiltered=${wanted || status} />`}
    ${!list.sessions && !list.failure && html`<${Loading} what="the sessions" />`}
    ${list.more && html`<p class="row"><button onClick=${list.more}>Show earlier sessions</button>
      ${wanted && html`<span class="quiet">Only the sessions shown so far were searched.</span>`}</p>`}`;
}

function Lines({ sessions, isFiltered }) {
  if (!sessions.length) {
    return html`<p class="panel quiet">${isFiltered ? NONE_FITS : NONE_YET}</p>`;
  }
  const now = new Date();
  const judged = sessions.map((session) => ({ session, ...attention(session, now) }));
  const urgent = judged
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank || Date.parse(one.session.endsAt) - Date.parse(other.session.endsAt));
  const others = judged.filter(({ rank }) => rank === 0);
  return html`
    ${urgent.length > 0 && html`<${Group} id="urgent" name="Needs attention" judged=${urgent} />`}
    ${others.length > 0 && html`<${Group} id="others" name=${urgent.length ? "Everything else" : "Sessions"} judged=${others} />`}`;
}

function Group({ id, name, judged }) {
  return html`<section class="lines" aria-labelledby=${id}><h2 id=${id}>${name}</h2>${judged.map(Line)}</section>`;
}

function Line({ session, text, tone }) {
  const { sessionId, title, startsAt, endsAt, timezone, location, rosterCount } = session;
  return html`<a class="line" key=${sessionId} href=${sessionHref(sessionId)}>
    <strong>${title}</strong><${Word} text=${text} tone=${tone} />
    <span class="quiet small">${span(startsAt, endsAt, timezone)} (${timezone})${location && ` · ${location}`} · ${plural(rosterCount, "person", "people")}</span>
  </a>`;
}

function matches({ title, location = "", courseId, sessionId }, wanted) {
  const text = `${title} ${location} ${courseId} ${sessionId}`.toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** The latest sessions, and among them every one that is not done. */
function useSessions(api, status) {
  const [state, setState] = useState({});
  const latest = useRef(0);
  const load = async (before, cursor) => {
    // An answer to an earlier question may come after that to a later one.
    const asked = (latest.current += 1);
    const answered = (next) => asked === latest.current && setState(next);
    try {
      const { data } = await api.sessions({ limit: PAGE, ...(status && { status }), ...(cursor && { cursor }) });
      const found = [...before, ...data.items];
      const missing = status || cursor ? [] : await undone(api, data.nextCursor);
      answered({ sessions: unique([...found, ...missing]), next: data.nextCursor });
    } catch (failure) {
      answered((state) => ({ ...state, failure }));
    }
  };
  useEffect(() => {
    setState({});
    load([]);
  }, [status]);
  const more = state.next && (() => load(state.sessions, state.next));
  return { ...state, more, reload: () => load([]) };
}

async function undone(api, hasMore) {
  if (!hasMore) return [];
  const answers = await Promise.all(UNDONE.map((status) => api.sessions({ limit: 1000, status })));
  return answers.flatMap(({ data }) => data.items);
}

function unique(sessions) {
  const byId = new Map(sessions.map((session) => [session.sessionId, session]));
  return [...byId.values()].sort((one, other) => Date.parse(other.startsAt) - Date.parse(one.startsAt));
}
