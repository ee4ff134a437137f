"""
The audit trail as JSON.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from shared.contracts.shape import PersonShape, Shape
from shared.domain.audit import Action, AuditEntry

Value = str | int | bool | None


class CellShape(Shape):
    """
    One changed value; *subject* is the person it is about, or empty for the session itself.
    """

    subject: str
    field: str
    old: Value
    new: Value


class AuditEntryShape(Shape):
    """
    Who did what, when; *sha256* is that of the canonical entry, *previous* that of the one before.
    """

    sequence: int
    action: Action
    at: datetime
    by: PersonShape
    request_id: str
    changes: list[CellShape]
    previous: str
    sha256: str

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditEntryShape":
        return cls.model_validate({**json.loads(entry.content), "sha256": entry.sha256})


class AuditTrailPage(Shape):
    items: list[AuditEntryShape]
    next_cursor: str | None = None

    @classmethod
    def of(cls, entries: Iterable[AuditEntry], next_cursor: str | None) -> "AuditTrailPage":
        return cls(items=[AuditEntryShape.of(entry) for entry in entries], next_cursor=next_cursor)
