// Two people changed the same row: whose marks stay, row by row. And marks of people who are gone from the list.

import { Note } from "./elements.js";
import { html, useEffect, useState } from "./vendor/htm-preact.js";
import { plural } from "./words.js";

// Whoever has more than this to settle does it with one of the two buttons above.
const SHOWN = 20;

export function Collisions({ session }) {
  const ids = [...session.draft.collisions.keys()];
  const authors = useAuthors(session, ids.length > 0);
  if (!ids.length) return null;
  const [these, them] = ids.length === 1 ? ["this row", "it"] : ["these rows", "them"];
  return html`<div class="note warn" role="alert">
    <p><strong>${plural(ids.length, "row was", "rows were")} changed by somebody else while you worked on ${them}.</strong>${" "}
      Choose whose marks stay. Nothing is saved in ${these} before you do.</p>
    ${ids.length > 1 && html`<p class="row"><button onClick=${() => session.choose(ids, true)}>Keep all of mine</button>
      <button onClick=${() => session.choose(ids, false)}>Take all of theirs</button></p>`}
    <ul class="lines">${ids.slice(0, SHOWN).map((id) => html`<${Collision} key=${id} session=${session} id=${id} author=${authors.get(id)} />`)}</ul>
    ${ids.length > SHOWN && html`<p>And ${plural(ids.length - SHOWN, "more row")}; they follow as you choose.</p>`}
  </div>`;
}

function Collision({ session, id, author = "Theirs" }) {
  const { draft } = session;
  const { name } = draft.person(id);
  return html`<li class="panel">
    <h3>${name}</h3>
    <dl class="facts"><dt>Yours</dt><dd>${marksInWords(draft.marks(id))}</dd><dt>${author}</dt><dd>${marksInWords(draft.collisions.get(id))}</dd></dl>
    <p class="row"><button onClick=${() => session.choose([id], true)} aria-label="Keep mine for ${name}">Keep mine</button>
      <button onClick=${() => session.choose([id], false)} aria-label="Take theirs for ${name}">Take theirs</button></p>
  </li>`;
}

/** Marks that can no longer be saved are at least not lost: they can be read and written down. */
export function Leftovers({ session }) {
  const { orphans, late } = session.draft;
  return html`
    ${late.length > 0 && html`<${Note} tone="warn" live>
      <p><strong>These marks were not saved,</strong> because the session was closed before:</p><${Marks} rows=${late} /><//>`}
    ${orphans.length > 0 && html`<${Note} tone="warn" live>
      <p><strong>${plural(orphans.length, "person is", "people are")} no longer on the list,</strong> so your marks
        for them were not saved:</p><${Marks} rows=${orphans} /><//>`}`;
}

function Marks({ rows }) {
  return html`<ul>${rows.map(({ name, marks }) => html`<li>${name}: ${marksInWords(marks)}</li>`)}</ul>`;
}

export function marksInWords({ isPresent, hasPassed, remarks }) {
  const outcome = isPresent ? `present, ${hasPassed ? "passed" : "failed"}` : "absent";
  return remarks ? `${outcome}, “${remarks}”` : outcome;
}

/** Names by row. Nobody waits for them: without a history, or the right to see it, it is "theirs". */
function useAuthors(session, isNeeded) {
  const [authors, setAuthors] = useState(new Map());
  useEffect(() => {
    if (isNeeded) session.authors().then(setAuthors, () => setAuthors(new Map()));
  }, [isNeeded, session.view.version]);
  return authors;
}
