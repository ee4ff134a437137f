"""A day is a day where the training took place: from midnight to midnight in its time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from shared.domain.zones import zone

FIRST_YEAR, LAST_YEAR = 1970, 2200


@dataclass(frozen=True, slots=True)
class TrainingDays:
    """
    The *first* and the *last* day of a training, by the clocks of *time_zone*.

    By the rules of manifest version 1 a record has its last day alone.
    """

    last: date
    first: date | None = None
    time_zone: str | None = None


def training_days(starts_at: datetime, ends_at: datetime, time_zone: str) -> TrainingDays:
    """
    The days from the first moment of a training through its last.

    The last moment is the one before the end: a session from 20:00 to midnight belongs to the
    evening on which it took place.
    """
    last_moment = max(starts_at, ends_at.astimezone(UTC) - datetime.resolution)
    return TrainingDays(
        local_day(last_moment, time_zone), local_day(starts_at, time_zone), time_zone
    )


def local_day(moment: datetime, time_zone: str | None) -> date:
    """The calendar day at *moment* in that time zone."""
    return local(moment, time_zone).date()


def local(moment: datetime, time_zone: str | None) -> datetime:
    """
    The same moment by the clocks of that zone; as it is at the end of all time, where the first
    release took moments that no clock of a zone east of UTC can show.
    """
    try:
        return moment.astimezone(zone(time_zone))
    except OverflowError:
        return moment


def start_of(day: date, time_zone: str | None) -> datetime:
    """The moment at which *day* begins in that time zone."""
    return datetime.combine(day, time.min, zone(time_zone)).astimezone(UTC)


def is_in_range(moment: datetime) -> bool:
    """
    Whether the moment is in the years for which there is training: from them every date that is
    computed can be written as well.
    """
    return (
        datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) <= moment < datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    )
