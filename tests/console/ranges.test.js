// The rules of marking many people at once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Draft } from "../../web/state/draft.js";
import { alike, filledDown } from "../../web/state/ranges.js";

const row = (personnelId, marks = {}) => ({
  personnelId,
  name: personnelId,
  isPresent: false,
  hasPassed: true,
  isMarked: true,
  ...marks,
});

test("whoever is not there neither passes nor fails", () => {
  const draft = new Draft([row("a", { isPresent: true }), row("b")]);

  assert.deepEqual(alike(draft, ["a", "b"], { hasPassed: false }), [["a", { hasPassed: false }]]);
  assert.deepEqual(alike(draft, ["b"], { isPresent: true, hasPassed: false }), [
    ["b", { isPresent: true, hasPassed: false }],
  ]);
});

test("the marks of the first fill those below, in the chosen columns only", () => {
  const draft = new Draft([row("a", { isPresent: true, remarks: "Own harness" }), row("b"), row("c")]);

  const patches = filledDown(draft, ["a", "b", "c"], ["isPresent", "remarks"]);

  const patch = { isPresent: true, remarks: "Own harness" };
  assert.deepEqual(patches, [
    ["b", patch],
    ["c", patch],
  ]);
});

test("what nobody marked fills nothing", () => {
  const draft = new Draft([row("a", { isMarked: false }), row("b", { isPresent: true })]);

  assert.deepEqual(filledDown(draft, ["a", "b"], ["isPresent"]), []);
});
