// Rows that two people changed: choose whose marks stay. And marks of people who were removed from the list.

import { Note } from "./elements.js";
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { isolated, plural } from "../words.js";

// More collisions than this are resolved with one of the two buttons above.
const SHOWN = 20;

/**
 * @import { Leftover } from "../state/draft.js"
 * @import { Marks } from "../state/marks.js"
 * @import { Session } from "../state/session.js"
 */

/** @param {{ session: Session }} properties */
export function Collisions({ session }) {
  const ids = [...session.draft.collisions.keys()];
  const authors = useAuthors(session, ids.length > 0);
  if (!ids.length) return null;
  const [these, them] = ids.length === 1 ? ["this row", "it"] : ["these rows", "them"];
  return html`<div class="note warn">
    <p role="alert"><strong>${plural(ids.length, "row was", "rows were")} changed by somebody else while you worked on ${them}.</strong>${" "}
      Choose whose marks stay. Nothing is saved in ${these} before you do.</p>
    ${
      ids.length > 1 &&
      html`<p class="row"><button onClick=${() => session.choose(ids, true)}>Keep all of mine</button>
      <button onClick=${() => session.choose(ids, false)}>Take all of theirs</button></p>`
    }
    <ul class="lines">${ids.slice(0, SHOWN).map((id) => html`<${Collision} key=${id} session=${session} id=${id} author=${authors.get(id)} />`)}</ul>
    ${ids.length > SHOWN && html`<p>And ${plural(ids.length - SHOWN, "more row")}; they follow as you choose.</p>`}
  </div>`;
}

/** @param {{ session: Session, id: string, author?: string }} properties */
function Collision({ session, id, author = "Theirs" }) {
  const { draft } = session;
  const { name } = draft.person(id);
  const { theirs, fields } = /** @type {import("../state/draft.js").Collision} */ (draft.collisions.get(id));
  return html`<li class="panel">
    <h3><bdi>${name}</bdi></h3>
    <dl class="facts"><dt>Yours</dt><dd>${fieldsInWords(draft.marks(id), fields)}</dd><dt><bdi>${author}</bdi></dt><dd>${fieldsInWords(theirs, fields)}</dd></dl>
    <p class="row"><button onClick=${() => session.choose([id], true)} aria-label="Keep mine for ${name}">Keep mine</button>
      <button onClick=${() => session.choose([id], false)} aria-label="Take theirs for ${name}">Take theirs</button></p>
  </li>`;
}

/**
 * Marks that can no longer be saved stay readable, so that they can be written down.
 *
 * @param {{ session: Session }} properties
 */
export function Leftovers({ session }) {
  const { orphans, late } = session.draft;
  return html`
    ${
      late.length > 0 &&
      html`<${Note} tone="warn" live>
      <p><strong>These marks were not saved,</strong> because the session was closed before:</p><${MarksLeft} rows=${late} /><//>`
    }
    ${
      orphans.length > 0 &&
      html`<${Note} tone="warn" live>
      <p><strong>${plural(orphans.length, "person is", "people are")} no longer on the list,</strong> so your marks
        for them were not saved:</p><${MarksLeft} rows=${orphans} /><//>`
    }`;
}

/** @param {{ rows: Leftover[] }} properties */
function MarksLeft({ rows }) {
  return html`<ul>${rows.map(({ name, marks }) => html`<li><bdi>${name}</bdi>: <bdi>${marksInWords(marks)}</bdi></li>`)}</ul>`;
}

/**
 * Only what the two chose differently.
 *
 * @param {Marks} marks
 * @param {import("../state/marks.js").Field[]} fields
 */
function fieldsInWords({ isPresent, hasPassed, remarks }, fields) {
  const words = {
    isPresent: isPresent ? "present" : "absent",
    hasPassed: hasPassed ? "passed" : "failed",
    isMarked: "",
    remarks: remarks ? `“${isolated(remarks)}”` : "no remark",
  };
  return fields.map((field) => words[field]).join(", ");
}

/** @param {Marks} marks */
function marksInWords({ isPresent, hasPassed, remarks }) {
  const outcome = isPresent ? `present, ${hasPassed ? "passed" : "failed"}` : "absent";
  return remarks ? `${outcome}, “${isolated(remarks)}”` : outcome;
}

/**
 * The authors' names by row. The page does not wait for them: without a name it says "theirs".
 *
 * @param {Session} session
 * @param {boolean} isNeeded
 */
function useAuthors(session, isNeeded) {
  const [authors, setAuthors] = useState(new Map());
  useEffect(() => {
    if (isNeeded) session.authors().then(setAuthors, () => setAuthors(new Map()));
  }, [isNeeded, session.view.version]);
  return authors;
}
