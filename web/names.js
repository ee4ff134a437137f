// Names that were on a page already, for pages that only know an id.

export const people = new Map();
export const courses = new Map();

/** Remember who is on a session's list, and what its course is called. */
export function remember({ attendees, course }) {
  for (const { personnelId, name } of attendees) people.set(personnelId, name);
  courses.set(course.courseId, course.title);
}
