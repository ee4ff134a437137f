"""May this person do the work at this moment? A day is a day where the training took place."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.compliance import Colour, Verdict, verdict_at, verdict_on
from shared.domain.records import Record
from testing.builders import SESSION_DATE, a_record
from tests.domain.test_compliance import ENDS, OFFSETS, RECORDS, SOON

ZONES = ["Pacific/Kiritimati", "Asia/Tokyo", "Europe/Berlin", "UTC", "America/Los_Angeles"]
LEAST = timedelta(microseconds=1)


def there(day: date, clock: str, zone: str) -> datetime:
    """Return the moment at which a clock of that place shows this."""
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("day", "clock", "colour"),
    [
        (SESSION_DATE - timedelta(days=1), "23:59:59.999999", Colour.RED),
        (SESSION_DATE, "00:00", Colour.GREEN),
        (ENDS - timedelta(days=31), "23:59:59.999999", Colour.GREEN),
        (ENDS - timedelta(days=30), "00:00", Colour.AMBER),
        (ENDS, "23:59:59.999999", Colour.AMBER),
        (ENDS + timedelta(days=1), "00:00", Colour.RED),
    ],
)
def test_verdict_holds_from_midnight_to_midnight_where_the_training_took_place(
    zone: str, day: date, clock: str, colour: Colour
) -> None:
    """From the start of the session's date to the end of the last day, by the clocks there."""
    record = a_record(expiry_date=ENDS, time_zone=zone)

    assert verdict_at([record], there(day, clock, zone), SOON).colour is colour


def test_person_trained_this_morning_in_tokyo_is_green() -> None:
    """The training ended at 07:00 there; in UTC it is still the day before."""
    record = a_record(time_zone="Asia/Tokyo")

    found = verdict_at([record], datetime(2026, 3, 9, 22, 10, tzinfo=UTC), SOON)

    assert found.colour is Colour.GREEN


def test_last_valid_day_in_los_angeles_lasts_until_midnight_there() -> None:
    """At 20:00 of that day in Los Angeles, the next one has begun in UTC."""
    record = a_record(expiry_date=ENDS, time_zone="America/Los_Angeles")

    found = verdict_at([record], datetime(2027, 3, 11, 4, 0, tzinfo=UTC), SOON)

    assert found.colour is Colour.AMBER


def test_record_of_the_first_release_is_judged_by_days_in_utc() -> None:
    """It names no zone, and is judged as it was then."""
    record = a_record(expiry_date=ENDS, time_zone=None)

    before, after = there(ENDS, "23:59", "UTC"), there(ENDS + timedelta(days=1), "00:00", "UTC")

    assert verdict_at([record], before, SOON).colour is Colour.AMBER
    assert verdict_at([record], after, SOON).colour is Colour.RED


def test_verdict_as_of_a_day_is_by_dates_alone() -> None:
    """On which day is the question, not where; no colour changes within a day."""
    record = a_record(expiry_date=ENDS, time_zone="Pacific/Kiritimati")

    expected = Verdict(Colour.AMBER, record.record_id, ENDS, changes_at=None)
    assert verdict_on([record], ENDS, SOON) == expected


def test_verdict_rests_on_the_record_that_ends_last_on_the_clock() -> None:
    """Of two records with one last day, that of the place where the day ends later."""
    tokyo, los_angeles = (
        a_record(number, expiry_date=ENDS, time_zone=zone)
        for number, zone in ((1, "Asia/Tokyo"), (2, "America/Los_Angeles"))
    )
    now = there(ENDS, "08:00", "UTC")

    one, other = (verdict_at(r, now, SOON) for r in ([tokyo, los_angeles], [los_angeles, tokyo]))

    assert one == other
    assert one.record_id == los_angeles.record_id


CHANGES = [
    (SESSION_DATE - timedelta(days=9), SESSION_DATE),
    (SESSION_DATE, ENDS - timedelta(days=30)),
    (ENDS - timedelta(days=30), ENDS + timedelta(days=1)),
    (ENDS, ENDS + timedelta(days=1)),
    (ENDS + timedelta(days=1), None),
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("day", "next_day"), CHANGES)
def test_verdict_says_when_its_colour_changes(zone: str, day: date, next_day: date | None) -> None:
    """At a midnight where the training took place; after the last change there is none."""
    record = a_record(expiry_date=ENDS, time_zone=zone)

    found = verdict_at([record], there(day, "08:00", zone), SOON)

    assert found.changes_at == (next_day and there(next_day, "00:00", zone))


def test_verdict_that_stays_names_no_change() -> None:
    """Without a record, or with one that never expires, the colour stays."""
    endless = a_record(validity=None, expiry_date=None)
    now = there(SESSION_DATE, "08:00", "UTC")

    assert verdict_at([], now, SOON).changes_at is None
    assert verdict_at([endless], now, SOON).changes_at is None


def test_verdict_changes_only_when_no_other_record_covers() -> None:
    """The old pass ends, and the colour stays that of the new one."""
    old = a_record(1, expiry_date=ENDS)
    new = a_record(2, expiry_date=ENDS + timedelta(days=365))

    found = verdict_at([old, new], there(SESSION_DATE, "08:00", "UTC"), SOON)

    assert found.changes_at == there(ENDS + timedelta(days=335), "00:00", "Europe/Berlin")


@given(st.lists(RECORDS, max_size=6), OFFSETS)
def test_verdict_in_utc_is_that_of_the_day(records: list[Record], days: timedelta) -> None:
    """If all trainings took place in UTC, both questions have one answer."""
    records = [replace(record, time_zone="UTC") for record in records]
    day = SESSION_DATE + days

    found = verdict_at(records, there(day, "12:00", "UTC"), SOON)

    assert replace(found, changes_at=None) == verdict_on(records, day, SOON)


@given(
    st.lists(
        st.builds(
            lambda record, zone: replace(record, time_zone=zone), RECORDS, st.sampled_from(ZONES)
        ),
        max_size=6,
    ),
    OFFSETS,
)
def test_colour_holds_until_it_changes(records: list[Record], days: timedelta) -> None:
    """Just before that moment it is the same, and then it is another."""
    now = there(SESSION_DATE + days, "12:00", "UTC")
    found = verdict_at(records, now, SOON)
    later = found.changes_at or now + timedelta(days=9_999)

    assert verdict_at(records, later - LEAST, SOON).colour is found.colour
    assert (verdict_at(records, later, SOON).colour is found.colour) is (found.changes_at is None)
