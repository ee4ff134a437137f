"""
Replacing a session's roster: who joins, who leaves, and whose marks stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.session import Attendee, Session

LONGEST_ID = 255
# A DynamoDB sort key has 1,024 bytes; that of an attendee's row is "ATTENDEE#" and the id.
LONGEST_ID_BYTES = 1_000


def can_be_enrolled(personnel_id: str) -> bool:
    """
    False for an id that no key can hold, and that is therefore on no roster.
    """
    return len(personnel_id) <= LONGEST_ID and len(personnel_id.encode()) <= LONGEST_ID_BYTES


@dataclass(frozen=True, slots=True)
class Enrolment:
    """
    A person as whoever plans the session names them; marks are not theirs to set.
    """

    personnel_id: str
    name: str
    job_title: str | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """
    One attendee's row before and after; absent before means joining, absent after means leaving.
    """

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


def roster_changes(
    current: Sequence[Attendee], wanted: Sequence[Enrolment], first_revision: int = 1
) -> list[RowChange]:
    """
    The changes that turn the *current* roster into the *wanted* one, and no others.

    The marks of people who stay are kept (DESIGN §6). Who joins starts at *first_revision*, which
    must be higher than any they had before: after leaving and coming back a row's revision must not
    stand for other marks than it once did (`Snapshot.is_whole`).
    """
    seated = {attendee.personnel_id: attendee for attendee in current}
    invited = {enrolment.personnel_id for enrolment in wanted}
    seating = (
        RowChange(
            seated.get(new.personnel_id), _row(seated.get(new.personnel_id), new, first_revision)
        )
        for new in wanted
    )
    leaving = (RowChange(old, None) for old in current if old.personnel_id not in invited)
    return [change for change in seating if change.before != change.after] + list(leaving)


def with_changes(session: Session, changes: Sequence[RowChange]) -> Session:
    """
    The *session* as it counts its roster after *changes*, so that its snapshot can be proved whole.
    """
    return replace(
        session,
        roster_count=session.roster_count + sum(change.added_rows for change in changes),
        attendance_sum=session.attendance_sum + sum(change.added_sum for change in changes),
    )


def _row(old: Attendee | None, new: Enrolment, first_revision: int) -> Attendee:
    if old is None:
        return Attendee(new.personnel_id, new.name, new.job_title, revision=first_revision)
    if (old.name, old.job_title) == (new.name, new.job_title):
        return old
    return replace(old, name=new.name, job_title=new.job_title, revision=old.revision + 1)
