"""When a record ends: calendar months, clamped to the end of the month."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.records import add_months, expiry
from tests.builders import a_record

DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
MONTHS = st.integers(1, 1200)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-03-10", 12, "2027-03-10"),
        ("2026-03-10", 1, "2026-04-10"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2026-05-31", 1, "2026-06-30"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2096-02-29", 48, "2100-02-28"),
        ("1996-02-29", 48, "2000-02-29"),
        ("2025-02-28", 12, "2026-02-28"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-12-15", 12, "2027-12-15"),
        ("2026-01-01", 1200, "2126-01-01"),
    ],
)
def test_add_months_keeps_the_day_or_takes_the_last_of_the_month(
    start: str, months: int, end: str
) -> None:
    """31 January + 1 month is the last day of February, never a day in March."""
    last_day = add_months(date.fromisoformat(start), months)

    assert last_day == date.fromisoformat(end)


@given(DAYS, MONTHS)
def test_add_months_lands_in_the_month_counted_to(start: date, months: int) -> None:
    """The result is exactly so many calendar months later: nothing rolls over into the next."""
    end = add_months(start, months)

    passed = (end.year - start.year) * 12 + end.month - start.month
    assert passed == months


@given(DAYS, MONTHS)
def test_add_months_moves_the_day_only_where_the_month_is_too_short(
    start: date, months: int
) -> None:
    """The day of the month stays, unless there is no such day: then it is the last one."""
    end = add_months(start, months)

    assert end.day == min(start.day, calendar.monthrange(end.year, end.month)[1])


@given(DAYS, DAYS, MONTHS)
def test_add_months_never_lets_the_later_training_end_first(
    one: date, other: date, months: int
) -> None:
    """Who trained later is valid at least as long."""
    earlier, later = sorted((one, other))

    assert add_months(earlier, months) <= add_months(later, months)


@given(DAYS, MONTHS, MONTHS)
def test_add_months_lasts_longer_the_more_months_there_are(
    start: date, some: int, more: int
) -> None:
    """A longer validity ends later, by whole months."""
    assert add_months(start, some) < add_months(start, some + more)


def test_expiry_is_absent_without_validity() -> None:
    """A course without validity gives passes that never expire."""
    assert expiry(date(2026, 3, 10), None) is None


def test_expiry_counts_from_the_session_date() -> None:
    """The day of the training counts, not the moment somebody pressed a button."""
    assert expiry(date(2026, 1, 31), 1) == date(2026, 2, 28)


def test_expiry_rule_names_both_dates_and_the_months() -> None:
    """Whoever disputes the date reads how it came about."""
    record = a_record(
        session_date=date(2026, 3, 10), validity_months=12, expiry_date=date(2027, 3, 10)
    )

    assert record.expiry_rule == (
        "2026-03-10 + 12 calendar months = 2027-03-10; valid through that day."
    )


def test_expiry_rule_says_that_the_month_was_too_short() -> None:
    """A day moved to the end of the month is explained."""
    record = a_record(
        session_date=date(2024, 2, 29), validity_months=12, expiry_date=date(2025, 2, 28)
    )

    assert record.expiry_rule == (
        "2024-02-29 + 12 calendar months = 2025-02-28, the last day of that month; "
        "valid through that day."
    )


def test_expiry_rule_says_that_there_is_no_expiry() -> None:
    """An absent date is a rule too, not an omission."""
    record = a_record(validity_months=None, expiry_date=None)

    assert record.expiry_rule == "The course has no expiry."
