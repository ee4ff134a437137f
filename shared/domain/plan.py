"""
The finalize decision: what stands against it, and everything it writes. A pure function of what was
read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.course import Course
from shared.domain.errors import (
    EvidenceBeingChecked,
    EvidenceMissing,
    RosterIncomplete,
    TrainingError,
)
from shared.domain.events import Event, finalization_events
from shared.domain.people import Person
from shared.domain.records import Record, write_record
from shared.domain.session import Attendee, Counts, Finalization, Session, SessionStatus, Snapshot


@dataclass(frozen=True, slots=True)
class Request:
    """
    Somebody presses Finalize: who, when, under which new id, and the client's Idempotency-Key.
    """

    finalization_id: str
    by: Person
    at: datetime
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """
    The complete outcome of finalizing: the session as it will be, every record, every event.

    *before* is the session the decision was made on; it must still be that one when the plan is
    written.
    """

    before: Session
    session: Session
    decision: Finalization
    records: tuple[Record, ...]
    events: tuple[Event, ...]


def blockers(session: Session, now: datetime) -> list[TrainingError]:
    """
    Everything that stands against finalizing now; the first is the one a caller is told.
    """
    try:
        session.require_open()
    except TrainingError as refusal:
        return [refusal]
    found: list[TrainingError] = []
    if session.sheet is None:
        found.append(EvidenceMissing())
    if session.checking(now):
        found.append(EvidenceBeingChecked())
    if session.roster_change is not None:
        found.append(RosterIncomplete())
    return found


def preview(attendees: Sequence[Attendee], course: Course) -> Counts:
    """
    What finalizing would write if it were pressed now.
    """
    present = [attendee for attendee in attendees if attendee.is_present]
    passed = sum(attendee.has_passed for attendee in present)
    verify = course.requires_verify
    return Counts(
        training_records=0 if verify else len(present),
        competency_records=len(present) if verify else 0,
        passed=passed,
        failed=len(present) - passed,
        absent=len(attendees) - len(present),
    )


def plan_finalization(snapshot: Snapshot, course: Course, request: Request) -> Plan:
    """
    Decide the finalization of *snapshot* under the rules of *course*.

    Only people who were present get a record (spec §4 C); nobody present is allowed and writes
    none.

    Raises:
        TrainingError: The first of the `blockers`.
    """
    session, attendees = snapshot.session, snapshot.attendees
    if found := blockers(session, request.at):
        raise found[0]
    assert session.sheet is not None  # noqa: S101 - a blocker otherwise; tells the type checker
    decision = Finalization(
        finalization_id=request.finalization_id,
        finalized_at=request.at,
        finalized_by=request.by,
        course=course,
        counts=preview(attendees, course),
        request_key=request.key,
    )
    after = session.changed(
        request.finalization_id, status=SessionStatus.COMPLETED, pending=None, finalization=decision
    )
    present = [attendee for attendee in attendees if attendee.is_present]
    return Plan(
        before=session,
        session=after,
        decision=decision,
        records=tuple(
            write_record(session, session.sheet, attendee, decision) for attendee in present
        ),
        events=finalization_events(after, attendees),
    )
