// The product's terms as a person reads them, and times and sizes as they are written here.

const LANGUAGE = "en-GB";
const MEBIBYTE = 2 ** 20;

export const STATUS = {
  SCHEDULED: { text: "Planned", tone: "quiet" },
  IN_PROGRESS: { text: "Under way", tone: "busy" },
  FINALIZING: { text: "Being finalized", tone: "busy" },
  COMPLETED: { text: "Finalized", tone: "good" },
  CANCELLED: { text: "Cancelled", tone: "quiet" },
};

export const ROLE = { admin: "Admin", trainer: "Trainer", verifier: "Verifier", auditor: "Auditor" };

export const COLOUR = {
  GREEN: { text: "Valid", tone: "good" },
  AMBER: { text: "Ends soon", tone: "warn" },
  RED: { text: "Not valid", tone: "bad" },
};

export const KIND = { TRAINING: "Training Record", COMPETENCY: "Competency" };

export const RESULT = {
  PASSED: { text: "Passed", tone: "good" },
  FAILED: { text: "Failed", tone: "bad" },
};

export const COMPETENCY = {
  PENDING_VERIFICATION: { text: "Waiting for verification", tone: "warn" },
  VERIFIED: { text: "Verified", tone: "good" },
  REJECTED: { text: "Not verified", tone: "bad" },
};

/** The links of the chain of proof. */
export const CHECK = {
  SHEET: "The signed sheet",
  MANIFEST: "What was decided",
  SIGNATURE: "The seal on the decision",
  SESSION: "The session and its marks",
  RECORDS: "The records",
  AUDIT_TRAIL: "The history of changes",
};

/** What stands against Finalize, and what to do about it. */
export const BLOCKER = {
  "evidence-missing": "Upload the signed sheet first.",
  "evidence-being-checked": "The sheet is still being checked. This takes a moment.",
  "roster-incomplete": "The list of people was only half replaced. It has to be sent once more by whoever plans sessions.",
  "session-cancelled": "The session is cancelled.",
};

export function number(value) {
  return value.toLocaleString(LANGUAGE);
}

export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function size(bytes) {
  if (bytes < MEBIBYTE) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / MEBIBYTE).toFixed(1)} MB`;
}

/** A moment, as the clocks at `zone` show it. */
export function moment(iso, timeZone) {
  return new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(iso));
}

export function clock(date, timeZone) {
  return new Intl.DateTimeFormat(LANGUAGE, { timeStyle: "medium", timeZone }).format(date);
}

/** From when to when, with the day named once if it is one day. */
export function span(startsAt, endsAt, timeZone) {
  const day = new Intl.DateTimeFormat(LANGUAGE, { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone });
  const hour = new Intl.DateTimeFormat(LANGUAGE, { timeStyle: "short", timeZone });
  const [start, end] = [new Date(startsAt), new Date(endsAt)];
  const last = day.format(start) === day.format(end) ? "" : `${day.format(end)}, `;
  return `${day.format(start)}, ${hour.format(start)} – ${last}${hour.format(end)}`;
}

/** A calendar day, which is the same everywhere. */
export function day(isoDate) {
  return new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${isoDate}T00:00:00Z`));
}
