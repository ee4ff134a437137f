"""The guards of the protocol, each taken away for as long as a context lasts."""

from collections.abc import Callable, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from unittest.mock import patch

from functions.view_session.use_case import Page, RecordsView
from shared.domain.contention import GoOn, Pause
from shared.domain.events import Event
from shared.domain.outbox import OutboxEntry
from shared.domain.plan import Plan
from shared.domain.ports import EventPublisher, FinalizationStore, Outbox, RecordStore, SessionStore
from shared.domain.session import Session, SessionStatus, Snapshot
from shared.finalization.write import write
from tests.simulation import stores
from tests.simulation.database import whatever
from tests.simulation.rules import (
    ALL_OR_NOTHING,
    EVENTS,
    LOST_PATCH,
    ONE_DECISION,
    REVISIONS,
)
from tests.simulation.world import Focus

Removal = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Guard:
    """
    A guard, how to take it away, and which of the rules then are broken.

    *focus* draws schedules in which it is often needed.
    """

    name: str
    removed: Removal
    breaks: Set[str]
    focus: Focus = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def without_sum_check() -> AbstractContextManager[object]:
    """Take every snapshot for whole."""
    return patch.object(Snapshot, "is_whole", property(lambda _: True))


def records_before_session() -> AbstractContextManager[object]:
    """Read the records, then ask whether they count."""

    def view_records(
        session_id: str, _page: Page, sessions: SessionStore, store: RecordStore, _pause: Pause
    ) -> RecordsView:
        people = sorted(row.personnel_id for row in sessions.read(session_id).attendees)
        assert isinstance(store, stores.Records), "only the simulated store can be read ungated"
        found = store.ungated(session_id, people)
        session = sessions.load(session_id)
        return RecordsView(found if session.status is SessionStatus.COMPLETED else [], [], None)

    return patch("functions.view_session.use_case.view_records", view_records)


def completed_before_staged() -> AbstractContextManager[object]:
    """Complete a sealed session first, then write what it should have shown by then."""

    def hasty_write(plan: Plan, store: FinalizationStore, go_on: GoOn) -> Session:
        if store.fits_one_transaction(plan) or plan.before.status is SessionStatus.COMPLETED:
            return write(plan, store, go_on)
        if plan.before.status is not SessionStatus.FINALIZING:
            store.seal(plan)
            plan = plan.after_seal()
        store.complete(plan)
        store.stage(plan.records, go_on)
        return plan.completed

    return patch("shared.finalization.resume.write", hasty_write)


def forgotten_before_published() -> AbstractContextManager[object]:
    """Remove the entry of the outbox first, then publish what it owed."""

    def hasty_announce(
        events: Sequence[Event], entry: OutboxEntry, publisher: EventPublisher, outbox: Outbox
    ) -> bool:
        outbox.remove(entry)
        return all(publisher.publish(events))

    return patch("shared.finalization.resume.announce", hasty_announce)


def without_version_condition() -> AbstractContextManager[object]:
    """Write the session and its audit entry whatever is stored; either alone would notice."""
    return patch.multiple(stores, version_is=lambda _: whatever, is_new=whatever)


def without_row_condition() -> AbstractContextManager[object]:
    """Write an attendee's row whatever is stored."""
    return patch.object(stores, "row_is", lambda _: whatever)


def without_gate() -> AbstractContextManager[object]:
    """Count every record of a person, staged or not."""
    return patch.object(stores.Records, "_attended", lambda *arguments: arguments[-1])


def without_entry_check() -> AbstractContextManager[object]:
    """Take every answer of the bus for an acceptance of all."""

    def careless_announce(
        events: Sequence[Event], entry: OutboxEntry, publisher: EventPublisher, outbox: Outbox
    ) -> bool:
        publisher.publish(events)
        outbox.remove(entry)
        return True

    return patch("shared.finalization.resume.announce", careless_announce)


LARGE: Focus = {"people": 5, "present": 5, "max_actions": 4, "registrars": 0}

GUARDS = (
    Guard("sum check", without_sum_check, {LOST_PATCH}),
    Guard("order of reading", records_before_session, {ALL_OR_NOTHING}),
    Guard("completion after all acknowledgements", completed_before_staged, {ALL_OR_NOTHING}),
    Guard("publication before removal", forgotten_before_published, {EVENTS}),
    Guard("version condition", without_version_condition, {ONE_DECISION}),
    Guard("row condition", without_row_condition, {REVISIONS, LOST_PATCH}, {"patchers": 3}),
    Guard("gate on staged records", without_gate, {ALL_OR_NOTHING}, {**LARGE, "readers": 4}),
    Guard("look at every entry", without_entry_check, {EVENTS}),
)
