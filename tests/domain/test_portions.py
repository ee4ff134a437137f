"""How many rows one transaction carries, with the audit entry that names each of their values."""

from collections.abc import Sequence

import pytest

from shared.domain.audit import Action
from shared.domain.portions import ENTRY_BYTES, first_portion
from shared.domain.roster import RowChange, roster_changes
from shared.domain.step import step
from tests.builders import a_change, a_session, an_attendee, an_enrolment

# DynamoDB's limit of an item.
ITEM_BYTES = 400 * 1024


def portions(changes: Sequence[RowChange]) -> list[Sequence[RowChange]]:
    """Cut all of *changes*."""
    found = []
    while changes:
        found.append(first_portion(changes))
        changes = changes[len(found[-1]) :]
    return found


@pytest.mark.parametrize(
    ("people", "sizes"),
    [(0, []), (1, [1]), (97, [97]), (98, [98]), (99, [98, 1]), (196, [98, 98]), (199, [98, 98, 3])],
)
def test_first_portion_takes_what_one_transaction_carries(people: int, sizes: list[int]) -> None:
    """98 rows beside the session and its entry, and none left over."""
    changes = roster_changes([], [an_enrolment(number) for number in range(people)])

    cut = portions(changes)

    assert [len(portion) for portion in cut] == sizes
    assert [change for portion in cut for change in portion] == changes


def remarked(remarks: str) -> RowChange:
    """Return the change of one person's remarks into others as long."""
    before = an_attendee(1, remarks=remarks.upper())
    return RowChange(before, an_attendee(1, remarks=remarks.lower(), revision=2))


@pytest.mark.parametrize(
    "remarks", ["x" * 5_000, "ä" * 5_000, "\u0001" * 2_000 + "x", '"x' * 2_000]
)
def test_first_portion_keeps_the_entry_within_an_item(remarks: str) -> None:
    """Long remarks, before and after, in letters of any length: the entry holds them all."""
    rows = first_portion([remarked(remarks)] * 98)

    entry = step(a_session(), a_session(), Action.ATTENDANCE_SAVED, a_change(), rows).entry

    assert 1 < len(rows) < 98
    assert ENTRY_BYTES / 2 < len(entry.content.encode()) < ITEM_BYTES


def test_first_portion_takes_at_least_one_row() -> None:
    """Whatever its size, something is always carried, so that the work ends."""
    assert len(first_portion([remarked("x" * ENTRY_BYTES), remarked("y")])) == 1
