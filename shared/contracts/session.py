"""
A session as JSON.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.shape import PersonShape, Shape
from shared.domain.course import Course
from shared.domain.evidence import EvidenceState
from shared.domain.plan import blockers, preview
from shared.domain.session import Attendee, Session, SessionStatus, SessionSummary, Snapshot


class TrainerShape(Shape):
    id: str
    name: str
    qualification: str | None


class CourseShape(Shape):
    course_id: str
    title: str
    version: str | None
    requires_verify: bool
    validity_months: int | None
    retention_years: int | None


class EvidenceShape(Shape):
    """
    The state of the latest upload, and the accepted sheet, which stays in force until a newer one
    is accepted.
    """

    state: EvidenceState
    file_name: str | None = None
    attendance_file_key: str | None = None
    attendance_file_version_id: str | None = None
    attendance_file_hash: str | None = None
    content_type: str | None = None
    size_bytes: int | None = None
    uploaded_at: datetime | None = None
    uploaded_by: PersonShape | None = None
    reason: str | None = None
    also_used_by: list[str] | None = None


class AttendeeShape(Shape):
    personnel_id: str
    name: str
    job_title: str | None
    is_present: bool
    has_passed: bool
    remarks: str | None


class CountsShape(Shape):
    training_records: int
    competency_records: int
    passed: int
    failed: int
    absent: int


class ProgressShape(Shape):
    """
    How far a large session is on its way to being completed.
    """

    written: int
    total: int


class FinalizationShape(Shape):
    """
    Whether Finalize may be pressed, what stands against it, and what it would write; or who pressed
    it.
    """

    allowed: bool
    blockers: list[str]
    preview: CountsShape
    progress: ProgressShape | None = None
    finalized_at: datetime | None = None
    finalized_by: PersonShape | None = None


class SessionShape(Shape):
    session_id: str
    title: str
    status: SessionStatus
    starts_at: datetime
    ends_at: datetime
    timezone: str
    location: str | None
    trainer: TrainerShape
    course: CourseShape
    evidence: EvidenceShape
    attendees: list[AttendeeShape]
    finalization: FinalizationShape
    version: int

    def also_used_by(self, sessions: Sequence[str]) -> "SessionShape":
        """
        The same, flagging the other *sessions* whose sheet has the same bytes.
        """
        if not sessions:
            return self
        evidence = self.evidence.model_copy(update={"also_used_by": [*sessions]})
        return self.model_copy(update={"evidence": evidence})


class RegisteredShape(Shape):
    """
    The answer to a PUT of a session.
    """

    session_id: str
    status: SessionStatus
    roster_count: int
    version: int


class SavedShape(Shape):
    """
    The answer to saved attendance.
    """

    updated: int
    version: int


class SessionLine(Shape):
    session_id: str
    title: str
    status: SessionStatus
    course_id: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    location: str | None
    roster_count: int
    finalized_at: datetime | None
    evidence_state: EvidenceState

    @classmethod
    def of(cls, summary: SessionSummary, now: datetime) -> "SessionLine":
        lasting = {
            name: getattr(summary, name) for name in cls.model_fields.keys() - {"evidence_state"}
        }
        return cls(evidence_state=summary.evidence_state(now), **lasting)


class SessionPage(Shape):
    items: list[SessionLine]
    next_cursor: str | None = None


class FinalizedShape(CountsShape):
    """
    The answer to Finalize, the first time and on every repeat with the same key.
    """

    session_id: str
    status: SessionStatus
    finalized_at: datetime
    finalized_by: PersonShape


def session_shape(
    snapshot: Snapshot, course: Course, written: int | None, now: datetime
) -> SessionShape:
    """
    The session as a person works on it: state, sheet, grid, and what Finalize would do.
    """
    session, details = snapshot.session, snapshot.session.details
    zone = ZoneInfo(details.timezone)
    return SessionShape(
        session_id=session.session_id,
        title=details.title,
        status=session.status,
        starts_at=details.starts_at.astimezone(zone),
        ends_at=details.ends_at.astimezone(zone),
        timezone=details.timezone,
        location=details.location,
        trainer=TrainerShape.model_validate(details.trainer),
        course=CourseShape.model_validate(course),
        evidence=_evidence(session, now),
        attendees=[
            AttendeeShape.model_validate(attendee)
            for attendee in sorted(snapshot.attendees, key=_by_name)
        ],
        finalization=_finalization(snapshot, course, written, now),
        version=session.version,
    )


def _by_name(attendee: Attendee) -> tuple[str, str]:
    """
    The order of a sheet on paper.
    """
    return attendee.name.casefold(), attendee.personnel_id


def finalized_shape(session: Session) -> FinalizedShape:
    """
    What finalizing *session* came to.

    Raises:
        ValueError: The session is not finalized.
    """
    decision = session.finalization
    if decision is None:
        raise ValueError(f"session {session.session_id} is not finalized")
    return FinalizedShape(
        session_id=session.session_id,
        status=session.status,
        finalized_at=decision.finalized_at,
        finalized_by=PersonShape.model_validate(decision.finalized_by),
        **CountsShape.model_validate(decision.counts).model_dump(),
    )


def _evidence(session: Session, now: datetime) -> EvidenceShape:
    state = session.evidence_state(now)
    sheet = session.sheet
    reason = (
        session.rejection.reason if session.rejection and state is EvidenceState.REJECTED else None
    )
    if sheet is None:
        waiting = session.pending if state is EvidenceState.PENDING else session.rejection
        return EvidenceShape(
            state=state, file_name=waiting.file_name if waiting else None, reason=reason
        )
    return EvidenceShape(
        state=state,
        file_name=sheet.file_name,
        attendance_file_key=sheet.key,
        attendance_file_version_id=sheet.version_id,
        attendance_file_hash=sheet.sha256,
        content_type=sheet.content_type,
        size_bytes=sheet.size_bytes,
        uploaded_at=sheet.uploaded_at,
        uploaded_by=PersonShape.model_validate(sheet.uploaded_by),
        reason=reason,
    )


def _finalization(
    snapshot: Snapshot, course: Course, written: int | None, now: datetime
) -> FinalizationShape:
    found = blockers(snapshot.session, now)
    decision = snapshot.session.finalization
    counts = decision.counts if decision else preview(snapshot.attendees, course)
    return FinalizationShape(
        allowed=not found,
        blockers=[blocker.slug for blocker in found],
        preview=CountsShape.model_validate(counts),
        progress=None if written is None else ProgressShape(written=written, total=counts.records),
        finalized_at=decision.finalized_at if decision else None,
        finalized_by=PersonShape.model_validate(decision.finalized_by) if decision else None,
    )
