"""
The audit trail: who changed what, when, from which value to which. Its entries form a hash chain.

An entry is written in the transaction of its change, so that neither exists without the other
(21 CFR 11.10(e)). It holds the SHA-256 of the entry before it, so that changing, removing or
inserting an entry later breaks the chain.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.domain.canonical import Json, as_json, canonical, flat, moment, parsed, sha256
from shared.domain.people import Person
from shared.domain.release import Release

GENESIS = "0" * 64


def content_of(text: str | bytes) -> Mapping[str, Json]:
    """What the content of an entry says, by name; nothing if it is damaged and no JSON object."""
    try:
        said = parsed(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def changes_of(text: str) -> list[Mapping[str, Json]]:
    """The changed fields that the content of an entry tells of, as far as it can be read."""
    return changes_in(content_of(text))


def changes_in(content: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """As `changes_of`, of a content that is read already."""
    told = content.get("changes")
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


class Action(StrEnum):
    """What was done."""

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


_ACTIONS = {action.value: action for action in Action}


@dataclass(frozen=True, slots=True)
class ChangeContext:
    """Who changes something, when, by which request, and with which *release* of the software."""

    by: Person
    at: datetime
    request_id: str
    release: Release


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One changed value. *subject* is the person it belongs to, or empty for the session itself."""

    subject: str
    field: str
    old: Json
    new: Json


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """
    One accepted change. *content* is its canonical JSON, *sha256* the hash of that.

    *origin* tells which function stored it; it is no part of the entry, and None in entries that
    are not stored or were stored by the first release.
    """

    session_id: str
    sequence: int
    content: str
    sha256: str
    origin: str | None = field(default=None, compare=False)

    @property
    def action(self) -> Action | None:
        """What was done; None if the entry is damaged, or is none that a function writes."""
        return _ACTIONS.get(str(content_of(self.content).get("action")))

    @property
    def is_of_first_release(self) -> bool:
        """True if it looks like an entry of the first release: later ones have an origin."""
        return self.origin is None and "entryVersion" not in content_of(self.content)

    @property
    def previous(self) -> str:
        """The SHA-256 of the entry this one follows."""
        return str(content_of(self.content).get("previous"))


# What is written once a session is decided; a late sheet is noted whenever it takes none.
_AFTERWARDS = {Action.SIGNED, Action.VERIFIED}
_ANY_TIME = {Action.SHEET_LATE, None}


def misplaced(entries: Sequence[AuditEntry]) -> Iterator[str]:
    """
    Name the entries that stand where no function writes such ones: a decided session is signed and
    verified, and nothing else is; an open one is neither.
    """
    decisions = [entry.sequence for entry in entries if entry.action is Action.FINALIZED]
    for entry in entries if decisions else ():
        decided = entry.sequence - decisions[0]
        belongs = {Action.FINALIZED} if decided == 0 else _AFTERWARDS
        is_in_place = (entry.action in belongs) if decided >= 0 else entry.action not in _AFTERWARDS
        if not is_in_place and entry.action not in _ANY_TIME:
            side = "after" if decided > 0 else "before"
            yield f"entry {entry.sequence} is {entry.action}, {side} the finalization"


@dataclass(frozen=True, slots=True)
class ChainPosition:
    """An entry's place: its session, its number, and the SHA-256 of the entry before it."""

    session_id: str
    sequence: int
    previous: str


def new_entry(
    position: ChainPosition, action: Action, change: ChangeContext, changed: Iterable[FieldChange]
) -> AuditEntry:
    """The entry that records *action* and the *changed* fields at *position*."""
    content = canonical(_version_2(position, action, change, changed))
    return AuditEntry(position.session_id, position.sequence, content.decode(), sha256(content))


def _version_2(
    position: ChainPosition, action: Action, change: ChangeContext, changed: Iterable[FieldChange]
) -> Json:
    """
    The content of an entry of version 2, spelled out. An entry that names no version is of version
    1, and of a release that is not known.
    """
    return {
        "entryVersion": 2,
        "release": change.release.version,
        "sessionId": position.session_id,
        "sequence": position.sequence,
        "previous": position.previous,
        "action": action,
        "at": moment(change.at),
        "by": {"id": change.by.id, "name": change.by.name},
        "requestId": change.request_id,
        "changes": [
            {"subject": field.subject, "field": field.field, "old": field.old, "new": field.new}
            for field in changed
        ],
    }


# Names of the first release that differ from today's attributes: a value keeps one name in a trail.
_FIRST_RELEASE_NAMES = {
    "finalization.course.validity.months": "finalization.course.validityMonths",
}


def _named_values(value: object) -> dict[str, Json]:
    found = {} if value is None else flat(as_json(value))
    return {_FIRST_RELEASE_NAMES.get(name, name): part for name, part in found.items()}


def changed_fields(subject: str, before: object, after: object) -> list[FieldChange]:
    """
    Every value in which two states of the same object differ; None: the object does not exist.

    Names follow today's attributes, except for those in `_FIRST_RELEASE_NAMES`. That is safe
    because an entry keeps the names it was written with and is never computed again.
    """
    old, new = _named_values(before), _named_values(after)
    return [
        FieldChange(subject, name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]
