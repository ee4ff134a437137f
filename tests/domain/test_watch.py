"""A table whose stream was exchanged is witnessed by nobody, and that is named."""

import pytest

from shared.domain.tampering import Table
from shared.domain.watch import Followed, watch_faults


def test_table_that_the_witness_follows_is_no_fault() -> None:
    """It reads the stream that the table has."""
    assert list(watch_faults([Followed(Table.AUDIT, "stream-1", "stream-1")])) == []


@pytest.mark.parametrize(
    ("stream", "read", "named"),
    [
        (None, "stream-1", "Audit has no stream"),
        ("stream-1", None, "the witness does not follow Audit"),
        ("stream-2", "stream-1", "a stream of Audit that has ended, stream-1"),
    ],
)
def test_table_that_nobody_witnesses_is_named(
    stream: str | None, read: str | None, named: str
) -> None:
    """Its stream was switched off, or off and on again, or the mapping is gone."""
    (fault,) = watch_faults([Followed(Table.AUDIT, stream, read)])

    assert named in fault
