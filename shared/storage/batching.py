"""Splitting changes into batches that fit one transaction."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from shared.domain.audit import changed_fields
from shared.domain.canonical import canonical
from shared.domain.roster import RowChange
from shared.storage.limits import Limits

T = TypeVar("T")


def batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """All of *rows* in their order, *size* at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def first_batch(changes: Sequence[RowChange], limits: Limits) -> Sequence[RowChange]:
    """As many of *changes*, from the first on, as fit one transaction and its audit entry."""
    budget = limits.entry_bytes
    for number, change in enumerate(changes[: limits.rows]):
        budget -= _entry_bytes(change)
        if budget < 0:
            # At least one: even the largest possible row fits alone.
            return changes[: max(number, 1)]
    return changes[: limits.rows]


def _entry_bytes(change: RowChange) -> int:
    changed = changed_fields(change.personnel_id, change.before, change.after)
    return sum(len(canonical([c.subject, c.field, c.old, c.new])) + 50 for c in changed)
