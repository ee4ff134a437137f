"""How many rows one transaction holds, with the audit entry that names each changed value."""

from collections.abc import Sequence

import pytest

from shared.domain.audit import Action
from shared.domain.roster import RowChange, roster_changes
from shared.domain.transition import transition
from shared.storage.batching import first_batch
from shared.storage.limits import AWS
from testing.builders import a_change, a_session, an_attendee, an_enrolment

# DynamoDB's limit of an item.
ITEM_BYTES = 400 * 1024


def all_batches(changes: Sequence[RowChange]) -> list[Sequence[RowChange]]:
    """Cut all of *changes*."""
    found = []
    while changes:
        found.append(first_batch(changes, AWS))
        changes = changes[len(found[-1]) :]
    return found


@pytest.mark.parametrize(
    ("people", "sizes"),
    [(0, []), (1, [1]), (97, [97]), (98, [98]), (99, [98, 1]), (196, [98, 98]), (199, [98, 98, 3])],
)
def test_first_batch_takes_what_one_transaction_carries(people: int, sizes: list[int]) -> None:
    """A batch has 98 rows beside the session and its entry, and no change is left out."""
    changes = roster_changes([], [an_enrolment(number) for number in range(people)])

    cut = all_batches(changes)

    assert [len(batch) for batch in cut] == sizes
    assert [change for batch in cut for change in batch] == changes


def remarked(remarks: str) -> RowChange:
    """Return the change of one person's remarks into others as long."""
    before = an_attendee(1, remarks=remarks.upper())
    return RowChange(before, an_attendee(1, remarks=remarks.lower(), revision=2))


@pytest.mark.parametrize(
    "remarks", ["x" * 5_000, "ä" * 5_000, "\u0001" * 2_000 + "x", '"x' * 2_000]
)
def test_first_batch_keeps_the_entry_within_an_item(remarks: str) -> None:
    """The entry has room for long remarks, old and new, in letters of any length."""
    rows = first_batch([remarked(remarks)] * 98, AWS)

    entry = transition(a_session(), a_session(), Action.ATTENDANCE_SAVED, a_change(), rows).entry

    assert 1 < len(rows) < 98
    assert AWS.entry_bytes / 2 < len(entry.content.encode()) < ITEM_BYTES


def test_first_batch_takes_at_least_one_row() -> None:
    """A batch is never empty, so the work always ends."""
    assert len(first_batch([remarked("x" * AWS.entry_bytes), remarked("y")], AWS)) == 1
