// Which people of a grid are shown.

import { folded } from "./matching.js";

/** @import { Marks } from "./marks.js" */

/** @type {Record<string, { text: string, fits: (marks: Marks) => boolean }>} */
export const FILTER = {
  all: { text: "Everybody", fits: () => true },
  present: { text: "Present", fits: ({ isPresent }) => isPresent },
  absent: { text: "Absent", fits: ({ isPresent, isMarked }) => isMarked && !isPresent },
  unmarked: { text: "Not marked yet", fits: ({ isMarked }) => !isMarked },
  failed: { text: "Failed", fits: ({ isPresent, hasPassed }) => isPresent && !hasPassed },
  remarked: { text: "With a remark", fits: ({ remarks }) => Boolean(remarks) },
};

/**
 * The ids of the people who match the filter and whose row has every searched word.
 *
 * @param {import("./draft.js").Draft} draft
 * @param {string} wanted
 * @param {string} filter
 */
export function selection(draft, wanted, filter) {
  const words = folded(wanted).split(/\s+/).filter(Boolean);
  const { fits } = FILTER[filter];
  return draft.people
    .filter(({ personnelId, name, jobTitle = "" }) => {
      const marks = draft.marks(personnelId);
      const text = words.length ? folded(`${name} ${jobTitle} ${marks.remarks}`) : "";
      return fits(marks) && words.every((word) => text.includes(word));
    })
    .map(({ personnelId }) => personnelId);
}
