"""
Writing finalizations: all at once where one transaction carries it, in steps where it does not.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from pynamodb.connection import Connection
from pynamodb.transactions import TransactWrite

from shared.domain.contention import GoOn, OutOfTime, Pause
from shared.domain.errors import NotFound
from shared.domain.outbox import entry_for
from shared.domain.plan import Plan
from shared.domain.records import Record
from shared.domain.session import SessionStatus
from shared.domain.step import Step
from shared.storage.limits import fits_one_transaction
from shared.storage.mapping import audit_item, outbox_item, record_item, session_item
from shared.storage.models import RecordItem
from shared.storage.sessions import DynamoSessionStore, version_is, write_step
from shared.storage.writes import settle

# What one BatchWriteItem takes, and how many are under way at once.
RECORDS_PER_BATCH = 25
LANES = 8


class DynamoFinalizationStore:
    """
    Keeps the `FinalizationStore` port.
    """

    def __init__(self, connection: Connection, sessions: DynamoSessionStore, pause: Pause) -> None:
        self._connection = connection
        self._sessions = sessions
        self._pause = pause

    def fits_one_transaction(self, plan: Plan) -> bool:
        return fits_one_transaction(
            [
                session_item(plan.commit_step.after),
                audit_item(plan.commit_step.entry),
                outbox_item(entry_for(plan.before.session_id, plan.decision)),
                *(record_item(record) for record in plan.records),
            ]
        )

    def commit(self, plan: Plan) -> None:
        self._decide(plan, plan.commit_step, plan.records)

    def seal(self, plan: Plan) -> None:
        self._decide(plan, plan.seal_step, ())

    def _decide(self, plan: Plan, step: Step, records: Sequence[Record]) -> None:
        def write() -> None:
            with TransactWrite(connection=self._connection) as transaction:
                write_step(transaction, step)
                transaction.save(outbox_item(entry_for(plan.before.session_id, plan.decision)))
                for record in records:
                    transaction.save(
                        record_item(record), condition=RecordItem.record_id.does_not_exist()
                    )

        settle(write, lambda: self._is_decided_by(plan), self._pause)

    def stage(self, records: Sequence[Record], go_on: GoOn) -> None:
        with ThreadPoolExecutor(LANES) as lanes:
            for round_ in _portions(records, RECORDS_PER_BATCH * LANES):
                if not go_on():
                    raise OutOfTime
                # Listed, so that an exception of any lane is raised here.
                list(lanes.map(self._stage_batch, _portions(round_, RECORDS_PER_BATCH)))

    def complete(self, plan: Plan) -> None:
        def write() -> None:
            session_item(plan.completed).save(condition=version_is(plan.before.version))

        def is_completed() -> bool:
            return self._is_decided_by(plan, SessionStatus.COMPLETED)

        settle(write, is_completed, self._pause)

    def _stage_batch(self, records: Sequence[Record]) -> None:
        def write() -> None:
            with RecordItem.batch_write() as batch:
                for record in records:
                    batch.save(record_item(record))

        settle(write, lambda: False, self._pause)

    def _is_decided_by(self, plan: Plan, *statuses: SessionStatus) -> bool:
        """
        True if the stored session carries this plan's decision: whoever wrote it, it is the same.
        """
        try:
            session = self._sessions.load(plan.before.session_id)
        except NotFound:
            return False
        same = (
            session.finalization is not None
            and session.finalization.finalization_id == plan.decision.finalization_id
        )
        return same and (not statuses or session.status in statuses)


def _portions(records: Sequence[Record], size: int) -> Iterator[Sequence[Record]]:
    for start in range(0, len(records), size):
        yield records[start : start + size]
