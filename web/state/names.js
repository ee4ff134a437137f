// Names that were loaded before, for pages that only know an id.

/** @type {Map<string, string>} */
export const people = new Map();
/** @type {Map<string, string>} */
export const courses = new Map();

/**
 * Remember the names of a session's people and of its course.
 *
 * @param {import("../network/answers.js").SessionResponse} session
 */
export function remember({ attendees, course }) {
  for (const { personnelId, name } of attendees) people.set(personnelId, name);
  courses.set(course.courseId, course.title);
}
