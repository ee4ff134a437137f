// The product's terms in the console's words, and the formats of times and sizes.

/** @typedef {{ text: string, tone: string }} Word */

const LANGUAGE = "en-GB";
const MEBIBYTE = 2 ** 20;

/** @type {Record<string, Word>} */
export const STATUS = {
  SCHEDULED: { text: "Planned", tone: "quiet" },
  IN_PROGRESS: { text: "Under way", tone: "busy" },
  FINALIZING: { text: "Being finalized", tone: "busy" },
  COMPLETED: { text: "Finalized", tone: "good" },
  CANCELLED: { text: "Cancelled", tone: "quiet" },
};

/** @type {Record<string, string>} */
export const ROLE = { admin: "Admin", trainer: "Trainer", verifier: "Verifier", auditor: "Auditor" };

/** @type {Record<string, Word>} */
export const COLOUR = {
  GREEN: { text: "Valid", tone: "good" },
  AMBER: { text: "Ends soon", tone: "warn" },
  RED: { text: "Not valid", tone: "bad" },
};

/** @type {Record<string, string>} */
export const KIND = { TRAINING: "Training Record", COMPETENCY: "Competency Record" };

/** @type {Record<string, Word>} */
export const RESULT = {
  PASSED: { text: "Passed", tone: "good" },
  FAILED: { text: "Failed", tone: "bad" },
};

/** @type {Record<string, Word>} */
const COMPETENCY = {
  PENDING_VERIFICATION: { text: "Waiting for verification", tone: "warn" },
  VERIFIED: { text: "Verified", tone: "good" },
  REJECTED: { text: "Rejected", tone: "bad" },
};

/**
 * How far a competency is. A failed one waits for nothing: nobody can confirm it.
 *
 * @param {{ result: string, status: string }} record
 */
export function competency({ result, status }) {
  return result === "FAILED" ? { text: "Cannot be verified", tone: "quiet" } : COMPETENCY[status];
}

/**
 * The subjects of a verification.
 *
 * @type {Record<string, string>}
 */
export const CHECK = {
  SHEET: "The signed sheet",
  MANIFEST: "What was decided",
  SIGNATURE: "The seal on the decision",
  SESSION: "The session and its marks",
  RECORDS: "The records",
  AUDIT_TRAIL: "The history of changes",
  SEAL: "The one seal of the session",
  WITNESS: "The witness to each change",
  TIME_STAMP: "The time, by an outside authority",
};

/**
 * What blocks Finalize, and what to do about it.
 *
 * @type {Record<string, string>}
 */
export const BLOCKER = {
  "evidence-missing": "Upload the signed sheet first.",
  "evidence-being-checked": "The sheet is still being checked. This takes a moment.",
  "roster-incomplete":
    "The list of people was only half replaced. It has to be sent once more by whoever plans sessions.",
  "session-not-over":
    "The session has not taken place yet. If it ended early, its end has to be corrected first, by whoever plans sessions.",
  "session-cancelled": "The session is cancelled.",
};

/**
 * A name within a sentence that is no markup: its direction is its own, and it turns nothing after it.
 *
 * @param {string} name
 */
export function isolated(name) {
  return `\u2068${name.replace(/[\u2066-\u2069]/g, "")}\u2069`;
}

/** @param {number} value */
export function number(value) {
  return value.toLocaleString(LANGUAGE);
}

/**
 * @param {number} count
 * @param {string} one
 */
export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/**
 * How many records there are of each kind; of none, nothing is said.
 *
 * @param {{ trainingRecords: number, competencyRecords: number }} counts
 */
export function kinds({ trainingRecords, competencyRecords }) {
  const trainings = trainingRecords ? [plural(trainingRecords, "Training Record")] : [];
  const competencies = competencyRecords ? [plural(competencyRecords, "Competency Record")] : [];
  return [...trainings, ...competencies].join(" and ") || "No records";
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < MEBIBYTE) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / MEBIBYTE).toFixed(1)} MB`;
}

/**
 * Writes moments by the clocks of a place, or in UTC and saying so, if the browser does not know the place:
 * there are younger names than browsers.
 *
 * @param {Intl.DateTimeFormatOptions} parts
 * @param {string} timeZone
 * @returns {(at: Date) => string}
 */
function writer(parts, timeZone) {
  try {
    const there = new Intl.DateTimeFormat(LANGUAGE, { ...parts, timeZone });
    return (at) => there.format(at);
  } catch {
    const utc = new Intl.DateTimeFormat(LANGUAGE, { ...parts, timeZone: "UTC" });
    return (at) => (parts.timeStyle ? `${utc.format(at)} UTC` : utc.format(at));
  }
}

/**
 * A moment in a place's local time.
 *
 * @param {string} iso
 * @param {string} timeZone
 */
export function moment(iso, timeZone) {
  return writer({ dateStyle: "medium", timeStyle: "short" }, timeZone)(new Date(iso));
}

/**
 * A moment by the clocks of whoever looks at the page.
 *
 * @param {string} iso
 */
export function momentHere(iso) {
  return moment(iso, Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/**
 * @param {Date} date
 * @param {string} timeZone
 */
export function clock(date, timeZone) {
  return writer({ timeStyle: "medium" }, timeZone)(date);
}

/**
 * Start and end; the day is named once if both are on it. An end at midnight belongs to the day before.
 *
 * @param {string} startsAt
 * @param {string} endsAt
 * @param {string} timeZone
 */
export function span(startsAt, endsAt, timeZone) {
  const date = writer({ weekday: "short", day: "numeric", month: "short", year: "numeric" }, timeZone);
  const hour = writer({ timeStyle: "short" }, timeZone);
  const [start, end] = [new Date(startsAt), new Date(endsAt)];
  const first = date(start);
  const last = date(new Date(Math.max(start.getTime(), end.getTime() - 1)));
  return `${first}, ${hour(start)} – ${first === last ? "" : `${last}, `}${hour(end)}`;
}

/**
 * The days of a training, which are the same in every browser.
 *
 * @param {{ firstDay?: string, sessionDate: string }} record
 */
export function days({ firstDay, sessionDate }) {
  return firstDay ? `${day(firstDay)} – ${day(sessionDate)}` : day(sessionDate);
}

/**
 * A calendar day, the same in every time zone.
 *
 * @param {string} isoDate
 */
export function day(isoDate) {
  return new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeZone: "UTC" }).format(
    new Date(`${isoDate}T00:00:00Z`),
  );
}
