// Marks for many people at once: the same for all, or those of the first.

/**
 * @import { Draft, Patch } from "./draft.js"
 * @import { Field, Marks } from "./marks.js"
 */

/**
 * The same marks for some people. Whoever is not there cannot have passed or failed.
 *
 * @param {Draft} draft
 * @param {string[]} ids
 * @param {Partial<Marks>} patch
 * @returns {Patch[]}
 */
export function alike(draft, ids, { hasPassed, ...patch }) {
  return ids
    .map((id) => {
      const isThere = patch.isPresent ?? draft.marks(id).isPresent;
      return /** @type {Patch} */ ([
        id,
        hasPassed === undefined || !isThere ? patch : { ...patch, hasPassed },
      ]);
    })
    .filter(([, wanted]) => Object.keys(wanted).length);
}

/**
 * The first person's fields for all below. What nobody marked fills nothing.
 *
 * @param {Draft} draft
 * @param {string[]} ids
 * @param {Field[]} fields
 */
export function filledDown(draft, [first, ...below], fields) {
  const marks = draft.marks(first);
  if (!marks.isMarked) return [];
  return alike(draft, below, Object.fromEntries(fields.map((field) => [field, marks[field]])));
}
