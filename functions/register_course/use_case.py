"""Registering a course."""

from shared.application.ports.sessions import CourseStore
from shared.application.retry import Pause, retry_on_conflict
from shared.domain.audit import ChangeContext
from shared.domain.course import Course
from shared.domain.course_conditions import CourseConditions
from shared.domain.course_trail import course_change
from shared.domain.errors import NotFound

ANY_COURSE = CourseConditions()


def register_course(
    wanted: Course,
    change: ChangeContext,
    courses: CourseStore,
    pause: Pause,
    conditions: CourseConditions = ANY_COURSE,
) -> Course:
    """
    Replace the course's rules, for sessions finalized from now on, and return the course as it is
    now. Rules that are in force already change nothing.

    Records keep the rules under which they were written.

    Raises:
        StaleView: The course is not as the client wants to meet it.
        Busy: Every attempt met a conflict.
    """

    def attempt() -> Course:
        before = _known(wanted.course_id, courses)
        conditions.require_met(before)
        accepted = course_change(before, wanted, change)
        if accepted is None:
            return before or wanted
        courses.save(accepted)
        return accepted.after

    return retry_on_conflict(attempt, pause)


def _known(course_id: str, courses: CourseStore) -> Course | None:
    try:
        return courses.load(course_id)
    except NotFound:
        return None
