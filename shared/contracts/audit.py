"""The audit trail as JSON."""

from collections.abc import Iterable
from datetime import datetime

from shared.contracts.response import PersonResponse, ResponseBody
from shared.domain.audit import Action, AuditEntry, content_of
from shared.domain.course_trail import CourseEntry

Value = str | int | bool | None


class FieldChangeResponse(ResponseBody):
    """
    One changed value; *subject* is the person it belongs to, or empty if it is the session's or the
    course's own.
    """

    subject: str
    field: str
    old: Value
    new: Value


class AuditEntryResponse(ResponseBody):
    """
    Who did what, when; *sha256* is the hash of the canonical entry, *previous* that of the entry
    before it. *release* is the software that wrote it; earlier ones did not say which they were.
    """

    sequence: int
    action: Action
    at: datetime
    by: PersonResponse
    request_id: str
    changes: list[FieldChangeResponse]
    previous: str
    sha256: str
    release: str | None = None

    @classmethod
    def of(cls, entry: AuditEntry | CourseEntry) -> "AuditEntryResponse":
        return cls.model_validate({**content_of(entry.content), "sha256": entry.sha256})


class AuditTrailPage(ResponseBody):
    items: list[AuditEntryResponse]
    next_cursor: str | None = None

    @classmethod
    def of(
        cls, entries: Iterable[AuditEntry | CourseEntry], next_cursor: str | None
    ) -> "AuditTrailPage":
        return cls(
            items=[AuditEntryResponse.of(entry) for entry in entries], next_cursor=next_cursor
        )
