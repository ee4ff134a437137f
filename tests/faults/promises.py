"""What must hold for a session after any fault."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from functions.view_compliance.use_case import view_compliance
from functions.view_session.use_case import Page, view_records
from shared.domain.compliance import Colour, verdict_on
from shared.domain.plan import plan_of
from shared.domain.records import Record
from shared.domain.session import Finalization, Session, SessionStatus
from shared.storage.models import OutboxItem
from shared.storage.outbox import shard_of
from shared.storage.records import DynamoRecordStore
from testing.builders import COURSE_ID, SESSION_DATE
from tests.faults.environment import FEW_SHARDS, PreparedSession, wiring

_SOON = timedelta(days=30)


def readers_see_none_or_all(prepared: PreparedSession) -> Session:
    """
    The session's page, its people's pages and their compliance show no record, or every one.

    Return the session as it is.
    """
    session = wiring().sessions.load(prepared.session_id)
    is_completed = session.status is SessionStatus.COMPLETED
    expected = session.finalization.counts.records if session.finalization and is_completed else 0
    assert len(records_of(prepared)) == expected
    assert is_covered(prepared.present[0]) == is_completed
    return session


def one_decision_stands(
    prepared: PreparedSession, remarks: Mapping[str, str], taken: Collection[str]
) -> Finalization:
    """
    The session is completed by one decision, from which all records and events follow.

    Its outbox entry is gone. *remarks* are those of the acknowledged changes; each is on its
    person's record. *taken* names the events that the bus accepted.
    """
    snapshot = wiring().sessions.read(prepared.session_id)
    assert snapshot.is_whole
    assert snapshot.session.status is SessionStatus.COMPLETED
    plan = plan_of(snapshot)
    decision = plan.decision
    people = [record.personnel_id for record in plan.records]
    assert wiring().records.of_session(snapshot.session, people) == list(plan.records)
    assert decision.counts.records == len(people)
    on_record = {record.personnel_id: record.remarks for record in plan.records}
    assert {**on_record, **remarks} == on_record
    assert {event.event_id for event in plan.events} <= set(taken)
    assert not is_owed(prepared)
    return decision


def records_of(prepared: PreparedSession) -> list[Record]:
    """Return the records as the session's page shows them."""
    page, records = Page(len(prepared.roster)), DynamoRecordStore(wiring().pause)
    view = view_records(prepared.session_id, page, wiring().sessions, records, wiring().pause)
    assert (view.missing, view.after) == ([], None)
    return view.records


def is_covered(person: str) -> bool:
    """Return whether the person is covered, judged by their records."""
    records = DynamoRecordStore(wiring().pause)
    standings = view_compliance(
        person, lambda held: verdict_on(held, SESSION_DATE, _SOON), records, wiring().compliance
    )
    colours = {standing.course_id: standing.verdict.colour for standing in standings}
    return colours.get(COURSE_ID) is Colour.GREEN


def is_owed(prepared: PreparedSession) -> bool:
    """Return whether the outbox has an entry of the session."""
    entries = OutboxItem.query(shard_of(prepared.session_id, FEW_SHARDS), consistent_read=True)
    return any(entry.session_id == prepared.session_id for entry in entries)
