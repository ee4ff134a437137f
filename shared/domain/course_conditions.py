"""What a client demands of a course before it changes its rules: If-Match and If-None-Match."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.course import Course
from shared.domain.errors import CourseExists, StaleCourse
from shared.domain.session_conditions import ExpectedVersion


@dataclass(frozen=True, slots=True)
class CourseConditions:
    """The revisions of a course that a client expects (None: any or none), and those it refuses."""

    expected: Sequence[ExpectedVersion] | None = None
    unwanted: Sequence[ExpectedVersion] = ()

    def require_met(self, course: Course | None) -> None:
        """
        Raises:
            StaleCourse: The course (None: there is none) is none of the expected ones.
            CourseExists: It is one of the unwanted ones.
        """
        if self.expected is not None and not _is_one_of(self.expected, course):
            raise StaleCourse
        if _is_one_of(self.unwanted, course):
            raise CourseExists


def _is_one_of(named: Sequence[ExpectedVersion], course: Course | None) -> bool:
    # A tag of two parts is that of a session.
    return course is not None and any(
        one.version in (None, course.revision) and one.course_revision is None for one in named
    )
