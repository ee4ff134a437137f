"""A session as JSON."""

from datetime import date, datetime

from pydantic import AliasPath, Field

from shared.contracts.paging import cursor, fitting
from shared.contracts.response import PersonResponse, ResponseBody
from shared.domain.days import LAST_YEAR, local
from shared.domain.evidence import EvidenceState
from shared.domain.gate import Gate, warnings_shown
from shared.domain.manifest import attestation
from shared.domain.plan import blockers, preview
from shared.domain.roster import ROSTER_BYTES
from shared.domain.session import Session, SessionStatus, SessionSummary
from shared.domain.warning import GateWarning, WarningSlug


class TrainerResponse(ResponseBody):
    id: str
    name: str
    qualification: str | None


class CourseResponse(ResponseBody):
    course_id: str
    title: str
    version: str | None
    requires_verify: bool
    validity_months: int | None = Field(None, validation_alias=AliasPath("validity", "months"))
    retention_years: int | None


class EvidenceResponse(ResponseBody):
    """
    The state of the latest upload, and the accepted sheet, which stays in force until a newer one
    is accepted. *ends_early* is only there, and true, if the end of that sheet's file is missing.
    """

    state: EvidenceState
    file_name: str | None = None
    attendance_file_key: str | None = None
    attendance_file_version_id: str | None = None
    attendance_file_hash: str | None = None
    content_type: str | None = None
    size_bytes: int | None = None
    uploaded_at: datetime | None = None
    uploaded_by: PersonResponse | None = None
    reason: str | None = None
    ends_early: bool | None = None
    also_used_by: list[str] | None = None


class AttendeeResponse(ResponseBody):
    personnel_id: str
    name: str
    job_title: str | None
    is_present: bool
    has_passed: bool
    is_marked: bool = Field(validation_alias="was_marked")
    remarks: str | None


class CountsResponse(ResponseBody):
    training_records: int
    competency_records: int
    passed: int
    failed: int
    absent: int


class ProgressResponse(ResponseBody):
    """How many records of a session that is being finalized are written."""

    written: int
    total: int


class WarningResponse(ResponseBody):
    """What nobody should overlook; *people* are the ids of the first of those it is about."""

    slug: WarningSlug
    detail: str
    people: list[str] | None = None

    @classmethod
    def of(cls, warning: GateWarning) -> "WarningResponse":
        return cls(slug=warning.slug, detail=warning.detail, people=list(warning.people) or None)


class FinalizationResponse(ResponseBody):
    """
    Whether the session can be finalized now, what blocks it, what an admin should know before, and
    what it would write; or who finalized it, warned of what, and which warnings were acknowledged.

    *attestation* is what finalizing means, in the words that are signed, and *release* the software
    that decided.
    """

    allowed: bool
    blockers: list[str]
    warnings: list[WarningResponse]
    acknowledged: list[WarningSlug] | None = None
    preview: CountsResponse
    session_date: date
    expiry_date: date | None = None
    attestation: str | None = None
    progress: ProgressResponse | None = None
    finalized_at: datetime | None = None
    finalized_by: PersonResponse | None = None
    release: str | None = None


class SessionResponse(ResponseBody):
    """A session with its whole roster, or a part of it and the cursor of the next part."""

    session_id: str
    title: str
    status: SessionStatus
    starts_at: datetime
    ends_at: datetime
    timezone: str
    location: str | None
    trainer: TrainerResponse
    course: CourseResponse
    evidence: EvidenceResponse
    attendees: list[AttendeeResponse]
    finalization: FinalizationResponse
    version: int
    next_cursor: str | None = None

    def from_row(self, first: int) -> "SessionResponse":
        """
        The same response with as many attendees as an answer can carry, from the *first* on.

        Only a roster of the first release may have more; the others are one answer.
        """
        rows = self.attendees[first:]
        fit = fitting(rows, ROSTER_BYTES)
        more = cursor(str(first + fit)) if fit < len(rows) else None
        return self.model_copy(update={"attendees": rows[:fit], "next_cursor": more})


