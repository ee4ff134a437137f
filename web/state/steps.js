// What a person did to the grid, step by step, to be undone and done again.

/**
 * @import { Field, Marks } from "./marks.js"
 *
 * @typedef {Marks[Field]} Value
 * @typedef {{ id: string, field: Field, old: Value, now: Value }} Change
 * @typedef {{ topic: string | null, changes: Change[] }} Step
 * @typedef {{ id: string, field: Field, value: Value }} Wish
 * @typedef {{ done: Step[], undone: Step[] }} Packed
 */

const MOST_STEPS = 100;

export class Steps {
  /** @type {Step[]} */
  #done = [];
  /** @type {Step[]} */
  #undone = [];
  #isOpen = false;

  get canUndo() {
    return this.#done.length > 0;
  }

  get size() {
    return this.#done.length + this.#undone.length;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /**
   * Remember some changes as a step, or as more of the open step if that has the same topic.
   *
   * @param {string | null} topic
   * @param {Change[]} changes
   */
  add(topic, changes) {
    if (!changes.length) return;
    this.#undone = [];
    const last = this.#done.at(-1);
    if (this.#isOpen && topic && last?.topic === topic) extend(last, changes);
    else this.#done = [...this.#done, { topic, changes }].slice(-MOST_STEPS);
    this.#isOpen = true;
  }

  /** The person paused or went elsewhere: what comes next is another step. */
  end() {
    this.#isOpen = false;
  }

  /**
   * Take back the last step of which something is left. What another person changed since stays theirs.
   *
   * @param {(id: string, field: Field) => Value | undefined} current
   */
  undo(current) {
    return this.#turn(this.#done, this.#undone, current, ({ old, now }) => [now, old]);
  }

  /** @param {(id: string, field: Field) => Value | undefined} current */
  redo(current) {
    return this.#turn(this.#undone, this.#done, current, ({ old, now }) => [old, now]);
  }

  /**
   * @param {Step[]} from
   * @param {Step[]} to
   * @param {(id: string, field: Field) => Value | undefined} current
   * @param {(change: Change) => [Value, Value]} ends
   * @returns {Wish[]}
   */
  #turn(from, to, current, ends) {
    this.end();
    for (let step = from.pop(); step; step = from.pop()) {
      const left = step.changes.filter((change) => {
        const [now, then] = ends(change);
        return now !== then && current(change.id, change.field) === now;
      });
      // Marked is what follows from the rest: it cannot be all that a step did.
      if (left.some(({ field }) => field !== "isMarked")) {
        to.push({ ...step, changes: left });
        return left.map((change) => ({ id: change.id, field: change.field, value: ends(change)[1] }));
      }
    }
    return [];
  }

  forget() {
    this.unpack({ done: [], undone: [] });
  }

  /** @returns {Packed} */
  packed() {
    return { done: this.#done, undone: this.#undone };
  }

  /** @param {Packed} packed */
  unpack({ done, undone }) {
    this.#done = [...done];
    this.#undone = [...undone];
    this.end();
  }
}

/**
 * @param {Step} step
 * @param {Change[]} changes
 */
function extend(step, changes) {
  for (const change of changes) {
    const known = step.changes.find(({ id, field }) => id === change.id && field === change.field);
    if (known) known.now = change.now;
    else step.changes.push(change);
  }
}
