"""
The finalize decision: what stands against it, and everything it writes. A pure function of what was
read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.audit import Action, Change
from shared.domain.canonical import canonical, sha256
from shared.domain.course import Course
from shared.domain.errors import (
    EvidenceBeingChecked,
    EvidenceMissing,
    RosterIncomplete,
    TrainingError,
)
from shared.domain.events import Event, finalization_events
from shared.domain.manifest import manifest_of
from shared.domain.records import Record, write_record
from shared.domain.session import Attendee, Counts, Finalization, Session, SessionStatus, Snapshot
from shared.domain.step import Step, step


class ManifestDiffers(Exception):
    """
    A decided session does not give the manifest it was decided with: something was changed since.
    """


@dataclass(frozen=True, slots=True)
class Request:
    """
    Somebody presses Finalize: who, when, by which request, under which new id and Idempotency-Key.
    """

    finalization_id: str
    change: Change
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """
    The complete outcome of finalizing, whichever way it is written: every record and every event.

    *before* is the session as it must still be when the next step is written.
    """

    before: Session
    decision: Finalization
    manifest: bytes
    records: tuple[Record, ...]
    events: tuple[Event, ...]

    @property
    def commit_step(self) -> Step:
        """
        The decision and its completion at once.
        """
        return self._decided(SessionStatus.COMPLETED)

    @property
    def seal_step(self) -> Step:
        """
        The decision alone: from here on there is only forward.
        """
        return self._decided(SessionStatus.FINALIZING)

    @property
    def completed(self) -> Session:
        """
        The session as it is when all its records count.

        That of a sealed one is nobody's decision, so no audit entry says it.
        """
        match self.before.status:
            case SessionStatus.COMPLETED:
                return self.before
            case SessionStatus.FINALIZING:
                version = self.before.version + 1
                return replace(self.before, status=SessionStatus.COMPLETED, version=version)
        return self.commit_step.after

    def after_seal(self) -> "Plan":
        """
        The same plan, to be continued from the sealed session.
        """
        return replace(self, before=self.seal_step.after)

    def _decided(self, status: SessionStatus) -> Step:
        after = replace(self.before, status=status, pending=None, finalization=self.decision)
        change = Change(
            self.decision.finalized_by, self.decision.finalized_at, self.decision.request_id
        )
        return step(self.before, after, Action.FINALIZED, change)


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
    if found := blockers(snapshot.session, request.change.at):
        raise found[0]
    decision = Finalization(
        finalization_id=request.finalization_id,
        request_id=request.change.request_id,
        finalized_at=request.change.at,
        finalized_by=request.change.by,
        course=course,
        counts=preview(snapshot.attendees, course),
        audit_head=snapshot.session.audit_head,
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
    records = [write_record(session, sheet, attendee, decision) for attendee in present]
    manifest = canonical(manifest_of(snapshot, sheet, records, decision))
    signed = replace(decision, manifest_sha256=sha256(manifest))
    if decision.manifest_sha256 not in ("", signed.manifest_sha256):
        raise ManifestDiffers(session.session_id)
    return Plan(
        before=session,
        decision=signed,
        manifest=manifest,
        records=tuple(replace(r, manifest_sha256=signed.manifest_sha256) for r in records),
        events=finalization_events(session, signed, snapshot.attendees),
    )
