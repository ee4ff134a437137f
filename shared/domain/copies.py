"""
The witness's copies: new entries of a trail in runs, for whom records were written, and whose rows
were removed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from shared.domain.audit import content_of
from shared.domain.canonical import sha256
from shared.domain.tampering import Change, Table


class Trail(StrEnum):
    """The two trails; the values are parts of stored keys."""

    SESSION = "audit"
    COURSE = "courses"

    @property
    def owner_name(self) -> str:
        """The name by which an entry says whose trail it is in."""
        return "sessionId" if self is Trail.SESSION else "courseId"


_TRAILS = {Table.AUDIT: Trail.SESSION, Table.COURSE_AUDIT: Trail.COURSE}


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry as the stream tells it; *owner* is its session or course, *at* its writing."""

    trail: Trail
    owner: str
    sequence: int
    content: str
    at: datetime
    origin: str | None = None

    @property
    def sha256(self) -> str:
        return sha256(self.content.encode())

    def follows(self, other: "NewEntry") -> bool:
        """True if it is the next entry after *other*, and holds its hash."""
        return (
            (self.trail, self.owner, self.sequence)
            == (other.trail, other.owner, other.sequence + 1)
        ) and content_of(self.content).get("previous") == other.sha256


@dataclass(frozen=True, slots=True)
class EntryRun:
    """Entries of one trail that follow each other, so that the hash of the last stands for all."""

    entries: tuple[NewEntry, ...]

    @property
    def last(self) -> NewEntry:
        return self.entries[-1]

    @property
    def lines(self) -> bytes:
        """The entries as in an audit pack: a line of canonical JSON each."""
        return b"".join(f"{entry.content}\n".encode() for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a record of a session was written for a person, and when."""

    session_id: str
    personnel_id: str
    record_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """That a person's row was removed from a session; *event_id* tells two removals apart."""

    session_id: str
    personnel_id: str
    event_id: str
    at: datetime


Told = TypeVar("Told", Receipt, Departure)


def new_entries(changes: Iterable[Change]) -> list[NewEntry]:
    """
    The entries among *changes* that are new, invented ones as well: whoever wrote them, they were
    seen. What has no text or number is no entry, and is left to its tamper note.
    """
    return [entry for change in changes if (entry := _new_entry(change))]


def _new_entry(change: Change) -> NewEntry | None:
    trail = _TRAILS.get(change.table)
    if trail is None or change.old is not None or change.new is None:
        return None
    content, sequence = change.new.get("content"), change.new.get("sequence")
    if not isinstance(content, str) or not isinstance(sequence, int):
        return None
    origin = change.new.get("origin")
    told = origin if isinstance(origin, str) else None
    return NewEntry(trail, change.owner, sequence, content, change.at, told)


def receipts(changes: Iterable[Change]) -> list[Receipt]:
    """For whom records were written among *changes*."""
    return [
        Receipt(
            change.owner,
            str(change.new.get("personnelId")),
            str(change.new.get("recordId")),
            change.at,
        )
        for change in changes
        if change.table is Table.RECORDS and change.old is None and change.new is not None
    ]


def departures(changes: Iterable[Change]) -> list[Departure]:
    """Whose rows were removed among *changes*."""
    return [
        Departure(change.owner, str(change.old.get("personnelId")), change.event_id, change.at)
        for change in changes
        if change.table is Table.SESSIONS
        and change.new is None
        and change.old is not None
        and change.old.get("item") != "SESSION"
    ]


def runs_of(entries: Iterable[NewEntry]) -> list[EntryRun]:
    """
    All *entries* in runs that are as long as can be.

    They may come in any order and more than once; equal ones are one.
    """
    found: list[list[NewEntry]] = []
    for entry in sorted(set(entries), key=_place):
        if found and entry.follows(found[-1][-1]):
            found[-1].append(entry)
        else:
            found.append([entry])
    return [EntryRun(tuple(run)) for run in found]


def by_session(told: Iterable[Told]) -> dict[str, list[Told]]:
    """What was *told*, by its session, each once and in the order of people."""
    found: dict[str, list[Told]] = {}
    for one in sorted(set(told), key=lambda one: (one.personnel_id, one.at, repr(one))):
        found.setdefault(one.session_id, []).append(one)
    return found


def _place(entry: NewEntry) -> tuple[str, str, int, str]:
    return entry.trail, entry.owner, entry.sequence, entry.content
