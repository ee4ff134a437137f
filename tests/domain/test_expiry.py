"""When a record ends: calendar months, clamped to the end of the month."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.records import RecordKind, Result
from shared.domain.validity import Validity
from testing.builders import a_course, a_record

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
def test_last_day_keeps_the_day_or_takes_the_last_of_the_month(
    start: str, months: int, end: str
) -> None:
    """31 January + 1 month is the last day of February, never a day in March."""
    last_day = Validity(months).last_day(date.fromisoformat(start))

    assert last_day == date.fromisoformat(end)


@given(DAYS, MONTHS)
def test_last_day_lands_in_the_month_counted_to(start: date, months: int) -> None:
    """The result lies exactly that many calendar months later, and never in the month after."""
    end = Validity(months).last_day(start)

    passed = (end.year - start.year) * 12 + end.month - start.month
    assert passed == months


@given(DAYS, MONTHS)
def test_last_day_moves_the_day_only_where_the_month_is_too_short(start: date, months: int) -> None:
    """The day of the month stays, unless there is no such day: then it is the last one."""
    end = Validity(months).last_day(start)

    assert end.day == min(start.day, calendar.monthrange(end.year, end.month)[1])


@given(DAYS, DAYS, MONTHS)
def test_last_day_never_lets_the_later_training_end_first(
    one: date, other: date, months: int
) -> None:
    """A later training never ends before an earlier one of the same validity."""
    earlier, later = sorted((one, other))

    assert Validity(months).last_day(earlier) <= Validity(months).last_day(later)


@given(DAYS, MONTHS, MONTHS)
def test_last_day_lasts_longer_the_more_months_there_are(start: date, some: int, more: int) -> None:
    """A longer validity ends later, by whole months."""
    assert Validity(some).last_day(start) < Validity(some + more).last_day(start)


def test_expiry_is_absent_without_validity() -> None:
    """A course without validity gives records that never expire."""
    assert a_course(validity=None).last_day(date(2026, 3, 10)) is None


def test_expiry_counts_from_the_session_date() -> None:
    """The day of the training counts, not the day it was finalized."""
    assert a_course(validity=Validity(1)).last_day(date(2026, 1, 31)) == date(2026, 2, 28)


def test_expiry_rule_names_both_dates_and_the_months() -> None:
    """The rule explains how the expiry date was calculated."""
    record = a_record(session_date=date(2026, 3, 10), validity=Validity(12), time_zone="Asia/Tokyo")

    assert record.expiry_rule == (
        "2026-03-10 + 12 calendar months = 2027-03-10; valid through that day in Asia/Tokyo."
    )


@pytest.mark.parametrize("result", Result)
def test_expiry_rule_of_the_first_release_names_no_place(result: Result) -> None:
    """Its words were signed, of a failure too."""
    record = a_record(
        session_date=date(2026, 3, 10), validity=Validity(12), time_zone=None, result=result
    )

    assert record.expiry_rule == (
        "2026-03-10 + 12 calendar months = 2027-03-10; valid through that day."
    )


@pytest.mark.parametrize("kind", RecordKind)
def test_expiry_rule_calls_no_failure_valid(kind: RecordKind) -> None:
    """A failure has the date that the specification computes; it is no validity."""
    record = a_record(
        session_date=date(2026, 3, 10), validity=Validity(12), kind=kind, result=Result.FAILED
    )

    assert record.expiry_rule == (
        "2026-03-10 + 12 calendar months = 2027-03-10; a failed attempt is never valid."
    )


def test_expiry_rule_of_a_competency_asks_for_its_verification() -> None:
    """Until then it covers no day."""
    record = a_record(
        session_date=date(2026, 3, 10), validity=Validity(12), kind=RecordKind.COMPETENCY
    )

    assert record.expiry_rule == (
        "2026-03-10 + 12 calendar months = 2027-03-10; "
        "valid through that day in Europe/Berlin, once it is verified."
    )


def test_expiry_rule_says_that_the_month_was_too_short() -> None:
    """The rule says so if the day was moved to the end of the month."""
    record = a_record(
        session_date=date(2024, 2, 29), validity=Validity(12), expiry_date=date(2025, 2, 28)
    )

    assert record.expiry_rule == (
        "2024-02-29 + 12 calendar months = 2025-02-28, the last day of that month; "
        "valid through that day in Europe/Berlin."
    )


def test_expiry_rule_says_that_there_is_no_expiry() -> None:
    """The rule says that the record never expires, instead of being left out."""
    record = a_record(validity=None, expiry_date=None)

    assert record.expiry_rule == "The course has no expiry."
