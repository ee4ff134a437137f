"""The time, and pauses."""

from datetime import UTC, timedelta

import pytest

from shared.runtime import clock


def test_now_is_in_utc() -> None:
    """Times are compared and stored, so they all have the same offset."""
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(("attempt", "seconds"), [(0, 0.05), (1, 0.1), (4, 0.8), (20, 0.8)])
def test_pauses_are_short_at_first_and_never_long(attempt: int, seconds: float) -> None:
    """Most conflicts are over after a moment, and a request has half a minute."""
    assert clock.longest_pause(attempt) == pytest.approx(seconds)
