"""The finalize decision: what blocks it, and what it writes. Pure functions of what was read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.audit import Action, ChangeContext
from shared.domain.canonical import canonical, sha256
from shared.domain.course import Course
from shared.domain.errors import (
    EvidenceBeingChecked,
    EvidenceMissing,
    RosterIncomplete,
    SessionNotOver,
    TrainingError,
)
from shared.domain.events import Event, finalization_events
from shared.domain.gate import Gate, warnings_at
from shared.domain.manifest import CURRENT_VERSION, manifest_of, writer_of
from shared.domain.records import Record, write_record
from shared.domain.release import Release
from shared.domain.session import (
    Attendee,
    Counts,
    DecidedSession,
    Finalization,
    Session,
    SessionStatus,
    Snapshot,
)
from shared.domain.transition import Transition, transition
from shared.domain.warning import WarningSlug


class ManifestDiffers(Exception):
    """The manifest of a decided session is not the one it was decided with: data has changed."""


@dataclass(frozen=True, slots=True)
class FinalizeCommand:
    """
    The command to finalize: who, when, by which request, the new id and the Idempotency-Key.
    *acknowledged* are the warnings that the person has seen.
    """

    finalization_id: str
    change: ChangeContext
    key: str | None = None
    acknowledged: Collection[WarningSlug] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """
    The complete result of finalizing, in whichever way it is written: every record and event.

    *before* is the session as it must still be when the next transition is written.
    """

    before: Session
    decision: Finalization
    manifest: bytes
    records: tuple[Record, ...]
    events: tuple[Event, ...]

    @property
    def commit_transition(self) -> Transition:
        """The decision and its completion at once."""
        return self._decided(SessionStatus.COMPLETED)

    @property
    def lock_transition(self) -> Transition:
        """The decision alone: the lock, after which finalizing can only be completed."""
        return self._decided(SessionStatus.FINALIZING)

    @property
    def completed(self) -> Session:
        """
        The session as it is when all its records count.

        Completing a locked session is no decision of a person, so it has no audit entry.
        """
        match self.before.status:
            case SessionStatus.COMPLETED:
                return self.before
            case SessionStatus.FINALIZING:
                version = self.before.version + 1
                return replace(self.before, status=SessionStatus.COMPLETED, version=version)
        return self.commit_transition.after

    def after_lock(self) -> "Plan":
        """The same plan, to be continued from the locked session."""
        return replace(self, before=self.lock_transition.after)

    def _decided(self, status: SessionStatus) -> Transition:
        after = replace(self.before, status=status, pending=None, finalization=self.decision)
        decision = self.decision
        change = ChangeContext(
            decision.finalized_by,
            decision.finalized_at,
            decision.request_id,
            decision.release or Release(),
        )
        return transition(self.before, after, Action.FINALIZED, change)


def blockers(session: Session, now: datetime) -> list[TrainingError]:
    """Everything that blocks finalizing now; a request to finalize is refused with the first."""
    try:
        session.require_open()
    except TrainingError as refusal:
        return [refusal]
    found: list[TrainingError] = []
    if session.checking(now):
        # Also if it is the first: nobody is told to upload what has just been uploaded.
        found.append(EvidenceBeingChecked())
    elif session.sheet is None:
        found.append(EvidenceMissing())
    if session.roster_change is not None:
        found.append(RosterIncomplete())
    if not session.has_taken_place(now):
        details = session.details
        found.append(SessionNotOver(details.days.last, details.timezone))
    return found


def preview(attendees: Sequence[Attendee], course: Course) -> Counts:
    """What finalizing would write now."""
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


def plan_finalization(
    snapshot: Snapshot, course: Course, command: FinalizeCommand, other_uses: Sequence[str] = ()
) -> Plan:
    """
    Decide the finalization of *snapshot* under the rules of *course*; *other_uses* are the other
    sessions that rest on the same sheet. The decision keeps its warnings, and which of them were
    acknowledged: an acknowledgement of what is no warning any more is left out.

    Raises:
        TrainingError: The first of the `blockers`.
    """
    if found := blockers(snapshot.session, command.change.at):
        raise found[0]
    warnings = warnings_at(Gate(snapshot, course, other_uses, command.change.at))
    decision = Finalization(
        finalization_id=command.finalization_id,
        request_id=command.change.request_id,
        finalized_at=command.change.at,
        finalized_by=command.change.by,
        course=course,
        counts=preview(snapshot.attendees, course),
        audit_head=snapshot.session.audit_head,
        manifest_version=CURRENT_VERSION,
        request_key=command.key,
        warnings=warnings,
        acknowledged=tuple(one.slug for one in warnings if one.slug in command.acknowledged),
        release=command.change.release,
    )
    decided = replace(snapshot.session, finalization=decision).decided()
    return _plan(snapshot.session, decided, snapshot.attendees)


def plan_of(snapshot: Snapshot) -> Plan:
    """
    The plan of a decided session: the same to the byte whenever it is computed.

    Raises:
        SessionNotFinalized: Nothing was decided.
        ManifestDiffers: The snapshot is not the one that was decided on.
        UnknownManifestVersion: A later release made the decision.
    """
    return _plan(snapshot.session, snapshot.session.decided(), snapshot.attendees)


def planned_records(decided: DecidedSession, attendees: Sequence[Attendee]) -> list[Record]:
    """
    The records of a decision. Only people who were present get one (spec §4 C); a session to which
    no one came has none.

    Raises:
        UnknownManifestVersion: A later release made the decision.
    """
    days = writer_of(decided.decision).days(decided.session.details)
    return [write_record(decided, attendee, days) for attendee in attendees if attendee.is_present]


def _plan(before: Session, decided: DecidedSession, attendees: Sequence[Attendee]) -> Plan:
    records = planned_records(decided, attendees)
    manifest = canonical(manifest_of(decided, attendees, records))
    decision = replace(decided.decision, manifest_sha256=sha256(manifest))
    if decided.decision.manifest_sha256 not in ("", decision.manifest_sha256):
        raise ManifestDiffers(before.session_id)
    return Plan(
        before=before,
        decision=decision,
        manifest=manifest,
        records=tuple(replace(r, manifest_sha256=decision.manifest_sha256) for r in records),
        events=finalization_events(decided, attendees),
    )
