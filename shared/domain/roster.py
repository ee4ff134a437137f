"""Replacing a session's roster: who joins, who leaves, and which marks are kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.errors import RosterTooLarge
from shared.domain.session import Attendee, Session, Snapshot

LONGEST_ID = 255
# An id is part of a database key, whose length is limited.
LONGEST_ID_BYTES = 1_000
# What RFC 3986 calls unreserved, without the hyphen, which a cuid does not have.
_CARRIED_AS_IT_IS = re.compile(r"[A-Za-z0-9._~]+")

# A Lambda returns 6,291,556 bytes, of which base64 leaves three quarters: 4.7 MB, if nothing can be
# compressed. 0.5 MB are for all else that a view shows. 10,000 people have 450 bytes each.
ROSTER_BYTES = 4_200_000


def can_be_enrolled(personnel_id: str) -> bool:
    """False for an id that is too long for a key, and so is on no roster."""
    return len(personnel_id) <= LONGEST_ID and len(personnel_id.encode()) <= LONGEST_ID_BYTES


def can_be_asked_for(personnel_id: str) -> bool:
    """
    True for an id that every address carries as it is (decision 0033).

    Gateways differ in whether they decode an address before they pass it on, so any other letter
    could make it the address of nobody, or of somebody else.
    """
    return can_be_enrolled(personnel_id) and bool(_CARRIED_AS_IT_IS.fullmatch(personnel_id))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person as named by the plan of a session, which sets no marks."""

    personnel_id: str
    name: str
    job_title: str | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row before and after a change; *before* None means joining, *after* None leaving."""

    before: Attendee | None
    after: Attendee | None

    @property
    def personnel_id(self) -> str:
        row = self.after or self.before
        if row is None:
            raise ValueError("a change of nothing into nothing")
        return row.personnel_id

    @property
    def added_rows(self) -> int:
        return (self.after is not None) - (self.before is not None)

    @property
    def added_sum(self) -> int:
        return (self.after.fingerprint if self.after else 0) - (
            self.before.fingerprint if self.before else 0
        )

    @property
    def added_bytes(self) -> int:
        return (self.after.bytes if self.after else 0) - (self.before.bytes if self.before else 0)


def weighed(snapshot: Snapshot) -> Session:
    """The session with the bytes of its rows, which the first release did not add up."""
    return replace(snapshot.session, roster_bytes=sum(row.bytes for row in snapshot.attendees))


def is_readable(session: Session) -> bool:
    """Whether one answer can show all of its rows; what nobody added up may be too much."""
    return session.roster_bytes is not None and session.roster_bytes <= ROSTER_BYTES


def require_readable(before: Session | None, after: Session) -> None:
    """
    Raises:
        RosterTooLarge: The rows have grown to more than one answer can show.
    """
    had = before.roster_bytes or 0 if before else 0
    if after.roster_bytes is not None and after.roster_bytes > max(had, ROSTER_BYTES):
        raise RosterTooLarge(after.roster_bytes, ROSTER_BYTES)


def roster_changes(
    current: Sequence[Attendee], wanted: Sequence[Enrolment], first_revision: int = 1
) -> list[RowChange]:
    """
    The changes that turn the *current* roster into the *wanted* one, and no others.

    The marks of people who stay are kept (DESIGN §6). People who join start at *first_revision*. It
    must be higher than any revision they had before, because `Snapshot.is_whole` takes equal
    revisions of a row for equal marks. What makes the roster smaller comes first, so that it is
    never larger on the way than at one of the ends.
    """
    enrolled = {attendee.personnel_id: attendee for attendee in current}
    wanted_ids = {enrolment.personnel_id for enrolment in wanted}
    kept_or_new = (
        RowChange(
            enrolled.get(new.personnel_id),
            _row(enrolled.get(new.personnel_id), new, first_revision),
        )
        for new in wanted
    )
    leaving = (RowChange(old, None) for old in current if old.personnel_id not in wanted_ids)
    changes = [change for change in kept_or_new if change.before != change.after] + list(leaving)
    return sorted(changes, key=lambda change: change.added_bytes > 0)


def with_changes(session: Session, changes: Sequence[RowChange]) -> Session:
    """The *session* with its roster's count and sums after *changes* (`Snapshot.is_whole`)."""
    weight = session.roster_bytes
    return replace(
        session,
        roster_bytes=None
        if weight is None
        else weight + sum(change.added_bytes for change in changes),
        roster_count=session.roster_count + sum(change.added_rows for change in changes),
        attendance_sum=session.attendance_sum + sum(change.added_sum for change in changes),
    )


def _row(old: Attendee | None, new: Enrolment, first_revision: int) -> Attendee:
    if old is None:
        return Attendee(
            new.personnel_id,
            new.name,
            new.job_title,
            revision=first_revision,
            is_marked=False,
        )
    if (old.name, old.job_title) == (new.name, new.job_title):
        return old
    return replace(
        old,
        name=new.name,
        job_title=new.job_title,
        revision=old.revision + 1,
        # In a row of the first release it follows from the revision, which changes here.
        is_marked=old.was_marked,
    )
