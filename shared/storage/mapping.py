"""Mapping between domain values and items. Fields with equal names are copied by name."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from pynamodb.models import Model

from shared.domain.audit import GENESIS, AuditEntry
from shared.domain.compliance import Compliance, Verdict
from shared.domain.course import Course
from shared.domain.course_trail import CourseEntry
from shared.domain.evidence import Sheet
from shared.domain.records import Record
from shared.domain.session import (
    Attendee,
    Finalization,
    Session,
    SessionDetails,
    SessionSummary,
)
from shared.storage.models import (
    ATTENDEE,
    SESSION,
    AttendeeItem,
    AuditItem,
    ComplianceItem,
    CourseAuditItem,
    CourseItem,
    RecordItem,
    SessionItem,
)

T = TypeVar("T")

_SHEET = {
    "key": "attendance_file_key",
    "version_id": "attendance_file_version_id",
    "sha256": "attendance_file_hash",
    "content_type": "attendance_file_type",
    "size_bytes": "attendance_file_size",
    "file_name": "attendance_file_name",
    "upload_id": "attendance_upload_id",
    "uploaded_at": "attendance_uploaded_at",
    "uploaded_by": "attendance_uploaded_by",
    "ends_early": "attendance_file_ends_early",
}
_DECISION = {
    "finalization_id": "finalization_id",
    "finalized_at": "finalized_at",
    "finalized_by": "finalized_by",
    "course": "course_as_finalized",
    "counts": "counts",
    "request_key": "request_key",
    "request_id": "request_id",
    "audit_head": "decided_on",
    "manifest_sha256": "manifest_sha256",
    "manifest_version": "manifest_version",
    "warnings": "warnings",
    "acknowledged": "acknowledged",
    "release": "release",
}
# The version of decisions that were stored before they named theirs.
_FIRST_MANIFEST_VERSION = 1
_SESSION = (
    "session_id",
    "status",
    "version",
    "audit_head",
    "roster_count",
    "attendance_sum",
    "roster_bytes",
    "roster_change",
    "pending",
    "rejection",
)


def session_item(session: Session) -> SessionItem:
    return SessionItem(
        item=SESSION,
        start_order=start_order(session),
        **{name: getattr(session, name) for name in _SESSION},
        **_values(session.details),
        **_renamed(session.sheet, _SHEET),
        **_renamed(session.finalization, _DECISION),
    )


def start_order(session: Session) -> str:
    """The sort key of a session within its status: its start, then its id, as text."""
    return f"{start_key(session.details.starts_at)}#{session.session_id}"


def start_key(moment: datetime) -> str:
    """The sort key at which sessions that start at *moment* begin."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def session_from(item: SessionItem) -> Session:
    return Session(
        **{name: getattr(item, name) for name in _SESSION},
        details=_same_names(item, SessionDetails),
        sheet=Sheet(**_picked(item, _SHEET)) if item.attendance_file_key else None,
        finalization=_decision_from(item) if item.finalization_id else None,
    )


def _decision_from(item: SessionItem) -> Finalization:
    picked = _picked(item, _DECISION)
    if picked["manifest_version"] is None:
        picked["manifest_version"] = _FIRST_MANIFEST_VERSION
    for name in ("warnings", "acknowledged"):
        # Decisions of the first release were made without.
        picked[name] = picked[name] or ()
    return Finalization(**picked)


def summary_from(item: SessionItem) -> SessionSummary:
    return SessionSummary(
        position=item.start_order,
        sheet_upload_id=item.attendance_upload_id,
        **{
            field.name: getattr(item, field.name)
            for field in fields(SessionSummary)
            if field.name not in {"position", "sheet_upload_id"}
        },
    )


def attendee_key(session_id: str, personnel_id: str) -> tuple[str, str]:
    return session_id, ATTENDEE + personnel_id


def attendee_item(session_id: str, attendee: Attendee) -> AttendeeItem:
    return AttendeeItem(*attendee_key(session_id, attendee.personnel_id), **_values(attendee))


def attendee_from(item: AttendeeItem) -> Attendee:
    return _same_names(item, Attendee)


def course_item(course: Course) -> CourseItem:
    return CourseItem(**_values(course))


def course_from(item: CourseItem) -> Course:
    course = _same_names(item, Course)
    # Courses that were stored before they had a trail name no end of it.
    return replace(course, audit_head=course.audit_head or GENESIS)


def course_audit_item(entry: CourseEntry, origin: str) -> CourseAuditItem:
    return CourseAuditItem(**_values(entry) | {"origin": origin})


def course_entry_from(item: CourseAuditItem) -> CourseEntry:
    return _same_names(item, CourseEntry)


def record_item(record: Record) -> RecordItem:
    return RecordItem(**_values(record))


def record_from(item: RecordItem) -> Record:
    return _same_names(item, Record)


def audit_item(entry: AuditEntry, origin: str) -> AuditItem:
    return AuditItem(**_values(entry) | {"origin": origin})


def audit_entry_from(item: AuditItem) -> AuditEntry:
    return _same_names(item, AuditEntry)


def compliance_item(compliance: Compliance) -> ComplianceItem:
    return ComplianceItem(
        compliance.personnel_id,
        compliance.course_id,
        status=compliance.verdict.colour,
        based_on=compliance.verdict.record_id,
        expiry_date=compliance.verdict.expiry_date,
        changes_at=compliance.verdict.changes_at,
        calculated_at=compliance.calculated_at,
        revision=compliance.revision,
    )


def compliance_from(item: ComplianceItem) -> Compliance:
    return Compliance(
        personnel_id=item.personnel_id,
        course_id=item.course_id,
        verdict=Verdict(item.status, item.based_on, item.expiry_date, item.changes_at),
        calculated_at=item.calculated_at,
        revision=item.revision,
    )


def _values(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _same_names(item: Model, kind: type[T]) -> T:
    return kind(**{field.name: getattr(item, field.name) for field in fields(kind)})  # type: ignore[arg-type]


def _renamed(value: Any, names: dict[str, str]) -> dict[str, Any]:
    return {} if value is None else {stored: getattr(value, name) for name, stored in names.items()}


def _picked(item: Model, names: dict[str, str]) -> dict[str, Any]:
    return {name: getattr(item, stored) for name, stored in names.items()}
