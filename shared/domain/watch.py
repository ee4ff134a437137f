"""
Whether the witness follows every table that it should.

Whoever may change a table can switch its stream off and on again. The table then has another
stream, and the witness still follows the one that ended, without any error.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.domain.tampering import Table


@dataclass(frozen=True, slots=True)
class Followed:
    """
    A table that is witnessed. *stream* is the one that tells its changes with the items before and
    after them, None if none does; *read* is the one that the witness reads, None if it reads none.
    """

    table: Table
    stream: str | None
    read: str | None


def watch_faults(followed: Iterable[Followed]) -> Iterator[str]:
    """Name the tables whose changes nobody witnesses now."""
    for one in followed:
        if one.stream is None:
            yield f"{one.table} has no stream that tells its changes: nothing of it is witnessed"
        elif one.read is None:
            yield f"the witness does not follow {one.table}"
        elif one.read != one.stream:
            yield (
                f"the witness follows a stream of {one.table} that has ended, {one.read}: "
                f"it was switched off, and is {one.stream} now"
            )
