"""Courses and their trail in memory."""

from collections.abc import Iterator
from dataclasses import replace

from shared.application.retry import ConcurrentChange
from shared.domain.course import Course
from shared.domain.course_trail import CourseChange, CourseEntry
from shared.domain.errors import NotFound
from testing.fakes.hooks import Hook, no_pause
from testing.origins import an_origin


class FakeCourses:
    """The `CourseStore` port."""

    def __init__(self, *courses: Course) -> None:
        self._courses = {course.course_id: course for course in courses}
        self._entries: list[CourseEntry] = []
        self.before_write: Hook = no_pause
        self.writes = 0

    def load(self, course_id: str) -> Course:
        """Implement the port."""
        if course_id not in self._courses:
            raise NotFound(f"There is no course {course_id}.")
        return self._courses[course_id]

    def put(self, course: Course) -> Course:
        """Store *course* as the next revision without an entry, and return it."""
        known = self._courses.get(course.course_id)
        saved = replace(course, revision=(known.revision if known else 0) + 1)
        self._courses[course.course_id] = saved
        return saved

    def save(self, change: CourseChange) -> None:
        """Implement the port."""
        self.writes += 1
        self.before_write(self.writes)
        if change.entry in self._entries:
            return
        if self._courses.get(change.after.course_id) != change.before:
            raise ConcurrentChange
        self._courses[change.after.course_id] = change.after
        entry = change.entry
        self._entries.append(replace(entry, origin=an_origin(entry.sha256)))

    def entries(self, course_id: str, after: int = 0) -> Iterator[CourseEntry]:
        """Implement the port."""
        return (
            entry
            for entry in self._entries
            if entry.course_id == course_id and entry.sequence > after
        )
