"""
Between domain values and items. Fields that have the same name on both sides are copied by name.
"""

from dataclasses import fields
from datetime import UTC
from typing import Any, TypeVar

from pynamodb.models import Model

from shared.domain.audit import AuditEntry
from shared.domain.compliance import Compliance, Verdict
from shared.domain.course import Course
from shared.domain.evidence import Sheet
from shared.domain.outbox import OutboxEntry
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
    CourseItem,
    OutboxItem,
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
}
_SESSION = (
    "session_id",
    "status",
    "version",
    "audit_head",
    "roster_count",
    "attendance_sum",
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
    """
    Where a session stands among those of its status: by start, then by id, as text.
    """
    return f"{session.details.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}#{session.session_id}"


def session_from(item: SessionItem) -> Session:
    return Session(
        **{name: getattr(item, name) for name in _SESSION},
        details=_same_names(item, SessionDetails),
        sheet=Sheet(**_picked(item, _SHEET)) if item.attendance_file_key else None,
        finalization=Finalization(**_picked(item, _DECISION)) if item.finalization_id else None,
    )


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


def course_from(item: CourseItem) -> Course:
    return Course(
        course_id=item.course_id,
        title=item.title,
        version=item.course_version,
        requires_verify=item.requires_verify,
        validity_months=item.validity_months,
        retention_years=item.retention_years,
        revision=item.revision,
    )


def record_item(record: Record) -> RecordItem:
    return RecordItem(**_values(record))


def record_from(item: RecordItem) -> Record:
    return _same_names(item, Record)


def audit_item(entry: AuditEntry) -> AuditItem:
    return AuditItem(**_values(entry))


def audit_entry_from(item: AuditItem) -> AuditEntry:
    return _same_names(item, AuditEntry)


def outbox_item(entry: OutboxEntry) -> OutboxItem:
    return OutboxItem(entry.shard, entry.due, session_id=entry.session_id)


def outbox_entry_from(item: OutboxItem) -> OutboxEntry:
    return OutboxEntry(item.shard, item.due, item.session_id)


def compliance_item(compliance: Compliance) -> ComplianceItem:
    return ComplianceItem(
        compliance.personnel_id,
        compliance.course_id,
        status=compliance.verdict.colour,
        based_on=compliance.verdict.record_id,
        expiry_date=compliance.verdict.expiry_date,
        calculated_at=compliance.calculated_at,
        revision=compliance.revision,
    )


def compliance_from(item: ComplianceItem) -> Compliance:
    return Compliance(
        personnel_id=item.personnel_id,
        course_id=item.course_id,
        verdict=Verdict(item.status, item.based_on, item.expiry_date),
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
