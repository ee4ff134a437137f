// Which sessions need attention, and how urgently.

import { STATUS } from "../words.js";

/**
 * The word for a session in a list; the higher the rank, the more urgent it is.
 *
 * @param {Pick<import("../network/answers.js").SessionLine, "status" | "endsAt" | "evidenceState">} session
 * @param {Date} now
 */
export function attention({ status, endsAt, evidenceState }, now) {
  const isOpen = status === "SCHEDULED" || status === "IN_PROGRESS";
  const isOver = new Date(endsAt) < now;
  if (isOpen && evidenceState === "REJECTED") return { rank: 3, text: "Sheet refused", tone: "bad" };
  if (isOpen && isOver && evidenceState === "NONE")
    return { rank: 2, text: "Over, sheet missing", tone: "warn" };
  if (isOpen && isOver) return { rank: 1, text: "Over, not finalized", tone: "warn" };
  return { rank: 0, ...STATUS[status] };
}
