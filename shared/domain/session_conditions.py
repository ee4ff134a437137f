"""What a client demands of a session before it changes it: If-Match and If-None-Match."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.course import Course
from shared.domain.errors import SessionExists, StaleView
from shared.domain.session import Session


@dataclass(frozen=True, slots=True)
class ExpectedVersion:
    """
    The state of a session that a client expects. *course_revision* is None if only the session
    matters, *version* is None if any version will do as long as the session exists.
    """

    version: int | None
    course_revision: int | None = None


def require_current(
    expected: Sequence[ExpectedVersion] | None, session: Session, course: Course | None = None
) -> None:
    """
    Accept if the client expects no version, or one that is still current.

    Raises:
        StaleView: What the client saw has changed since.
    """
    if expected is not None and not any(_is_current(one, session, course) for one in expected):
        raise StaleView


def require_unlike(
    unwanted: Sequence[ExpectedVersion], session: Session, course: Course | None = None
) -> None:
    """
    Accept if the session is none of the versions that the client does not want to meet.

    Raises:
        SessionExists: It is one of them.
    """
    if any(_is_current(one, session, course) for one in unwanted):
        raise SessionExists


def _is_current(expected: ExpectedVersion, session: Session, course: Course | None) -> bool:
    same_rules = course is None or expected.course_revision in (None, course.revision)
    return expected.version in (None, session.version) and same_rules
