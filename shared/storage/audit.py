"""
The audit trail in DynamoDB.
"""

from collections.abc import Iterator, Sequence

from pynamodb.expressions.condition import Condition

from shared.domain.audit import GENESIS, Action, AuditEntry, Cell, Change, Place, chained
from shared.domain.contention import Pause, until_settled
from shared.storage.mapping import audit_entry_from, audit_item
from shared.storage.models import AuditItem
from shared.storage.writes import answered, settle


class DynamoAuditTrail:
    """
    Keeps the `AuditTrail` port. Entries about open sessions are written with their change, not
    here.
    """

    def __init__(self, pause: Pause) -> None:
        self._pause = pause

    def entries(self, session_id: str, after: int = 0) -> Iterator[AuditEntry]:
        with answered():
            items = AuditItem.query(session_id, AuditItem.sequence > after, consistent_read=True)
            yield from (audit_entry_from(item) for item in items)

    def append(
        self, session_id: str, action: Action, change: Change, cells: Sequence[Cell]
    ) -> AuditEntry:
        def attempt() -> AuditEntry:
            return self._add(chained(self._end(session_id), action, change, cells))

        return until_settled(attempt, self._pause)

    def append_once(
        self, session_id: str, action: Action, change: Change, cells: Sequence[Cell], after: int
    ) -> AuditEntry:
        def attempt() -> AuditEntry:
            # The end comes first: whoever adds one behind it meanwhile is seen, or met.
            end = self._end(session_id)
            there = (entry for entry in self.entries(session_id, after) if entry.action is action)
            return next(there, None) or self._add(chained(end, action, change, cells))

        return until_settled(attempt, self._pause)

    def _add(self, entry: AuditEntry) -> AuditEntry:
        def write() -> None:
            audit_item(entry).save(condition=is_new())

        settle(write, lambda: is_written(entry), self._pause)
        return entry

    @staticmethod
    def _end(session_id: str) -> Place:
        with answered():
            latest = AuditItem.query(
                session_id, scan_index_forward=False, limit=1, consistent_read=True
            )
            last = next(iter(latest), None)
        if last is None:
            return Place(session_id, 1, GENESIS)
        return Place(session_id, last.sequence + 1, last.sha256)


def is_new() -> Condition:
    """
    The condition that nobody has written an entry of that number yet.
    """
    return AuditItem.session_id.does_not_exist()


def is_written(entry: AuditEntry) -> bool:
    """
    True if the entry of that number is this very one, and so is the change it came with.

    Entries are never replaced, so this tells an unanswered write from a lost race however many
    changes came after it.
    """
    try:
        with answered():
            item = AuditItem.get(entry.session_id, entry.sequence, consistent_read=True)
    except AuditItem.DoesNotExist:
        return False
    return item.sha256 == entry.sha256
