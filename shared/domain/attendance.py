"""
Marks: what an admin or trainer notes about a person who is on the roster.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.domain.errors import FieldError, UnknownAttendees
from shared.domain.roster import RowChange
from shared.domain.session import Attendee


@dataclass(frozen=True, slots=True)
class Mark:
    """
    One row of the grid as sent; *remarks* absent leaves the remarks as they are, "" clears them.
    """

    personnel_id: str
    is_present: bool
    has_passed: bool
    remarks: str | None = None


def require_on_roster(marks: Sequence[Mark], roster: Collection[str]) -> None:
    """
    Raises:
        UnknownAttendees: Naming everybody who is marked without being on the *roster*; a walk-in is
            added to the roster first, so that a mistyped id never becomes a legal record.
    """
    unknown = [
        FieldError(
            f"/attendees/{index}/personnelId",
            f"{mark.personnel_id} is not on this session's roster.",
        )
        for index, mark in enumerate(marks)
        if mark.personnel_id not in roster
    ]
    if unknown:
        raise UnknownAttendees(unknown)


def marked(attendee: Attendee, mark: Mark) -> Attendee:
    """
    The attendee's row with *mark* on it, one revision later if that is a change.
    """
    after = replace(
        attendee,
        is_present=mark.is_present,
        has_passed=mark.has_passed,
        remarks=attendee.remarks if mark.remarks is None else mark.remarks or None,
    )
    return after if after == attendee else replace(after, revision=attendee.revision + 1)


def mark_changes(marks: Sequence[Mark], roster: Mapping[str, Attendee]) -> list[RowChange]:
    """
    The row changes that *marks* amount to; every marked person is on the *roster*.

    A mark that says what the row says already changes nothing, and leaves no trace.
    """
    changes = [
        RowChange(roster[mark.personnel_id], marked(roster[mark.personnel_id], mark))
        for mark in marks
    ]
    return [change for change in changes if change.before != change.after]
