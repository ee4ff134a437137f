"""The audit trail in DynamoDB."""

from collections.abc import Iterator, Sequence

from pynamodb.expressions.condition import Condition

from shared.application.retry import Pause, retry_on_conflict
from shared.domain.audit import (
    GENESIS,
    Action,
    AuditEntry,
    ChainPosition,
    ChangeContext,
    FieldChange,
    new_entry,
)
from shared.domain.course_trail import CourseEntry
from shared.domain.origin import OriginOf
from shared.storage.mapping import audit_entry_from, audit_item
from shared.storage.models import AuditItem, CourseAuditItem
from shared.storage.writes import busy_if_unanswered, write_and_confirm

# What is looked for from the end is among the last few entries, and one may have 300 kB.
_LATEST = 10


class DynamoAuditTrail:
    """
    Implements the `AuditTrail` port. Entries of transitions are not written here, but with their
    session.
    """

    def __init__(self, pause: Pause, origin_of: OriginOf) -> None:
        self._pause = pause
        self._origin_of = origin_of

    def entries(self, session_id: str, after: int = 0) -> Iterator[AuditEntry]:
        with busy_if_unanswered():
            items = AuditItem.query(session_id, AuditItem.sequence > after, consistent_read=True)
            yield from (audit_entry_from(item) for item in items)

    def latest_first(self, session_id: str) -> Iterator[AuditEntry]:
        with busy_if_unanswered():
            items = AuditItem.query(
                session_id, scan_index_forward=False, page_size=_LATEST, consistent_read=True
            )
            yield from (audit_entry_from(item) for item in items)

    def append(
        self, session_id: str, action: Action, change: ChangeContext, changed: Sequence[FieldChange]
    ) -> AuditEntry:
        def attempt() -> AuditEntry:
            return self._add(new_entry(self._end(session_id), action, change, changed))

        return retry_on_conflict(attempt, self._pause)

    def append_once(
        self,
        session_id: str,
        action: Action,
        change: ChangeContext,
        changed: Sequence[FieldChange],
        after: int,
    ) -> AuditEntry:
        def attempt() -> AuditEntry:
            # The end is read first: an entry added after it is either found by the search, or makes
            # the write fail.
            end = self._end(session_id)
            there = (entry for entry in self.entries(session_id, after) if entry.action is action)
            return next(there, None) or self._add(new_entry(end, action, change, changed))

        return retry_on_conflict(attempt, self._pause)

    def _add(self, entry: AuditEntry) -> AuditEntry:
        def write() -> None:
            audit_item(entry, self._origin_of(entry.sha256)).save(condition=is_new())

        write_and_confirm(write, lambda: is_written(entry), self._pause)
        return entry

    @staticmethod
    def _end(session_id: str) -> ChainPosition:
        with busy_if_unanswered():
            latest = AuditItem.query(
                session_id, scan_index_forward=False, limit=1, consistent_read=True
            )
            last = next(iter(latest), None)
        if last is None:
            return ChainPosition(session_id, 1, GENESIS)
        return ChainPosition(session_id, last.sequence + 1, last.sha256)


def is_new() -> Condition:
    """The condition that there is no entry of that number yet."""
    return AuditItem.session_id.does_not_exist()


def is_written(entry: AuditEntry) -> bool:
    """True if the stored entry of that number is *entry*, and so its change is stored too."""
    return is_stored(AuditItem, entry.session_id, entry)


def is_taken(entry: AuditEntry) -> bool:
    """True if there is any entry of that number in the trail of the session."""
    try:
        with busy_if_unanswered():
            AuditItem.get(entry.session_id, entry.sequence, consistent_read=True)
    except AuditItem.DoesNotExist:
        return False
    return True


def is_stored(
    trail: type[AuditItem] | type[CourseAuditItem], owner: str, entry: AuditEntry | CourseEntry
) -> bool:
    """
    True if *entry* is the one of its number in the trail of *owner*.

    Entries are never replaced, so this tells an unanswered write from a concurrent change even
    after later changes.
    """
    try:
        with busy_if_unanswered():
            item = trail.get(owner, entry.sequence, consistent_read=True)
    except trail.DoesNotExist:
        return False
    return item.sha256 == entry.sha256
