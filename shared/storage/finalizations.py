"""
The one transaction that turns a session into records.
"""

from collections.abc import Sequence

from pynamodb.connection import Connection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from shared.domain.outbox import OutboxEntry
from shared.domain.plan import Plan
from shared.domain.ports import Pause
from shared.storage.limits import fits_one_transaction
from shared.storage.mapping import record_item, session_item
from shared.storage.models import OutboxItem, RecordItem
from shared.storage.sessions import DynamoSessionStore, put_session
from shared.storage.writes import settle


class DynamoFinalizationStore:
    """
    Keeps the `FinalizationStore` port.
    """

    def __init__(self, connection: Connection, sessions: DynamoSessionStore, pause: Pause) -> None:
        self._connection = connection
        self._sessions = sessions
        self._pause = pause

    def fits_one_transaction(self, plan: Plan, entries: Sequence[OutboxEntry]) -> bool:
        return fits_one_transaction(_items(plan, entries))

    def commit(self, plan: Plan, entries: Sequence[OutboxEntry]) -> None:
        def write() -> None:
            with TransactWrite(connection=self._connection) as transaction:
                put_session(transaction, plan.session, plan.before.version)
                for record in plan.records:
                    transaction.save(
                        record_item(record), condition=RecordItem.record_id.does_not_exist()
                    )
                for entry in entries:
                    transaction.save(outbox_item(entry))

        settle(write, lambda: self._sessions.is_version_of(plan.session), self._pause)


def outbox_item(entry: OutboxEntry) -> OutboxItem:
    return OutboxItem(entry.shard, entry.due, event=entry.event)


def _items(plan: Plan, entries: Sequence[OutboxEntry]) -> list[Model]:
    return [
        session_item(plan.session),
        *(record_item(record) for record in plan.records),
        *(outbox_item(entry) for entry in entries),
    ]
