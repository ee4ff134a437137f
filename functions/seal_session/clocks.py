"""When something was, by the clocks of the place, in words that can be read in one way only."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from shared.domain.days import local


def moment(text: str, zone: str) -> str:
    """A moment by the clocks of the place, and by those of everywhere."""
    found = read(text)
    here, utc = local(found, zone), found.astimezone(UTC)
    return f"on {here:%Y-%m-%d at %H:%M:%S} ({zone}), {utc:%Y-%m-%d %H:%M:%S} UTC"


def period(session: Mapping[str, Any]) -> str:
    """
    From when to when, each with its day and its distance from UTC: where clocks are changed on
    the way, hours alone tell neither how long it was nor which of two equal hours is meant.
    """
    zone = session["timezone"]
    start, end = (local(read(session[name]), zone) for name in ("startsAt", "endsAt"))
    return f"from {_minute(start)} to {_end(end, session.get('lastDay'))}, by the clocks of {zone}"


def read(text: str) -> datetime:
    """A moment of a manifest."""
    return datetime.fromisoformat(text)


def _end(end: datetime, last_day: str | None) -> str:
    """A midnight is the end of the day to which the manifest counts it. Version 1 names no days."""
    day_before = end.date() - timedelta(days=1)
    if end.time() == time.min and last_day == str(day_before):
        return f"{last_day} 24:00 ({_distance(end)})"
    return _minute(end)


def _minute(here: datetime) -> str:
    return f"{here:%Y-%m-%d %H:%M} ({_distance(here)})"


def _distance(here: datetime) -> str:
    """How far clocks are from UTC, as +02:00."""
    return f"UTC{here.isoformat(timespec='seconds')[len('2026-03-10T00:00:00') :]}"
