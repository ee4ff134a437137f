// Which people of a grid are shown.

export const FILTER = {
  all: { text: "Everybody", fits: () => true },
  present: { text: "Present", fits: ({ isPresent }) => isPresent },
  absent: { text: "Absent", fits: ({ isPresent }) => !isPresent },
  failed: { text: "Failed", fits: ({ isPresent, hasPassed }) => isPresent && !hasPassed },
  remarked: { text: "With a remark", fits: ({ remarks }) => Boolean(remarks) },
};

/** The ids of those who fit the filter and in whose row every wanted word occurs. */
export function selection(draft, wanted, filter) {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const { fits } = FILTER[filter];
  return draft.people
    .filter(({ personnelId, name, jobTitle = "" }) => {
      const marks = draft.marks(personnelId);
      const text = words.length ? `${name} ${jobTitle} ${marks.remarks}`.toLowerCase() : "";
      return fits(marks) && words.every((word) => text.includes(word));
    })
    .map(({ personnelId }) => personnelId);
}
