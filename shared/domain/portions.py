"""
How much of a change one transaction carries.
"""

from collections.abc import Sequence
from typing import TypeVar

from shared.domain.audit import changed_cells
from shared.domain.canonical import canonical
from shared.domain.roster import RowChange

T = TypeVar("T")

# A transaction takes 100 actions; one is the session, one its audit entry.
ROWS_PER_TRANSACTION = 98

# An audit entry is one item of 400 KB at most; it also holds the session's own changes.
ENTRY_BYTES = 300_000


def at_most_one_portion(rows: Sequence[T]) -> Sequence[T]:
    """
    As many of *rows*, from the first on, as one transaction can carry if all of them are short.

    Who looks up more than these for a portion looks most of them up once for each portion.
    """
    return rows[:ROWS_PER_TRANSACTION]


def first_portion(changes: Sequence[RowChange]) -> Sequence[RowChange]:
    """
    As many of *changes*, from the first on, as one transaction and its audit entry carry.
    """
    budget = ENTRY_BYTES
    for number, change in enumerate(at_most_one_portion(changes)):
        budget -= _entry_bytes(change)
        if budget < 0:
            # The largest row there can be fits alone.
            return changes[: max(number, 1)]
    return at_most_one_portion(changes)


def _entry_bytes(change: RowChange) -> int:
    cells = changed_cells(change.personnel_id, change.before, change.after)
    return sum(len(canonical([c.subject, c.field, c.old, c.new])) + 50 for c in cells)
