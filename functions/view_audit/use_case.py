"""Reading the audit trail of a session or a course, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.application.ports.sessions import AuditTrail, CourseStore, SessionStore
from shared.domain.audit import AuditEntry
from shared.domain.course_trail import CourseEntry

Entry = TypeVar("Entry", AuditEntry, CourseEntry)

# A Lambda returns 6,291,556 bytes, of which base64 leaves three quarters; an entry has 400 KB.
PAGE_BYTES = 3_500_000


@dataclass(frozen=True, slots=True)
class AuditPage(Generic[Entry]):
    """Entries in their order, and whether there are more."""

    entries: tuple[Entry, ...]
    has_more: bool


def view_audit(
    session_id: str, after: int, limit: int, sessions: SessionStore, trail: AuditTrail
) -> AuditPage[AuditEntry]:
    """
    At most *limit* entries after number *after*, fewer if they are large.

    Raises:
        NotFound: There is no such session.
    """
    sessions.load(session_id)
    return _page(trail.entries(session_id, after), limit)


def view_course_audit(
    course_id: str, after: int, limit: int, courses: CourseStore
) -> AuditPage[CourseEntry]:
    """
    As `view_audit`, of a course; what was changed before courses had a trail is not in it.

    Raises:
        NotFound: There is no such course.
    """
    courses.load(course_id)
    return _page(courses.entries(course_id, after), limit)


def _page(entries: Iterable[Entry], limit: int) -> AuditPage[Entry]:
    shown: list[Entry] = []
    size = 0
    for entry in entries:
        size += len(entry.content.encode())
        if shown and (len(shown) == limit or size > PAGE_BYTES):
            return AuditPage(tuple(shown), has_more=True)
        shown.append(entry)
    return AuditPage(tuple(shown), has_more=False)