class RegisteredResponse(ResponseBody):
    """The answer to a PUT of a session."""

    session_id: str
    status: SessionStatus
    roster_count: int
    version: int


class SavedResponse(ResponseBody):
    """The answer to saved attendance."""

    updated: int
    version: int


class SessionLine(ResponseBody):
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


class SessionPage(ResponseBody):
    items: list[SessionLine]
    next_cursor: str | None = None


class FinalizedResponse(CountsResponse):
    """The answer to Finalize, to the first request and to every repeat with the same key."""

    session_id: str
    status: SessionStatus
    finalized_at: datetime
    finalized_by: PersonResponse


def session_response(seen: Gate, written: int | None = None) -> SessionResponse:
    """
    The session as the console shows it: state, sheet, grid, and what Finalize would write.

    *written* counts the records of a session that is being finalized.
    """
    session, details = seen.session, seen.session.details
    return SessionResponse(
        session_id=session.session_id,
        title=details.title,
        status=session.status,
        starts_at=local(details.starts_at, details.timezone),
        ends_at=local(details.ends_at, details.timezone),
        timezone=details.timezone,
        location=details.location,
        trainer=TrainerResponse.model_validate(details.trainer),
        course=CourseResponse.model_validate(seen.course),
        evidence=_evidence(seen),
        attendees=[
            AttendeeResponse.model_validate(attendee)
            for attendee in sorted(seen.attendees, key=lambda one: one.sheet_order)
        ],
        finalization=_finalization(seen, written),
        version=session.version,
    )


def finalized_response(session: Session) -> FinalizedResponse:
    """
    The result of finalizing *session*.

    Raises:
        SessionNotFinalized: It is not finalized yet.
    """
    decision = session.decided().decision
    return FinalizedResponse(
        session_id=session.session_id,
        status=session.status,
        finalized_at=decision.finalized_at,
        finalized_by=PersonResponse.model_validate(decision.finalized_by),
        **CountsResponse.model_validate(decision.counts).model_dump(),
    )


def _evidence(seen: Gate) -> EvidenceResponse:
    session, sheet = seen.session, seen.session.sheet
    state = session.evidence_state(seen.now)
    reason = (
        session.rejection.reason if session.rejection and state is EvidenceState.REJECTED else None
    )
    if sheet is None:
        waiting = session.pending if state is EvidenceState.PENDING else session.rejection
        return EvidenceResponse(
            state=state, file_name=waiting.file_name if waiting else None, reason=reason
        )
    return EvidenceResponse(
        state=state,
        file_name=sheet.file_name,
        attendance_file_key=sheet.key,
        attendance_file_version_id=sheet.version_id,
        attendance_file_hash=sheet.sha256,
        content_type=sheet.content_type,
        size_bytes=sheet.size_bytes,
        uploaded_at=sheet.uploaded_at,
        uploaded_by=PersonResponse.model_validate(sheet.uploaded_by),
        reason=reason,
        ends_early=sheet.ends_early,
        also_used_by=list(seen.other_uses) or None,
    )


def _finalization(seen: Gate, written: int | None) -> FinalizationResponse:
    found = blockers(seen.session, seen.now)
    decision = seen.session.finalization
    counts = decision.counts if decision else preview(seen.attendees, seen.course)
    last = seen.session.details.days.last
    return FinalizationResponse(
        allowed=not found,
        blockers=[blocker.slug for blocker in found],
        warnings=[WarningResponse.of(warning) for warning in warnings_shown(seen)],
        acknowledged=list(decision.acknowledged) if decision else None,
        preview=CountsResponse.model_validate(counts),
        session_date=last,
        # The first release took sessions in years to which no validity can be added.
        expiry_date=seen.course.last_day(last) if last.year <= LAST_YEAR else None,
        attestation=attestation(decision),
        progress=None
        if written is None
        else ProgressResponse(written=written, total=counts.records),
        finalized_at=decision.finalized_at if decision else None,
        finalized_by=PersonResponse.model_validate(decision.finalized_by) if decision else None,
        release=decision.release.version if decision and decision.release else None,
    )
