"""Which seals a night checks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.night import fresh_days, is_due, nights_since

NIGHT = date(2026, 11, 27)
DAYS = st.dates(date(2020, 1, 1), date(2199, 12, 31))


def test_fresh_seals_are_those_of_tonight_and_of_three_days_before() -> None:
    """A seal is checked in several nights, in case that one fails."""
    assert fresh_days(NIGHT) == [
        date(2026, 11, 24),
        date(2026, 11, 25),
        date(2026, 11, 26),
        date(2026, 11, 27),
    ]


@given(st.text(max_size=20), DAYS, st.integers(1, 120))
def test_seal_is_due_once_in_every_period(session_id: str, start: date, period: int) -> None:
    """Whichever night a period begins with, so that none is left out."""
    nights = (start + timedelta(days=number) for number in range(period))

    assert sum(is_due(session_id, night, period) for night in nights) == 1


@given(st.text(max_size=20), DAYS, st.integers(1, 120), st.integers(1, 120))
def test_night_does_the_work_of_those_that_failed(
    session_id: str, night: date, period: int, failed: int
) -> None:
    """A seal is due if it was in one of them, however many they were."""
    was_due = any(
        is_due(session_id, night - timedelta(days=back), period) for back in range(failed)
    )

    assert is_due(session_id, night, period, failed) is was_due


@pytest.mark.parametrize(
    ("last", "nights"),
    [(None, 1), (date(2026, 11, 27), 1), (date(2026, 11, 26), 1), (date(2026, 11, 20), 7)],
)
def test_nights_since_the_last_report_are_to_be_done(last: date | None, nights: int) -> None:
    """A stack's first night, and a second run of a night, do their own work alone."""
    assert nights_since(last, NIGHT) == nights


@pytest.mark.parametrize("period", [1, 7, 90])
def test_nights_share_the_seals_evenly(period: int) -> None:
    """No night has much more work than another."""
    seals = [f"session-{number}" for number in range(200 * period)]

    due = sum(is_due(session_id, NIGHT, period) for session_id in seals)

    assert 120 <= due <= 280
