"""On which days a training took place, by the clocks of the place."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import manifest_v1
from shared.domain.days import (
    FIRST_YEAR,
    LAST_YEAR,
    TrainingDays,
    is_in_range,
    start_of,
    training_days,
)
from shared.domain.validity import Validity
from shared.domain.zones import zone_names
from testing.builders import NOW, some_details

MOMENTS = st.timedeltas(timedelta(days=-9_000), timedelta(days=9_000)).map(NOW.__add__)
ZONES = ["Pacific/Kiritimati", "Asia/Kathmandu", "Europe/Berlin", "UTC", "America/St_Johns"]
SECOND = timedelta(seconds=1)


def last_day(ends_at: datetime, timezone: str) -> date:
    """Return the last day of a training of one second."""
    return training_days(ends_at - SECOND, ends_at, timezone).last


@pytest.mark.parametrize(
    ("ends_at", "timezone", "day"),
    [
        # One instant, seven places.
        ("2026-03-10T23:30:00Z", "UTC", "2026-03-10"),
        ("2026-03-10T23:30:00Z", "Europe/Berlin", "2026-03-11"),
        ("2026-03-10T23:30:00Z", "America/Los_Angeles", "2026-03-10"),
        ("2026-03-10T23:30:00Z", "Asia/Tokyo", "2026-03-11"),
        ("2026-03-10T10:30:00Z", "Pacific/Kiritimati", "2026-03-11"),
        ("2026-03-10T10:30:00Z", "Pacific/Pago_Pago", "2026-03-09"),
        ("2026-03-10T18:20:00Z", "Asia/Kathmandu", "2026-03-11"),
        # An end at midnight belongs to the evening before it.
        ("2026-03-10T22:59:59Z", "Europe/Berlin", "2026-03-10"),
        ("2026-03-10T23:00:00Z", "Europe/Berlin", "2026-03-10"),
        ("2026-03-10T23:00:00.000001Z", "Europe/Berlin", "2026-03-11"),
        # The same clock time in summer is an hour earlier in UTC.
        ("2026-06-10T22:30:00Z", "Europe/Berlin", "2026-06-11"),
        ("2026-12-10T22:30:00Z", "Europe/Berlin", "2026-12-10"),
        # The nights the clocks change: 29 March and 25 October 2026 in Berlin, 8 March in New York.
        ("2026-03-28T22:59:00Z", "Europe/Berlin", "2026-03-28"),
        ("2026-03-29T22:00:01Z", "Europe/Berlin", "2026-03-30"),
        ("2026-10-24T22:00:01Z", "Europe/Berlin", "2026-10-25"),
        ("2026-10-25T22:30:00Z", "Europe/Berlin", "2026-10-25"),
        ("2026-03-08T04:59:00Z", "America/New_York", "2026-03-07"),
        ("2026-03-09T04:00:01Z", "America/New_York", "2026-03-09"),
        # Clocks that go back from one to midnight show it twice: the second one ends no day.
        ("2026-11-01T04:00:00Z", "America/Havana", "2026-10-31"),
        ("2026-11-01T05:00:00Z", "America/Havana", "2026-11-01"),
        # Clocks that go forward at midnight never show it.
        ("2017-10-15T03:00:00Z", "America/Sao_Paulo", "2017-10-14"),
        # Written with an offset of somewhere else.
        ("2026-03-10T20:00:00-08:00", "Europe/Berlin", "2026-03-11"),
        ("2026-03-10T15:00:00-08:00", "Europe/Berlin", "2026-03-10"),
        # Around a year's and a leap day's end.
        ("2027-12-31T23:30:00Z", "Europe/Berlin", "2028-01-01"),
        ("2028-02-28T23:30:00Z", "Europe/Berlin", "2028-02-29"),
        ("2028-03-01T04:30:00Z", "America/New_York", "2028-02-29"),
    ],
)
def test_last_day_is_the_day_where_the_training_took_place(
    ends_at: str, timezone: str, day: str
) -> None:
    """The date is that of the last moment, at the place where the training was held."""
    assert last_day(datetime.fromisoformat(ends_at), timezone) == date.fromisoformat(day)


@given(MOMENTS, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_last_day_does_not_depend_on_how_the_moment_is_written(
    moment: datetime, place: str, offset: str
) -> None:
    """The same instant written with another offset gives the same day."""
    written = moment.astimezone(ZoneInfo(offset))

    assert last_day(moment, place) == last_day(written, place)


@pytest.mark.parametrize(
    ("starts_at", "first", "last"),
    [
        ("2026-03-10T07:00:00Z", date(2026, 3, 10), date(2026, 3, 10)),
        ("2026-03-09T23:00:00Z", date(2026, 3, 10), date(2026, 3, 10)),
        ("2026-03-09T22:59:59Z", date(2026, 3, 9), date(2026, 3, 10)),
        ("2026-03-08T07:00:00Z", date(2026, 3, 8), date(2026, 3, 10)),
    ],
)
def test_first_day_is_that_of_the_first_moment(starts_at: str, first: date, last: date) -> None:
    """A training from midnight on begins on the new day; one of several days has both."""
    ends_at = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)

    days = training_days(datetime.fromisoformat(starts_at), ends_at, "Europe/Berlin")

    assert days == TrainingDays(last, first, "Europe/Berlin")


@given(MOMENTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=9)), st.sampled_from(ZONES))
def test_first_day_never_comes_after_the_last(
    starts_at: datetime, duration: timedelta, zone: str
) -> None:
    """However short a training is, its days are in order."""
    days = training_days(starts_at, starts_at + duration, zone)

    assert days.first is not None
    assert days.first <= days.last


@pytest.mark.parametrize(
    ("ends_at", "day"),
    [("2026-03-10T22:59:59Z", date(2026, 3, 10)), ("2026-03-10T23:00:00Z", date(2026, 3, 11))],
)
def test_midnight_belonged_to_the_new_day_in_manifest_version_1(ends_at: str, day: date) -> None:
    """Sessions decided by the rules of the first release keep their date, without a zone."""
    details = some_details(ends_at=datetime.fromisoformat(ends_at), timezone="Europe/Berlin")

    assert manifest_v1.days(details) == TrainingDays(day)


FIRST, LAST = (
    datetime(year, month, day, tzinfo=UTC)
    for year, month, day in ((FIRST_YEAR, 1, 1), (LAST_YEAR, 12, 31))
)
RANGE = st.timedeltas(timedelta(), LAST - FIRST).map(FIRST.__add__)


@given(RANGE, RANGE, st.sampled_from(sorted(zone_names())), st.integers(1, 1_200))
def test_nothing_computed_from_an_accepted_date_overflows(
    one: datetime, other: datetime, name: str, months: int
) -> None:
    """What a PUT took can be shown, dated, and judged at any time, in any zone."""
    days = training_days(min(one, other), max(one, other), name)
    expiry = Validity(months).last_day(days.last)

    assert start_of(days.last, name) < start_of(expiry + timedelta(days=1), name)
    assert is_in_range(one)
    assert is_in_range(other)
