"""What the product promises about a session, whatever happened on the way."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from functions.view_compliance.use_case import view_compliance
from functions.view_session.use_case import Page, view_records
from shared.domain.compliance import Colour
from shared.domain.outbox import entry_for
from shared.domain.plan import plan_of
from shared.domain.records import Record
from shared.domain.session import Finalization, Session, SessionStatus
from shared.runtime import wiring
from shared.storage.models import OutboxItem
from shared.storage.records import DynamoRecordStore
from tests.builders import COURSE_ID, SESSION_DATE
from tests.faults.stage import Scene

_SOON = timedelta(days=30)


def readers_see_none_or_all(scene: Scene) -> Session:
    """
    The session's page, its people's pages and their compliance show no record, or every one.

    Return the session as it is.
    """
    session = wiring.sessions().load(scene.session_id)
    is_completed = session.status is SessionStatus.COMPLETED
    expected = session.finalization.counts.records if session.finalization and is_completed else 0
    assert len(records_of(scene)) == expected
    assert is_covered(scene.present[0]) == is_completed
    return session


def one_decision_stands(
    scene: Scene, remarks: Mapping[str, str], taken: Collection[str]
) -> Finalization:
    """
    The session is completed by one decision, from which every record and event follows, and nothing
    is owed any more.

    *remarks* are those of the acknowledged changes; each is on its person's record. *taken* names
    the events the bus took.
    """
    snapshot = wiring.sessions().read(scene.session_id)
    decision = snapshot.session.finalization
    assert snapshot.is_whole
    assert snapshot.session.status is SessionStatus.COMPLETED
    assert decision is not None
    plan = plan_of(snapshot, decision)
    people = [record.personnel_id for record in plan.records]
    assert wiring.records().of_session(snapshot.session, people) == list(plan.records)
    assert decision.counts.records == len(people)
    on_record = {record.personnel_id: record.remarks for record in plan.records}
    assert {**on_record, **remarks} == on_record
    assert {event.event_id for event in plan.events} <= set(taken)
    assert not is_owed(scene, decision)
    return decision


def records_of(scene: Scene) -> list[Record]:
    """Return the records as the session's page shows them."""
    page, records = Page(len(scene.roster)), DynamoRecordStore(wiring.pause)
    view = view_records(scene.session_id, page, wiring.sessions(), records, wiring.pause)
    assert (view.missing, view.after) == ([], None)
    return view.records


def is_covered(person: str) -> bool:
    """Say if the person's page, which is judged from their records, lets them work."""
    records = DynamoRecordStore(wiring.pause)
    standings = view_compliance(person, SESSION_DATE, _SOON, records, wiring.compliance())
    colours = {standing.course_id: standing.verdict.colour for standing in standings}
    return colours.get(COURSE_ID) is Colour.GREEN


def is_owed(scene: Scene, decision: Finalization) -> bool:
    """Say if the outbox holds anything of the session."""
    entries = OutboxItem.query(entry_for(scene.session_id, decision).shard, consistent_read=True)
    return any(entry.session_id == scene.session_id for entry in entries)
