// What a pasted piece of a spreadsheet means for the grid: whose marks change to what, and which lines are left out.

import { folded, finder } from "./matching.js";
import { cellsOf } from "./tables.js";

/**
 * @import { Draft, Patch, Person } from "./draft.js"
 * @import { Field, Marks } from "./marks.js"
 *
 * @typedef {"isPresent" | "hasPassed" | "remarks"} Role
 * @typedef {{ index: number, fields: (Role | undefined)[] }} Start the row of the first line, and the fields from there to the right
 * @typedef {{ number: number, text: string, id?: string, name?: string, patch?: Partial<Marks>, problem?: string }} Line
 * @typedef {{ lines: Line[], patches: Patch[] }} Plan
 * @typedef {{ names: number[], roles: (Role | undefined)[], hasHead: boolean }} Layout
 */

const LONGEST_REMARK = 5_000;
const SHORT_YES = words("yes y x ✓ ✔ 1 true p ok ja j oui o si da tak");
const SHORT_NO = words("no n 0 false a - – nein non nie");
const SHORT = new Set([...SHORT_YES, ...SHORT_NO]);
const YES = new Set([...SHORT_YES, ...words("present attended passed pass anwesend bestanden")]);
const NO = new Set([
  ...SHORT_NO,
  ...words("absent missing failed fail abwesend"),
  "not passed",
  "nicht bestanden",
]);
const RESULTS = new Set([...words("passed pass failed fail bestanden"), "not passed", "nicht bestanden"]);
const TITLE = /^$|name|person|people|employee|participant|attendee|teilnehmer|mitarbeiter/;

/** @type {[Role, RegExp][]} */
const HEADS = [
  ["isPresent", /present|presence|attend|anwesen/],
  ["hasPassed", /pass|result|outcome|bestanden|ergebnis/],
  ["remarks", /remark|note|comment|bemerk/],
];

/**
 * What to do with a pasted text. Lines are matched by name if names are in it; otherwise they go to the people shown,
 * one by one, from where it was pasted, if that is a column of marks.
 *
 * @param {Draft} draft
 * @param {string[]} ids the people shown
 * @param {string} text
 * @param {Start | null} start
 * @returns {Plan}
 */
export function planned(draft, ids, text, start) {
  const rows = cellsOf(text);
  const find = finder(draft.people);
  const layout = layoutOf(rows, find, start?.fields ?? []);
  const whose = layout.names.length || !start ? byName(layout, find) : byPlace(draft, ids, layout, start);
  const lines = rows.map((cells, at) => lineOf({ cells, at }, layout, whose));
  return onlyOnce(lines.filter(({ number, text: said }) => said && !(layout.hasHead && number === 1)));
}

/**
 * @param {{ cells: string[], at: number }} row
 * @param {Layout} layout
 * @param {(row: { cells: string[], at: number }) => Person} whose
 * @returns {Line}
 */
function lineOf(row, layout, whose) {
  const known = { number: row.at + 1, text: row.cells.filter(Boolean).join(" · ") };
  try {
    const { personnelId, name } = whose(row);
    return { ...known, id: personnelId, name, patch: patchOf(row.cells, layout) };
  } catch (failure) {
    if (!(failure instanceof Unclear)) throw failure;
    return { ...known, problem: failure.message };
  }
}

/** Why a line is left out, in words. */
class Unclear extends Error {}

/**
 * @param {Layout} layout
 * @param {(name: string) => Person[]} find
 * @returns {(line: { cells: string[] }) => Person}
 */
function byName({ names }, find) {
  return ({ cells }) => {
    const found = find(nameIn(cells, names));
    if (!found.length) throw new Unclear("Nobody on the list is called so.");
    if (found.length > 1) throw new Unclear(`${found.length} people on the list are called so.`);
    return found[0];
  };
}

/**
 * @param {Draft} draft
 * @param {string[]} ids
 * @param {Layout} layout
 * @param {Start} start
 * @returns {(line: { at: number }) => Person}
 */
function byPlace(draft, ids, { hasHead }, { index }) {
  return ({ at }) => {
    const id = ids[index + at - (hasHead ? 1 : 0)];
    if (id === undefined) throw new Unclear("There are no more people below.");
    return draft.person(id);
  };
}

/**
 * Where names are, and what the other columns are for.
 *
 * @param {string[][]} rows
 * @param {(name: string) => Person[]} find
 * @param {(Role | undefined)[]} fields
 * @returns {Layout}
 */
