"""
The audit trail: who changed what, when, from what to what, each entry chained to the one before.

An entry is written in the transaction of its change, so that neither exists without the other
(21 CFR 11.10(e)). It holds the SHA-256 of the entry before it, so that an entry that is changed,
removed or slipped in later breaks the chain.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.canonical import Json, as_json, canonical, flat, sha256
from shared.domain.people import Person

GENESIS = "0" * 64


class Action(StrEnum):
    """
    What was done.
    """

    REGISTERED = "REGISTERED"
    ATTENDANCE_SAVED = "ATTENDANCE_SAVED"
    SHEET_ANNOUNCED = "SHEET_ANNOUNCED"
    SHEET_WITHDRAWN = "SHEET_WITHDRAWN"
    SHEET_ACCEPTED = "SHEET_ACCEPTED"
    SHEET_REJECTED = "SHEET_REJECTED"
    SHEET_LATE = "SHEET_LATE"
    FINALIZED = "FINALIZED"
    SIGNED = "SIGNED"
    VERIFIED = "VERIFIED"


@dataclass(frozen=True, slots=True)
class Change:
    """
    Who changes something, when, and by which request.
    """

    by: Person
    at: datetime
    request_id: str


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One changed value. *subject* is the person it is about, or empty for the session itself.
    """

    subject: str
    field: str
    old: Json
    new: Json


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """
    One accepted change. *content* is its canonical JSON, *sha256* that of the content.
    """

    session_id: str
    sequence: int
    content: str
    sha256: str

    @property
    def action(self) -> Action:
        return Action(json.loads(self.content)["action"])

    @property
    def previous(self) -> str:
        """
        The SHA-256 of the entry this one follows.
        """
        return str(json.loads(self.content)["previous"])


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where an entry stands: which session's, the how-manieth, behind the one with which SHA-256.
    """

    session_id: str
    sequence: int
    previous: str


def chained(place: Place, action: Action, change: Change, cells: Iterable[Cell]) -> AuditEntry:
    """
    The entry that says at its *place* what was done.
    """
    content = canonical(
        {
            "sessionId": place.session_id,
            "sequence": place.sequence,
            "previous": place.previous,
            "action": action,
            "at": as_json(change.at),
            "by": as_json(change.by),
            "requestId": change.request_id,
            "changes": [
                {"subject": cell.subject, "field": cell.field, "old": cell.old, "new": cell.new}
                for cell in cells
            ],
        }
    )
    return AuditEntry(place.session_id, place.sequence, content.decode(), sha256(content))


def changed_cells(subject: str, before: object, after: object) -> list[Cell]:
    """
    Every value in which two states of the same thing differ; None stands for its absence.
    """
    old = {} if before is None else flat(as_json(before))
    new = {} if after is None else flat(as_json(after))
    return [
        Cell(subject, name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]
