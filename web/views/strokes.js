// Marking many people at once, and taking it back.

import { html } from "../vendor/htm-preact.js";
import { number, plural } from "../words.js";

/**
 * @import { Marks } from "../state/marks.js"
 *
 * @typedef {object} Properties
 * @property {import("../state/session.js").Session} session
 * @property {string[]} ids the people who are shown
 * @property {(way: "undo" | "redo") => void} turn
 * @property {(words: string) => void} say
 *
 * @typedef {{ words: string, patch: Partial<Marks>, fits: (marks: Marks) => boolean, count: number, others: string, isHidden?: boolean }} Stroke
 */

/**
 * Each stroke passes over those whom it does not fit, and says so: who was marked by hand knows better than a button.
 *
 * @param {Properties} properties
 */
export function Strokes({ session, ids, turn, say }) {
  const { steps } = session.draft;
  const buttons = strokes(session, ids).filter(({ isHidden }) => !isHidden);
  return html`${buttons.map((stroke) => html`<${Mark} key=${stroke.others} ...${{ session, ids, stroke, say }} />`)}
    <${Button} isOn=${steps.canUndo} press=${() => turn("undo")}>Undo<//>
    <${Button} isOn=${steps.canRedo} press=${() => turn("redo")}>Redo<//>`;
}

/**
 * @param {Properties["session"]} session
 * @param {string[]} ids
 * @returns {Stroke[]}
 */
function strokes({ draft }, ids) {
  const isPart = ids.length < draft.size;
  const marks = ids.map((id) => draft.marks(id));
  const [untouched, unmarked, passed] = [isUntouched, isUnmarked, isPassed].map(
    (fits) => marks.filter(fits).length,
  );
  const all = untouched === ids.length ? "Mark all present" : "Mark the rest present";
  return [
    {
      words: isPart ? `Mark ${number(untouched)} shown present` : all,
      patch: { isPresent: true },
      fits: isUntouched,
      count: untouched,
      others: "marked already or with a remark",
    },
    {
      words: "Mark the rest absent",
      patch: { isPresent: false },
      fits: isUnmarked,
      count: unmarked,
      others: "marked already",
    },
    {
      words: `Mark ${number(passed)} shown failed`,
      patch: { hasPassed: false },
      fits: isPassed,
      count: passed,
      others: "not present, or failed already",
      isHidden: !isPart,
    },
  ];
}

/** @param {Marks} marks */
const isUnmarked = ({ isMarked }) => !isMarked;
/** @param {Marks} marks */
const isUntouched = ({ isMarked, remarks }) => !isMarked && !remarks;
/** @param {Marks} marks */
const isPassed = ({ isPresent, hasPassed }) => isPresent && hasPassed;

/** @param {Omit<Properties, "turn"> & { stroke: Stroke }} properties */
function Mark({ session, ids, say, stroke: { words, patch, fits, count, others } }) {
  const mark = () => {
    const fitting = ids.filter((id) => fits(session.draft.marks(id)));
    const rest = ids.length - fitting.length;
    session.edit(fitting, patch);
    const marked = `${plural(fitting.length, "person", "people")} marked.`;
    say(
      rest ? `${marked} ${number(rest)} ${others}: left as ${rest === 1 ? "it was" : "they were"}.` : marked,
    );
  };
  return html`<${Button} isOn=${count > 0} press=${mark}>${words}<//>`;
}

/**
 * A button that keeps the focus when it has nothing left to do.
 *
 * @param {{ isOn: boolean, press: () => void, children?: unknown }} properties
 */
function Button({ isOn, press, children }) {
  return html`<button aria-disabled=${!isOn} onClick=${() => isOn && press()}>${children}</button>`;
}
