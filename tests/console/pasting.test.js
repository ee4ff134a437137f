// The rules of pasting from a spreadsheet, and of copying to one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { listAsText, rangeAsText } from "../../web/state/copying.js";
import { Draft } from "../../web/state/draft.js";
import { planned } from "../../web/state/pasting.js";
import { selection } from "../../web/state/selection.js";
import { cellsOf } from "../../web/state/tables.js";

const NAMES = { a: "Anna Berg", b: "Benoît Ångström", c: "Chris Lee", d: "Chris Lee" };
const IDS = Object.keys(NAMES);
const TICKS = { index: 0, fields: ["isPresent", "hasPassed", "remarks"] };
const draft = () =>
  new Draft(
    Object.entries(NAMES).map(([personnelId, name]) => ({
      personnelId,
      name,
      isPresent: false,
      hasPassed: true,
      isMarked: false,
    })),
  );
const patches = (text, start = TICKS) => planned(draft(), IDS, text, start).patches;
const problems = (text, start = TICKS) =>
  planned(draft(), IDS, text, start)
    .lines.filter(({ problem }) => problem)
    .map(({ number, problem }) => [number, problem]);

test("names alone say who was present, whatever their accents, capitals and order", () => {
  assert.deepEqual(patches("BERG, Anna\r\nBenoit Angstrom\r\n"), [
    ["a", { isPresent: true }],
    ["b", { isPresent: true }],
  ]);
});

test("first and last name may stand in two columns", () => {
  assert.deepEqual(patches("Berg\tAnna\tx"), [["a", { isPresent: true }]]);
});

test("a name that is nobody's, or of two people, marks nobody", () => {
  assert.deepEqual(problems("Anna Berg\nDora Falk\nChris Lee"), [
    [2, "Nobody on the list is called so."],
    [3, "2 people on the list are called so."],
  ]);
});

test("an id tells two people of one name apart", () => {
  assert.deepEqual(patches("d"), [["d", { isPresent: true }]]);
});

test("beside names, yes and no are presence, then outcome, and a text is a remark", () => {
  assert.deepEqual(patches("Anna Berg\tyes\tno\tCame late\nBenoît Ångström\tN\t\t"), [
    ["a", { isPresent: true, hasPassed: false, remarks: "Came late" }],
    ["b", { isPresent: false }],
  ]);
});

test("a result is of somebody who was there", () => {
  assert.deepEqual(patches("Anna Berg\tfailed"), [["a", { isPresent: true, hasPassed: false }]]);
});

test("a head says what its column is for, and one without is left out", () => {
  const text = "Name\tCompany\tRemarks\tAttended\nAnna Berg\tAcme\tCame late\tno";

  assert.deepEqual(patches(text), [["a", { remarks: "Came late", isPresent: false }]]);
});

test("a word that may be a mark is a head only above yes and no", () => {
  assert.deepEqual(patches("Present\nyes\nno"), [
    ["a", { isPresent: true }],
    ["b", { isPresent: false }],
  ]);
  assert.deepEqual(patches("present\nabsent"), [
    ["a", { isPresent: true }],
    ["b", { isPresent: false }],
  ]);
  assert.deepEqual(problems("Dora Falk\tpassed\nAnna Berg\tyes"), [[1, "Nobody on the list is called so."]]);
});

test("without names, lines go to the people shown, from the place on", () => {
  const start = { index: 1, fields: ["isPresent", "hasPassed", "remarks"] };

  assert.deepEqual(patches("yes\tno\n\nno\nyes", start), [
    ["b", { isPresent: true, hasPassed: false }],
    ["d", { isPresent: false }],
  ]);
  assert.deepEqual(problems("yes\tno\n\nno\nyes", start), [[4, "There are no more people below."]]);
});

test("a cell that is neither yes nor no marks nobody", () => {
  assert.deepEqual(problems("maybe\nyes"), [[1, "“maybe” is neither yes nor no."]]);
  assert.deepEqual(patches("maybe\nyes"), [["b", { isPresent: true }]]);
});

test("whoever stands in two lines is marked by the first", () => {
  assert.deepEqual(patches("Anna Berg\tyes\nAnna Berg\tno"), [["a", { isPresent: true }]]);
  assert.deepEqual(problems("Anna Berg\tyes\nAnna Berg\tno"), [[2, "This person is in line 1 too."]]);
});

test("what was copied is pasted as it was, lines, quotation marks and formulas too", () => {
  const copied = draft();
  const remark = '=HYPERLINK("http://x")\nand\ttwo';
  copied.change([["a", { isPresent: true, hasPassed: false, remarks: remark }]]);
  copied.change([["b", { isPresent: false, remarks: '"Bo"' }]]);

  const text = listAsText(copied, ["a", "b"]);

  assert.match(text, /^Name\tPresent\tPassed\tRemarks\nAnna Berg\tyes\tno\t"'=HYPERLINK/);
  assert.deepEqual(patches(text), [
    ["a", { isPresent: true, hasPassed: false, remarks: remark }],
    ["b", { isPresent: false, remarks: '"Bo"' }],
  ]);
  assert.equal(rangeAsText(copied, ["a", "b", "c"], 1, 2), "yes\tno\nno\t\n\t");
});

test("a quotation mark that is never closed is a letter", () => {
  assert.deepEqual(cellsOf('"Bo Berg\tyes\nAnna\tno'), [
    ['"Bo Berg', "yes"],
    ["Anna", "no"],
  ]);
});

test("people are found with and without accents", () => {
  assert.deepEqual(selection(draft(), "angstrom BENOÎT", "all"), ["b"]);
});
