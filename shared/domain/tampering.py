"""
Tamper notes: changes of stored items that the product itself never makes.

A stream tells each change of an item with the item before and after it. The rules here say which of
them no function makes; that is a matter of shape alone, because nothing but the two images is read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.audit import GENESIS
from shared.domain.canonical import Json, sha256
from shared.domain.records import record_id
from shared.domain.session import SessionStatus

Item = Mapping[str, Json]


class Table(StrEnum):
    """The tables whose changes are witnessed; the values are names in tamper notes."""

    SESSIONS = "Sessions"
    RECORDS = "Records"
    AUDIT = "Audit"
    COURSES = "Courses"
    COURSE_AUDIT = "CourseAudit"

    @property
    def owner(self) -> str:
        """The attribute that says to which session or course an item belongs."""
        is_course = self in (Table.COURSES, Table.COURSE_AUDIT)
        return "courseId" if is_course else "sessionId"


@dataclass(frozen=True, slots=True)
class Change:
    """
    One change of a stored item, as the table's stream tells it: the item before (None: it is new)
    and after (None: it was removed), by stored names. *event_id* is the same however often it is
    told.
    """

    table: Table
    event_id: str
    at: datetime
    old: Item | None
    new: Item | None

    @property
    def owner(self) -> str:
        """The session or course the item belongs to, or belonged to before the change."""
        return str((self.old or self.new or {}).get(self.table.owner))


class Tampering(StrEnum):
    """What was done to an item behind the product. The values are parts of stored keys."""

    ENTRY_REPLACED = "entry-replaced"
    ENTRY_REMOVED = "entry-removed"
    ENTRY_INVENTED = "entry-invented"
    RECORD_CHANGED = "record-changed"
    RECORD_REMOVED = "record-removed"
    RECORD_INVENTED = "record-invented"
    SESSION_CHANGED = "session-changed"
    SESSION_REMOVED = "session-removed"
    SESSION_INVENTED = "session-invented"
    ROW_CHANGED = "row-changed"
    COURSE_INVENTED = "course-invented"
    COURSE_CHANGED = "course-changed"
    COURSE_REMOVED = "course-removed"
    OBJECT_STRAY = "object-stray"
    UNREADABLE = "change-unreadable"


WORDS = {
    Tampering.ENTRY_REPLACED: "an entry of the audit trail was replaced",
    Tampering.ENTRY_REMOVED: "an entry of the audit trail was removed",
    Tampering.ENTRY_INVENTED: "an entry of the audit trail was written by none of the functions",
    Tampering.RECORD_CHANGED: "a record was changed",
    Tampering.RECORD_REMOVED: "a record was removed",
    Tampering.RECORD_INVENTED: "a record was written by none of the functions",
    Tampering.SESSION_CHANGED: "the session was changed behind the API",
    Tampering.SESSION_REMOVED: "the session was removed",
    Tampering.SESSION_INVENTED: "the session was written by none of the functions",
    Tampering.ROW_CHANGED: "a person's row was changed behind the API",
    Tampering.COURSE_INVENTED: "the course was written by none of the functions",
    Tampering.COURSE_CHANGED: "the course was changed behind the API",
    Tampering.COURSE_REMOVED: "the course was removed",
    Tampering.OBJECT_STRAY: "an object that is nobody's sheet was put beside the sheets",
    Tampering.UNREADABLE: "something was stored that can be neither read nor judged",
}

# No session begins with its decision.
_DECIDED = {SessionStatus.FINALIZING, SessionStatus.COMPLETED}
# What completing a locked session sets; all else was decided before.
_COMPLETION = {"status", "version"}


def tampering(change: Change) -> Tampering | None:
    """What was done behind the product; None if a function may have made this change."""
    if change.old == change.new:
        return None
    return _RULES[change.table](change.old, change.new)


def _of_entry(old: Item | None, new: Item | None) -> Tampering | None:
    if new is None:
        return Tampering.ENTRY_REMOVED
    if old is not None:
        return Tampering.ENTRY_REPLACED
    return None if is_entry(new) else Tampering.ENTRY_INVENTED


def is_entry(item: Item) -> bool:
    """False if no function writes such an entry: its hash is not that of its content."""
    content = item.get("content")
    return isinstance(content, str) and sha256(content.encode()) == item.get("sha256")


def _of_record(old: Item | None, new: Item | None) -> Tampering | None:
    if new is None:
        return Tampering.RECORD_REMOVED
    if old is not None:
        return Tampering.RECORD_CHANGED
    derived = record_id(str(new.get("sessionId")), str(new.get("personnelId")))
    return None if new.get("recordId") == derived else Tampering.RECORD_INVENTED


def _of_session(old: Item | None, new: Item | None) -> Tampering | None:
    if (old or new or {}).get("item") != "SESSION":
        return _of_row(old, new)
    if new is None:
        return Tampering.SESSION_REMOVED
    if old is None:
        is_begun_here = new.get("version") == 1 and new.get("status") not in _DECIDED
        return None if is_begun_here else Tampering.SESSION_INVENTED
    is_made_here = _is_next(old, new, "version") and _is_allowed(old, new)
    return None if is_made_here else Tampering.SESSION_CHANGED


def _is_allowed(old: Item, new: Item) -> bool:
    """A session that is open changes with an entry in its trail; later it is completed, once."""
    match old.get("status"):
        case SessionStatus.COMPLETED:
            return False
        case SessionStatus.FINALIZING:
            decided = {name: value for name, value in old.items() if name not in _COMPLETION}
            return new.get("status") == SessionStatus.COMPLETED and _keeps(decided, new)
    return _has_entry(old, new)


def _keeps(old: Json, new: Json) -> bool:
    """True if nothing of *old* is missing; a later release may have added to it."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return all(name in new and _keeps(part, new[name]) for name, part in old.items())
    return old == new


def _has_entry(old: Item, new: Item) -> bool:
    """True if the change wrote an entry of the trail, whose hash became the item's audit head."""
    return old.get("auditHead") != new.get("auditHead")


def _of_row(old: Item | None, new: Item | None) -> Tampering | None:
    """
    People join and leave, and each change of a row counts in its revision. A row does not tell
    whether its session is completed: verification compares it with the manifest.
    """
    if old is None or new is None or _is_next(old, new, "revision"):
        return None
    return Tampering.ROW_CHANGED


def _of_course(old: Item | None, new: Item | None) -> Tampering | None:
    if new is None:
        return Tampering.COURSE_REMOVED
    if old is None:
        return None if new.get("auditHead") not in (None, GENESIS) else Tampering.COURSE_INVENTED
    is_made_here = _is_next(old, new, "revision") and _has_entry(old, new)
    return None if is_made_here else Tampering.COURSE_CHANGED


def _is_next(old: Item, new: Item, counter: str) -> bool:
    before, after = old.get(counter), new.get(counter)
    return isinstance(before, int) and after == before + 1


_RULES: Mapping[Table, Callable[[Item | None, Item | None], Tampering | None]] = {
    Table.SESSIONS: _of_session,
    Table.RECORDS: _of_record,
    Table.AUDIT: _of_entry,
    Table.COURSES: _of_course,
    Table.COURSE_AUDIT: _of_entry,
}
