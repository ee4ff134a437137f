// Finding people by what somebody typed for their name.

/** @import { Person } from "./draft.js" */

const ACCENTS = /[\u0300-\u036f]/g;

/**
 * A text without its accents and capitals.
 *
 * @param {string} text
 */
export function folded(text) {
  return text.normalize("NFKD").replace(ACCENTS, "").toUpperCase().toLowerCase();
}

/**
 * Returns a function that finds the people of a name or an id: those who are called exactly so, or else those whose
 * name has the same words in another order, as "Berg, Anna" has.
 *
 * @param {Person[]} people
 * @returns {(name: string) => Person[]}
 */
export function finder(people) {
  const exact = grouped(people, ({ name }) => wordsOf(name).join(" "));
  const sorted = grouped(people, ({ name }) => wordsOf(name).sort().join(" "));
  const ids = grouped(people, ({ personnelId }) => personnelId);
  return (name) => {
    const words = wordsOf(name);
    if (!words.length) return [];
    return ids.get(name) ?? exact.get(words.join(" ")) ?? sorted.get(words.sort().join(" ")) ?? [];
  };
}

/** @param {string} name */
function wordsOf(name) {
  return folded(name).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/**
 * @param {Person[]} people
 * @param {(person: Person) => string} key
 */
function grouped(people, key) {
  /** @type {Map<string, Person[]>} */
  const groups = new Map();
  for (const person of people) groups.set(key(person), [...(groups.get(key(person)) ?? []), person]);
  return groups;
}
