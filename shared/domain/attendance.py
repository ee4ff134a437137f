"""Marks: what an admin or trainer notes about a person who is on the roster."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.domain.errors import FieldError, UnknownAttendees
from shared.domain.names import isolated
from shared.domain.roster import RowChange
from shared.domain.session import Attendee


@dataclass(frozen=True, slots=True)
class Mark:
    """One row of the grid as sent; *remarks* None keeps the stored remarks, "" clears them."""

    personnel_id: str
    is_present: bool
    has_passed: bool
    remarks: str | None = None


def require_on_roster(marks: Sequence[Mark], roster: Collection[str]) -> None:
    """
    Raises:
        UnknownAttendees: Names every marked person who is not on the *roster*. A walk-in is added
            to the roster first, so that a mistyped id never becomes a legal record.
    """
    unknown = [
        FieldError(
            f"/attendees/{index}/personnelId",
            f"{isolated(mark.personnel_id)} is not on this session's roster.",
        )
        for index, mark in enumerate(marks)
        if mark.personnel_id not in roster
    ]
    if unknown:
        raise UnknownAttendees(unknown)


def marked(attendee: Attendee, mark: Mark) -> Attendee:
    """The attendee's row with *mark* applied, one revision later."""
    return replace(
        attendee,
        is_present=mark.is_present,
        has_passed=mark.has_passed,
        remarks=attendee.remarks if mark.remarks is None else mark.remarks or None,
        revision=attendee.revision + 1,
        is_marked=True,
    )


def changes_row(mark: Mark, attendee: Attendee) -> bool:
    """False if the row says already what *mark* says."""
    return replace(marked(attendee, mark), revision=attendee.revision) != attendee


def mark_changes(marks: Sequence[Mark], roster: Mapping[str, Attendee]) -> list[RowChange]:
    """The row changes that *marks* make; every marked person is on the *roster*."""
    return [
        RowChange(roster[mark.personnel_id], marked(roster[mark.personnel_id], mark))
        for mark in marks
    ]
