"""The writes of a finalization in memory."""

from collections.abc import Sequence

from shared.application.retry import ConcurrentChange
from shared.application.time_left import HasTimeLeft, OutOfTime
from shared.domain.errors import NotFound
from shared.domain.outbox import entry_for
from shared.domain.plan import Plan
from shared.domain.records import Record
from shared.domain.transition import Transition
from testing.fakes.hooks import Hook, no_pause
from testing.fakes.outbox import FakeOutbox
from testing.fakes.records import FakeRecords
from testing.fakes.sessions import FakeSessions

ACTIONS_PER_TRANSACTION = 100


RECORDS_PER_BATCH = 25


class FakeFinalizations:
    """The `FinalizationStore` port over the other stores."""

    def __init__(self, sessions: FakeSessions, records: FakeRecords, outbox: FakeOutbox) -> None:
        self._sessions = sessions
        self._records = records
        self._outbox = outbox
        self.before_batch: Hook = no_pause
        self.batches = 0

    def fits_one_transaction(self, plan: Plan) -> bool:
        """Implement the port; the size in bytes is the real store's own affair."""
        return len(plan.records) + 3 <= ACTIONS_PER_TRANSACTION

    def commit(self, plan: Plan) -> None:
        """Implement the port."""
        self._decide(plan, plan.commit_transition, plan.records)

    def lock(self, plan: Plan) -> None:
        """Implement the port."""
        self._decide(plan, plan.lock_transition)

    def stage(self, records: Sequence[Record], has_time_left: HasTimeLeft) -> None:
        """Implement the port."""
        for start in range(0, len(records), RECORDS_PER_BATCH):
            if not has_time_left():
                raise OutOfTime
            self.batches += 1
            self.before_batch(self.batches)
            self._records.add(*records[start : start + RECORDS_PER_BATCH])

    def complete(self, plan: Plan) -> None:
        """Implement the port."""
        try:
            self._sessions.require_version(plan.before.session_id, plan.before.version)
        except ConcurrentChange:
            if not self._is_decided(plan):
                raise
        else:
            self._sessions.replace(plan.completed)

    def _decide(self, plan: Plan, transition: Transition, records: Sequence[Record] = ()) -> None:
        """Write the decision, unless it is stored already."""
        try:
            self._sessions.require(transition)
        except ConcurrentChange:
            if not self._is_decided(plan):
                raise
            return
        if self._records.any_stored(records):
            raise ConcurrentChange
        self._sessions.apply(transition)
        self._records.add(*records)
        self._outbox.add(entry_for(plan.before.session_id, plan.decision))

    def _is_decided(self, plan: Plan) -> bool:
        try:
            decision = self._sessions.load(plan.before.session_id).finalization
        except NotFound:
            return False
        return decision is not None and decision.finalization_id == plan.decision.finalization_id
