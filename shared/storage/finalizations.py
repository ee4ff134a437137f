"""Writing finalizations: in one transaction if it fits, else locked, staged and completed."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

from pynamodb.connection import Connection
from pynamodb.transactions import TransactWrite

from shared.application.retry import Pause
from shared.application.time_left import HasTimeLeft, OutOfTime
from shared.domain.errors import NotFound
from shared.domain.outbox import entry_for
from shared.domain.plan import Plan
from shared.domain.records import Record
from shared.domain.session import SessionStatus
from shared.domain.transition import Transition
from shared.storage.batching import batches
from shared.storage.limits import AWS, Limits, fits_one_transaction
from shared.storage.mapping import audit_item, record_item, session_item
from shared.storage.models import OutboxItem, RecordItem
from shared.storage.outbox import outbox_item
from shared.storage.sessions import DynamoSessionStore, version_is
from shared.storage.writes import write_and_confirm

# The size of an item is wanted before it is written, also of functions that write no entries.
_ANY_ORIGIN = "0" * 64


class DynamoFinalizationStore:
    """Implements the `FinalizationStore` port."""

    def __init__(
        self,
        connection: Connection,
        sessions: DynamoSessionStore,
        pause: Pause,
        limits: Limits = AWS,
        executor: Callable[[int], Executor] = ThreadPoolExecutor,
    ) -> None:
        self._connection = connection
        self._sessions = sessions
        self._pause = pause
        self._limits = limits
        self._executor = executor

    def fits_one_transaction(self, plan: Plan) -> bool:
        return fits_one_transaction(
            [
                session_item(plan.commit_transition.after),
                audit_item(plan.commit_transition.entry, _ANY_ORIGIN),
                self._outbox_item(plan),
                *(record_item(record) for record in plan.records),
            ],
            self._limits,
        )

    def commit(self, plan: Plan) -> None:
        self._decide(plan, plan.commit_transition, plan.records)

    def lock(self, plan: Plan) -> None:
        self._decide(plan, plan.lock_transition, ())

    def _decide(self, plan: Plan, transition: Transition, records: Sequence[Record]) -> None:
        def write() -> None:
            with TransactWrite(connection=self._connection) as transaction:
                self._sessions.add_to(transaction, transition)
                transaction.save(self._outbox_item(plan))
                for record in records:
                    transaction.save(
                        record_item(record), condition=RecordItem.record_id.does_not_exist()
                    )

        with self._sessions.unless_taken(transition):
            write_and_confirm(write, lambda: self._is_decided_by(plan), self._pause)

    def stage(self, records: Sequence[Record], has_time_left: HasTimeLeft) -> None:
        limits = self._limits
        with self._executor(limits.lanes) as lanes:
            for round_ in batches(records, limits.batch * limits.lanes):
                if not has_time_left():
                    raise OutOfTime
                # Consumed as a list, so that an exception of any lane is raised here.
                list(lanes.map(self._stage_batch, batches(round_, limits.batch)))

    def complete(self, plan: Plan) -> None:
        def write() -> None:
            session_item(plan.completed).save(condition=version_is(plan.before.version))

        def is_completed() -> bool:
            return self._is_decided_by(plan, SessionStatus.COMPLETED)

        write_and_confirm(write, is_completed, self._pause)

    def _stage_batch(self, records: Sequence[Record]) -> None:
        def write() -> None:
            with RecordItem.batch_write() as batch:
                for record in records:
                    batch.save(record_item(record))

        write_and_confirm(write, lambda: False, self._pause)

    def _outbox_item(self, plan: Plan) -> OutboxItem:
        return outbox_item(entry_for(plan.before.session_id, plan.decision), self._limits)

    def _is_decided_by(self, plan: Plan, *statuses: SessionStatus) -> bool:
        """True if the stored session has this plan's decision, written by this call or another."""
        try:
            session = self._sessions.load(plan.before.session_id)
        except NotFound:
            return False
        same = (
            session.finalization is not None
            and session.finalization.finalization_id == plan.decision.finalization_id
        )
        return same and (not statuses or session.status in statuses)
