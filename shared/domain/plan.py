"""
The finalize decision: what stands against it, and everything it writes. A pure function of what was
read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    The complete outcome of finalizing, whichever way it is written: every record and every event.

    *before* is the session as it must still be when the next step is written.
    """

    before: Session
    decision: Finalization
    records: tuple[Record, ...]
    events: tuple[Event, ...]

    @property
    def sealed(self) -> Session:
        """
        The session locked, with the decision frozen in it: from here on there is only forward.
        """
        if self.before.status is SessionStatus.FINALIZING:
            return self.before
        return self._locked(f"seal-{self.decision.finalization_id}", SessionStatus.FINALIZING)

    @property
    def completed(self) -> Session:
        """
        The session as it is when all its records count.
        """
        return self._locked(self.decision.finalization_id, SessionStatus.COMPLETED)

    def after_seal(self) -> "Plan":
        """
        The same plan, to be continued from the sealed session.
        """
        return replace(self, before=self.sealed)

    def _locked(self, change_id: str, status: SessionStatus) -> Session:
        return self.before.changed(
            change_id, status=status, pending=None, finalization=self.decision
        )


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

    Raises:
        TrainingError: The first of the `blockers`.
    """
    if found := blockers(snapshot.session, request.at):
        raise found[0]
    decision = Finalization(
        finalization_id=request.finalization_id,
        finalized_at=request.at,
        finalized_by=request.by,
        course=course,
        counts=preview(snapshot.attendees, course),
        request_key=request.key,
    )
    return plan_of(snapshot, decision)


def plan_of(snapshot: Snapshot, decision: Finalization) -> Plan:
    """
    What *decision* writes. Whoever computes it from the same snapshot gets the same, to the byte.

    Only people who were present get a record (spec §4 C); nobody present is allowed and writes
    none.
    """
    session, sheet = snapshot.session, snapshot.session.sheet
    if sheet is None:
        raise ValueError(f"session {session.session_id} was decided on without a sheet")
    present = (attendee for attendee in snapshot.attendees if attendee.is_present)
    return Plan(
        before=session,
        decision=decision,
        records=tuple(write_record(session, sheet, attendee, decision) for attendee in present),
        events=finalization_events(session, decision, snapshot.attendees),
    )