function layoutOf(rows, find, fields) {
  const width = Math.max(0, ...rows.map((cells) => cells.length));
  const names = nameColumns(rows, find, width);
  const columns = [...Array(width).keys()];
  const heads = columns.map((at) => headOf(rows[0]?.[at] ?? ""));
  const isTitled = !names.length || TITLE.test(folded(nameIn(rows[0], names)));
  const hasHead = isTitled && heads.some(Boolean) && columns.every((at) => isHead(rows, at));
  if (hasHead) return { names, roles: heads, hasHead };
  const others = columns.filter((at) => !names.includes(at));
  const roles = names.length ? guessed(rows, others, width) : columns.map((at) => fields[at]);
  return { names, roles, hasHead };
}

/**
 * The column, or the two neighbours, in which most people are named: first and last name may stand apart.
 *
 * @param {string[][]} rows
 * @param {(name: string) => Person[]} find
 * @param {number} width
 */
function nameColumns(rows, find, width) {
  /** @type {number[]} */
  let best = [];
  let most = 0;
  for (let at = 0; at < width; at += 1) {
    for (const columns of [[at], [at, at + 1]]) {
      const count = rows.filter((cells) => find(nameIn(cells, columns)).length).length;
      if (count > most) [best, most] = [columns, count];
    }
  }
  return best;
}

/**
 * @param {string[]} cells
 * @param {number[]} columns
 */
function nameIn(cells = [], columns) {
  return columns
    .map((at) => cells[at] ?? "")
    .join(" ")
    .trim();
}

/** @param {string} cell */
function headOf(cell) {
  return HEADS.find(([, likely]) => likely.test(folded(cell)))?.[0];
}

/**
 * Whether the first cell of a column may be its head. A word that may also be a mark is one above yes and no only.
 *
 * @param {string[][]} rows
 * @param {number} at
 */
function isHead([first, ...rest], at) {
  if (verdict(first[at] ?? "") === undefined) return true;
  const cells = rest.map((row) => row[at]).filter(Boolean);
  return cells.length > 0 && cells.every((cell) => SHORT.has(folded(cell)));
}

/**
 * Without a head, a column of yes and no says who was present, a second one who passed, and a text is a remark.
 *
 * @param {string[][]} rows
 * @param {number[]} columns
 * @param {number} width
 */
function guessed(rows, columns, width) {
  const roles = /** @type {(Role | undefined)[]} */ (Array(width).fill(undefined));
  for (const at of columns) {
    const cells = rows.map((row) => row[at] ?? "").filter(Boolean);
    const wanted = cells.length ? rolesFor(cells) : [];
    roles[at] = wanted.find((role) => !roles.includes(role));
  }
  return roles;
}

/**
 * @param {string[]} cells
 * @returns {Role[]}
 */
function rolesFor(cells) {
  if (!cells.every((cell) => verdict(cell) !== undefined)) return ["remarks"];
  return cells.some((cell) => RESULTS.has(folded(cell))) ? ["hasPassed"] : ["isPresent", "hasPassed"];
}

/** @param {string} cell */
function verdict(cell) {
  const word = folded(cell);
  if (YES.has(word)) return true;
  return NO.has(word) ? false : undefined;
}

/** @param {string} list */
function words(list) {
  return list.split(" ");
}

/**
 * What one line sets. An empty cell sets nothing; a name alone, or a result, is of somebody who was there.
 *
 * @param {string[]} cells
 * @param {Layout} layout
 * @returns {Partial<Marks>}
 */
function patchOf(cells, { names, roles }) {
  /** @type {Partial<Marks>} */
  const patch = {};
  roles.forEach((role, at) => {
    if (role && cells[at]) Object.assign(patch, { [role]: valueOf(role, cells[at]) });
  });
  const isOfSomebodyThere = "hasPassed" in patch || (names.length > 0 && !roles.some(Boolean));
  return isOfSomebodyThere && !roles.includes("isPresent") ? { isPresent: true, ...patch } : patch;
}

/**
 * @param {Role} role
 * @param {string} cell
 */
function valueOf(role, cell) {
  if (role === "remarks") {
    if (cell.length > LONGEST_REMARK) throw new Unclear("The remark is too long.");
    return cell;
  }
  const is = verdict(cell);
  if (is === undefined) throw new Unclear(`“${cell}” is neither yes nor no.`);
  return is;
}

/**
 * Whoever stands in several lines is marked by the first; the others are left out.
 *
 * @param {Line[]} lines
 * @returns {Plan}
 */
function onlyOnce(lines) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  /** @type {Patch[]} */
  const patches = [];
  const settled = lines.map((line) => {
    const { id, patch, number } = line;
    if (id === undefined || !patch) return line;
    const earlier = seen.get(id);
    if (earlier) return { ...line, patch: undefined, problem: `This person is in line ${earlier} too.` };
    seen.set(id, number);
    patches.push([id, patch]);
    return line;
  });
  return { lines: settled, patches };
}
