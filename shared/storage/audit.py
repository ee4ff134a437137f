"""
The audit trail in DynamoDB.
"""

from collections.abc import Sequence

from shared.domain.audit import GENESIS, Action, AuditEntry, Cell, Change, Place, chained
from shared.domain.contention import until_settled
from shared.domain.ports import Pause
from shared.storage.mapping import audit_entry_from, audit_item
from shared.storage.models import AuditItem
from shared.storage.writes import answered


class DynamoAuditTrail:
    """
    Keeps the `AuditTrail` port. Entries about open sessions are written with their change, not
    here.
    """

    def __init__(self, pause: Pause) -> None:
        self._pause = pause

    def of_session(self, session_id: str) -> list[AuditEntry]:
        with answered():
            items = AuditItem.query(session_id, consistent_read=True)
            return [audit_entry_from(item) for item in items]

    def append(
        self, session_id: str, action: Action, change: Change, cells: Sequence[Cell]
    ) -> None:
        def attempt() -> None:
            entry = chained(self._end(session_id), action, change, cells)
            with answered():
                audit_item(entry).save(condition=AuditItem.session_id.does_not_exist())

        until_settled(attempt, self._pause)

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
