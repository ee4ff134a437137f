"""What can be seen of the product and of the model from outside, in the same terms."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from functions.view_compliance.use_case import view_compliance
from shared.domain import course as domain_course
from shared.domain import records as domain_records
from shared.domain import session as domain
from shared.domain.compliance import Compliance, verdict_at
from shared.domain.errors import NotFound
from shared.storage.compliance import DynamoComplianceStore
from tests.model import rules
from tests.model.state import (
    EXPIRING_SOON,
    SESSIONS,
    Course,
    Decision,
    Record,
    Row,
    Session,
    State,
)
from tests.model.world import Account, seen_verdict

Picture = dict[str, object]


def of_model(state: State, people: Collection[str], now: datetime) -> Picture:
    """Return what must be seen."""
    picture: Picture = {"owed": sorted(state.owed)}
    for name in SESSIONS:
        picture[name] = state.sessions.get(name)
        picture[f"{name}'s records"] = list(state.visible(name))
    for person in people:
        picture[person] = [
            (course, rules.verdict(state, person, course, now))
            for course in sorted(rules.courses_of(state, person))
        ]
        picture[f"{person}'s standings"] = {
            course: state.standings[who, course] for who, course in state.standings if who == person
        }
    return picture


def of_product(world: Account, people: Collection[str], now: datetime) -> Picture:
    """Return what is seen."""
    picture: Picture = {"owed": world.owed()}
    for name in SESSIONS:
        picture |= _of_session(world, name)
    for person in people:
        picture |= _of_person(world, person, now)
    return picture


def seen_session(snapshot: domain.Snapshot) -> Session:
    """Return a session in the model's terms."""
    session, details = snapshot.session, snapshot.session.details
    return Session(
        course=details.course_id,
        ends_at=details.ends_at,
        timezone=details.timezone,
        status=str(session.status),
        version=session.version,
        people={attendee.personnel_id: _row(attendee) for attendee in snapshot.attendees},
        roster_change=session.roster_change,
        pending=session.pending.upload_id if session.pending else None,
        sheet=session.sheet.upload_id if session.sheet else None,
        rejection=session.rejection.upload_id if session.rejection else None,
        decision=_decision(session.finalization) if session.finalization else None,
    )


def seen_course(course: domain_course.Course) -> Course:
    """Return a course in the model's terms."""
    months = course.validity.months if course.validity else None
    return Course(course.requires_verify, months, course.revision)


def seen_record(record: domain_records.Record) -> Record:
    """Return a record in the model's terms."""
    assert record.record_id == domain_records.record_id(record.session_id, record.personnel_id)
    return Record(
        person=record.personnel_id,
        session=record.session_id,
        course=record.course_id,
        kind=str(record.kind),
        result=str(record.result),
        status=str(record.status),
        ended=record.session_date,
        expiry=record.expiry_date,
        timezone=str(record.time_zone),
        sheet=record.evidence_file_hash,
        remarks=record.remarks,
        job=record.job_title or "",
        fid=record.finalization_id,
    )


def _of_session(world: Account, name: str) -> Picture:
    try:
        snapshot = world.sessions.read(name)
    except NotFound:
        return {name: None, f"{name}'s records": []}
    assert snapshot.is_whole, "nothing is under way, so a read is whole"
    present = sorted(a.personnel_id for a in snapshot.attendees if a.is_present)
    records = world.records.of_session(snapshot.session, present)
    return {
        name: seen_session(snapshot),
        f"{name}'s records": [seen_record(record) for record in records],
    }


def _of_person(world: Account, person: str, now: datetime) -> Picture:
    stored = world.compliance.of_person(person)
    standings = view_compliance(
        person,
        lambda records: verdict_at(records, now, EXPIRING_SOON),
        world.records,
        _Read(stored),
    )
    return {
        person: [(found.course_id, seen_verdict(found.verdict)) for found in standings],
        f"{person}'s standings": {
            known.course_id: (seen_verdict(known.verdict), known.calculated_at) for known in stored
        },
    }


class _Read(DynamoComplianceStore):
    """Standings that need not be read again."""

    def __init__(self, standings: list[Compliance]) -> None:
        self._standings = standings

    def of_person(self, personnel_id: str) -> list[Compliance]:
        """Return the standings that were read."""
        del personnel_id
        return self._standings


def _row(attendee: domain.Attendee) -> Row:
    return Row(
        attendee.job_title or "",
        attendee.is_present,
        attendee.has_passed,
        attendee.remarks,
        attendee.was_marked,
    )


def _decision(decided: domain.Finalization) -> Decision:
    counts = tuple(getattr(decided.counts, field.name) for field in fields(decided.counts))
    training, competency, passed, failed, absent = counts
    return Decision(
        decided.finalization_id,
        decided.finalized_at,
        decided.request_key,
        seen_course(decided.course),
        (training, competency, passed, failed, absent),
    )
