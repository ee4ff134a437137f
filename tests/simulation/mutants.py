"""The guards of the protocol, each of which can be removed for the time of a context."""

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from pynamodb.transactions import TransactWrite

from functions.view_session.use_case import Page, RecordsView
from shared.application.finalize import write
from shared.application.ports.messaging import EventPublisher, Outbox
from shared.application.ports.records import FinalizationStore, RecordStore
from shared.application.ports.sessions import SessionStore
from shared.application.retry import Pause
from shared.application.time_left import HasTimeLeft
from shared.domain.events import Event
from shared.domain.outbox import OutboxEntry
from shared.domain.plan import Plan
from shared.domain.roster import RowChange
from shared.domain.session import Session, SessionStatus, Snapshot
from shared.storage import finalizations, sessions
from shared.storage.mapping import attendee_item
from shared.storage.records import DynamoRecordStore
from tests.simulation.rules import (
    ALL_OR_NOTHING,
    EVENTS,
    LOST_PATCH,
    ONE_DECISION,
    REVISIONS,
)
from tests.simulation.world import Focus

Removal = Callable[[], AbstractContextManager[object]]


def no_condition(*_: object) -> None:
    """Return the condition of an unconditional write."""


@dataclass(frozen=True, slots=True)
class Guard:
    """
    A guard, how to remove it, and which of the rules are broken without it.

    *focus* draws schedules in which it is often needed.
    """

    name: str
    removed: Removal
    breaks: Set[str]
    focus: Focus = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def without_sum_check() -> AbstractContextManager[object]:
    """Take every snapshot as whole."""
    return patch.object(Snapshot, "is_whole", property(lambda _: True))


def records_before_session() -> AbstractContextManager[object]:
    """Read the records first, and whether they count afterwards."""

    def view_records(
        session_id: str, _page: Page, store: SessionStore, records: RecordStore, _pause: Pause
    ) -> RecordsView:
        snapshot = store.read(session_id)
        people = sorted(row.personnel_id for row in snapshot.attendees)
        found = records.stored(snapshot.session, people)
        session = store.load(session_id)
        return RecordsView(found if session.status is SessionStatus.COMPLETED else [], [], None)

    return patch("functions.view_session.use_case.view_records", view_records)


def completed_before_staged() -> AbstractContextManager[object]:
    """Complete a locked session first, then write the records it should have had by then."""

    def hasty_write(plan: Plan, store: FinalizationStore, has_time_left: HasTimeLeft) -> Session:
        if store.fits_one_transaction(plan) or plan.before.status is SessionStatus.COMPLETED:
            return write(plan, store, has_time_left)
        if plan.before.status is not SessionStatus.FINALIZING:
            store.lock(plan)
            plan = plan.after_lock()
        store.complete(plan)
        store.stage(plan.records, has_time_left)
        return plan.completed

    return patch("shared.application.finalize.write", hasty_write)


def forgotten_before_published() -> AbstractContextManager[object]:
    """Remove the outbox entry first, then publish its events."""

    def hasty_publish(
        events: Sequence[Event], entry: OutboxEntry, publisher: EventPublisher, outbox: Outbox
    ) -> bool:
        outbox.remove(entry)
        return all(publisher.publish(events))

    return patch("shared.application.finalize.publish_owed", hasty_publish)


@contextmanager
def without_version_condition() -> Iterator[None]:
    """Write the session and its audit entry without a condition; either alone would be noticed."""
    with (
        patch.multiple(sessions, version_is=no_condition, is_new=no_condition),
        patch.object(finalizations, "version_is", no_condition),
    ):
        yield


def without_row_condition() -> AbstractContextManager[object]:
    """Write an attendee's row without a condition."""

    def write_row(transaction: TransactWrite, session_id: str, change: RowChange) -> None:
        if change.after is not None:
            transaction.save(attendee_item(session_id, change.after))
        elif change.before is not None:
            transaction.delete(attendee_item(session_id, change.before))

    return patch.object(sessions, "_write_row", write_row)


def without_gate() -> AbstractContextManager[object]:
    """Count every record of a person, staged or not."""
    return patch.object(DynamoRecordStore, "_attended", lambda *arguments: arguments[-1])


def without_entry_check() -> AbstractContextManager[object]:
    """Treat every answer of the bus as if it had accepted all events."""

    def careless_publish(
        events: Sequence[Event], entry: OutboxEntry, publisher: EventPublisher, outbox: Outbox
    ) -> bool:
        publisher.publish(events)
        outbox.remove(entry)
        return True

    return patch("shared.application.finalize.publish_owed", careless_publish)


def without_consistent_reads() -> AbstractContextManager[object]:
    """Accept a read from any replica: DynamoDB ignores a parameter with another name."""
    return patch("pynamodb.connection.base.CONSISTENT_READ", "AnyRead")


# Only Finalize, and what delays it.
FINALIZE: Focus = {
    "patchers": 0,
    "registrars": 0,
    "uploaders": 0,
    "teachers": 0,
    "has_sheet": True,
    "has_consumer": False,
}
FAILING: Focus = {**FINALIZE, "present": 2, "fault_rate": 0.1, "readers": 0}
READ: Focus = {**FINALIZE, "people": 5, "present": 5, "readers": 4}
LARGE: Focus = {**READ, "max_actions": 4}
PATCHED: Focus = {"people": 2, "present": 2, "patchers": 3, "keys": (), "readers": 0, "relays": 0}

GUARDS = (
    Guard("sum check", without_sum_check, {LOST_PATCH}),
    Guard("order of reading", records_before_session, {ALL_OR_NOTHING}, READ),
    Guard(
        "completion after all acknowledgements", completed_before_staged, {ALL_OR_NOTHING}, LARGE
    ),
    Guard("publication before removal", forgotten_before_published, {EVENTS}, FAILING),
    Guard("version condition", without_version_condition, {ONE_DECISION}),
    Guard("row condition", without_row_condition, {REVISIONS, LOST_PATCH}, PATCHED),
    Guard("gate on staged records", without_gate, {ALL_OR_NOTHING}, LARGE),
    Guard("look at every entry", without_entry_check, {EVENTS}, FAILING),
    Guard("consistent reads", without_consistent_reads, {ALL_OR_NOTHING, LOST_PATCH}),
)
