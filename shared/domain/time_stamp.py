"""
Time from outside: whether a time stamp shows that a decision is no younger than it says.

Who holds the company's key can sign a manifest with any date. They cannot make an authority stamp
it in the past, so a large distance between the two says that the decision was dated back.
"""

from datetime import date, datetime, timedelta

from shared.domain.session import Finalization
from shared.domain.verification import Check, Subject

# Two clocks are compared, and a time stamp tells whole seconds.
BETWEEN_CLOCKS = timedelta(minutes=1)
# Stamping takes seconds; an authority that is away for longer than this is somebody's concern.
PATIENCE = timedelta(days=1)
# Stamping is tried again for ten days: no later stamp comes without somebody's doing.
TRIED = timedelta(days=10)

_DAY = timedelta(days=1)
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


class StampRefused(Exception):
    """What was given as a time stamp is none, or not the one that was asked for."""


def check_time_stamp(
    decision: Finalization, since: date, found: datetime | StampRefused | None, now: datetime
) -> Check:
    """
    The stamp is the authority's, over this manifest, and its time is near the decision's.

    *found* is the time that the stamp gives, or why it gives none, or None if there is no stamp;
    *since* the first day whose decisions need one.
    """
    match found:
        case None:
            return _unstamped(decision, since, now)
        case StampRefused():
            return _wrong(str(found))
    shown = _shown(found)
    late = found - decision.finalized_at
    if late < -BETWEEN_CLOCKS:
        return _wrong(f"it was stamped at {shown}, {_words(-late)} before the decision")
    said = f"it was stamped at {shown}, {_words(max(late, timedelta()))} after the decision"
    return _wrong(said) if late > TRIED else _right(said)


def report_stamp_fault(night: date, found: datetime | StampRefused | None) -> str | None:
    """What is wrong with the stamp of the report of a *night* that had its time to be stamped."""
    match found:
        case None:
            return "is not stamped"
        case StampRefused():
            return f"is stamped by nobody: {found}"
    late = found.date() - night
    if not -_DAY <= late <= TRIED + _DAY:
        return f"was stamped at {_shown(found)}, which is not its night"
    return None


def _unstamped(decision: Finalization, since: date, now: datetime) -> Check:
    if decision.is_of_first_release or decision.finalized_at.date() < since:
        return _right("it was sealed before there were time stamps: its time is the company's word")
    age = now - decision.finalized_at
    if age <= PATIENCE:
        return _right("it is not stamped yet")
    return _wrong(f"it is not stamped, {_words(age)} after the decision")


def _right(note: str) -> Check:
    return Check(Subject.TIME_STAMP, (), (note,))


def _wrong(fault: str) -> Check:
    return Check(Subject.TIME_STAMP, (fault,))


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _words(duration: timedelta) -> str:
    """The duration in its largest unit, rounded down."""
    seconds = int(duration.total_seconds())
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= size), _UNITS[-1])
    number = seconds // size
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
