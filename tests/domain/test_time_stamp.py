"""What a time stamp of a seal shows."""

from datetime import date, datetime, timedelta

import pytest

from shared.domain.time_stamp import StampRefused, check_time_stamp, report_stamp_fault
from shared.domain.verification import Check, Subject
from testing.builders import NOW, a_decision

ALWAYS = date(2020, 1, 1)


def judged(
    found: datetime | StampRefused | None,
    after: timedelta = timedelta(),
    since: date = ALWAYS,
    version: int = 2,
) -> Check:
    """Check a stamp of a decision of NOW, looked at *after* that."""
    decision = a_decision(finalized_at=NOW, manifest_version=version)
    return check_time_stamp(decision, since, found, NOW + after)


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(), "0 seconds after"),
        (timedelta(seconds=1), "1 second after"),
        (timedelta(seconds=59), "59 seconds after"),
        (timedelta(minutes=2, seconds=59), "2 minutes after"),
        (timedelta(hours=1), "1 hour after"),
        (timedelta(days=9, hours=23), "9 days after"),
        (timedelta(days=10), "10 days after"),
    ],
)
def test_stamp_says_how_long_after_the_decision_it_was_made(late: timedelta, words: str) -> None:
    """The authority vouches only from then on, so a reader is told how far that is away."""
    check = judged(NOW + late)

    assert check.subject is Subject.TIME_STAMP
    assert check.is_intact
    assert check.notes[0].startswith("it was stamped at 2026-03-")
    assert check.notes[0].endswith(f"UTC, {words} the decision")


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(days=10, seconds=1), "10 days after"),
        (timedelta(days=40), "40 days after"),
        (-timedelta(seconds=61), "1 minute before"),
        (-timedelta(days=3), "3 days before"),
    ],
)
def test_time_far_from_the_decision_is_a_fault(late: timedelta, words: str) -> None:
    """A decision that is much older than its stamp was dated back, for all one can know."""
    check = judged(NOW + late)

    (fault,) = check.faults
    assert fault.endswith(f"{words} the decision")


def test_clocks_may_differ() -> None:
    """A stamp tells whole seconds, and two clocks never agree: a minute before is no fault."""
    check = judged(NOW - timedelta(minutes=1))

    assert check.is_intact
    assert check.notes[0].endswith("0 seconds after the decision")


def test_refused_stamp_is_named_with_its_reason() -> None:
    """What lies there instead of a stamp is a fault in the words of the one who read it."""
    assert judged(StampRefused("it is garbage")).faults == ("it is garbage",)


@pytest.mark.parametrize("after", [timedelta(), timedelta(days=1)])
def test_stamp_may_take_a_day(after: timedelta) -> None:
    """The authority may be away; the seal does not wait for it, and no one is alarmed."""
    check = judged(None, after)

    assert (check.is_intact, check.notes) == (True, ("it is not stamped yet",))


def test_stamp_that_does_not_come_is_a_fault() -> None:
    """After a day somebody has to look."""
    check = judged(None, timedelta(days=2))

    assert check.faults == ("it is not stamped, 2 days after the decision",)


@pytest.mark.parametrize(("version", "since"), [(1, ALWAYS), (2, date(2026, 3, 11))])
def test_decision_from_before_time_stamps_needs_none(version: int, since: date) -> None:
    """The first release had none, nor has a stack before its authority was named."""
    check = judged(None, timedelta(days=400), since, version)

    assert check.is_intact
    assert "before there were time stamps" in check.notes[0]


def test_first_day_needs_stamps() -> None:
    """The day itself is included."""
    assert not judged(None, timedelta(days=2), since=date(2026, 3, 10)).is_intact


def test_stamp_is_checked_wherever_there_is_one() -> None:
    """A decision that needs none is still held against the one it has."""
    assert not judged(NOW - timedelta(days=1), version=1).is_intact


@pytest.mark.parametrize("days", [-1, 0, 1, 11])
def test_report_may_be_stamped_late(days: int) -> None:
    """By as many days as stamping is tried, and around midnight by one more."""
    assert report_stamp_fault(NOW.date(), NOW + timedelta(days=days)) is None


@pytest.mark.parametrize("days", [-2, 12, 40])
def test_report_of_another_night_is_a_fault(days: int) -> None:
    """Its stamp says when it was there, whatever it says itself."""
    fault = report_stamp_fault(NOW.date(), NOW + timedelta(days=days))

    assert fault is not None
    assert fault.endswith("UTC, which is not its night")
