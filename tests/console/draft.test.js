// The rules of the attendance draft: two people's marks come together, and steps are undone and done again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Draft } from "../../web/state/draft.js";

const row = (personnelId, marks = {}) => ({
  personnelId,
  name: `Person ${personnelId}`,
  isPresent: false,
  hasPassed: true,
  isMarked: false,
  ...marks,
});
const ANNA = "anna";
const BEN = "ben";

/** Two people nobody has marked. */
const drafted = () => new Draft([row(ANNA), row(BEN)]);

/** What the server has once all unsaved rows were sent. */
function save(draft) {
  draft.sending(draft.sendable);
  draft.saved(draft.sendable);
}

/** Type a text letter by letter. */
function type(draft, id, text) {
  for (const letter of text)
    draft.change([[id, { remarks: draft.marks(id).remarks + letter }]], `remarks of ${id}`);
}

test("different fields of one row come together without a question", () => {
  const draft = drafted();
  draft.change([[ANNA, { isPresent: true }]]);

  draft.reconcile([row(ANNA, { remarks: "Came late", isMarked: true }), row(BEN)]);

  assert.equal(draft.collisions.size, 0);
  assert.deepEqual(draft.marks(ANNA), {
    isPresent: true,
    hasPassed: true,
    isMarked: true,
    remarks: "Came late",
  });
});

test("only the field that both changed is at odds, and keeping mine keeps their other fields", () => {
  const draft = drafted();
  draft.change([[ANNA, { remarks: "Mine" }]]);

  draft.reconcile([row(ANNA, { isPresent: true, remarks: "Theirs", isMarked: true }), row(BEN)]);

  assert.deepEqual(draft.collisions.get(ANNA).fields, ["remarks"]);
  assert.deepEqual(draft.sendable, []);
  draft.choose(ANNA, true);
  assert.deepEqual(draft.marks(ANNA), { isPresent: true, hasPassed: true, isMarked: true, remarks: "Mine" });
});

test("taking theirs keeps my other fields", () => {
  const draft = drafted();
  draft.change([[ANNA, { remarks: "Mine", hasPassed: false }]]);
  draft.reconcile([row(ANNA, { remarks: "Theirs", isMarked: true }), row(BEN)]);

  draft.choose(ANNA, false);

  assert.equal(draft.marks(ANNA).remarks, "Theirs");
  assert.equal(draft.marks(ANNA).hasPassed, false);
  assert.equal(draft.sendable.length, 1);
});

test("a question stays open when the session is read again, in this tab or after a reload", () => {
  const draft = drafted();
  draft.change([[ANNA, { remarks: "Mine" }]]);
  const theirs = row(ANNA, { remarks: "Theirs", isMarked: true });
  draft.reconcile([theirs, row(BEN)]);

  draft.reconcile([theirs, row(BEN, { isPresent: true, isMarked: true })]);

  assert.deepEqual([...draft.collisions.keys()], [ANNA]);
  const reloaded = new Draft([theirs, row(BEN)]);
  reloaded.unpack(JSON.parse(JSON.stringify(draft.packed())));
  assert.deepEqual([...reloaded.collisions.keys()], [ANNA]);
  assert.equal(reloaded.marks(ANNA).remarks, "Mine");
});

test("typing what the other person wrote ends the question", () => {
  const draft = drafted();
  draft.change([[ANNA, { remarks: "Mine" }]]);
  draft.reconcile([row(ANNA, { remarks: "Theirs", isMarked: true }), row(BEN)]);

  draft.change([[ANNA, { remarks: "Theirs" }]]);

  assert.equal(draft.collisions.size, 0);
  assert.equal(draft.unsaved, 0);
});

test("a row that comes back while more is typed is no other person's", () => {
  const draft = drafted();
  type(draft, ANNA, "Came");
  draft.sending(draft.sendable);
  type(draft, ANNA, " late");

  draft.reconcile([row(ANNA, { remarks: "Came", isMarked: true }), row(BEN)]);

  assert.equal(draft.collisions.size, 0);
  assert.equal(draft.marks(ANNA).remarks, "Came late");
});

test("a pause ends a step: undo takes back what was typed since, redo brings it again", () => {
  const draft = drafted();
  type(draft, ANNA, "Arrived late");
  save(draft);
  draft.steps.end();
  type(draft, ANNA, ", left early");

  draft.undo();

  assert.equal(draft.marks(ANNA).remarks, "Arrived late");
  draft.undo();
  assert.equal(draft.marks(ANNA).remarks, "");
  draft.redo();
  draft.redo();
  assert.equal(draft.marks(ANNA).remarks, "Arrived late, left early");
  assert.equal(draft.steps.canRedo, false);
});

test("another field, or typing after an undo, is a step of its own", () => {
  const draft = drafted();
  type(draft, ANNA, "a");
  type(draft, BEN, "b");
  type(draft, ANNA, "c");
  draft.undo();
  type(draft, ANNA, "d");

  draft.undo();

  assert.deepEqual([draft.marks(ANNA).remarks, draft.marks(BEN).remarks], ["a", "b"]);
  assert.equal(draft.steps.canRedo, true);
});

test("undo leaves what another person changed since", () => {
  const draft = drafted();
  draft.change([
    [ANNA, { isPresent: true }],
    [BEN, { isPresent: true }],
  ]);
  save(draft);
  draft.reconcile([
    row(ANNA, { isPresent: true, isMarked: true, remarks: "Came late" }),
    row(BEN, { isPresent: false, isMarked: true }),
  ]);

  draft.undo();

  assert.equal(draft.marks(ANNA).isPresent, false);
  assert.equal(draft.marks(ANNA).remarks, "Came late");
  assert.equal(draft.unsaved, 1);
});

test("undo says not marked again only while nothing was saved", () => {
  const draft = drafted();
  draft.change([[ANNA, { isPresent: true }]]);
  draft.change([[BEN, { isPresent: true }]]);
  draft.undo();
  assert.equal(draft.marks(BEN).isMarked, false);
  save(draft);

  draft.undo();

  assert.deepEqual([draft.marks(ANNA).isPresent, draft.marks(ANNA).isMarked], [false, true]);
});

test("steps survive a reload, with all saved", () => {
  const draft = drafted();
  draft.change([[ANNA, { isPresent: true }]]);
  save(draft);
  const reloaded = new Draft([row(ANNA, { isPresent: true, isMarked: true }), row(BEN)]);
  reloaded.unpack(JSON.parse(JSON.stringify(draft.packed())));

  const [undone] = reloaded.undo();

  assert.deepEqual(undone, { id: ANNA, field: "isPresent", value: false });
  assert.equal(reloaded.marks(ANNA).isPresent, false);
});

test("a change that changes nothing is no step", () => {
  const draft = new Draft([row(ANNA, { isMarked: true })]);

  draft.change([[ANNA, { isPresent: false }]]);

  assert.equal(draft.steps.canUndo, false);
  assert.equal(draft.packed(), null);
});

test("marks for a person who was taken off the list are kept with the name", () => {
  const draft = drafted();
  draft.change([[ANNA, { remarks: "Was here" }]]);

  draft.reconcile([row(BEN)]);

  assert.equal(draft.orphans[0].name, "Person anna");
  assert.deepEqual(draft.sendable, []);
});
