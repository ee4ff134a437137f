"""Which seals a night checks: the fresh ones, and a share of all others."""

from datetime import date, timedelta

from shared.domain.canonical import sha256

# A new seal is checked in the night after, and in two more nights in case that one fails.
FRESH_NIGHTS = 3


def fresh_days(night: date) -> list[date]:
    """The days whose seals are checked in this *night*."""
    return [night - timedelta(days=back) for back in range(FRESH_NIGHTS, -1, -1)]


def is_due(session_id: str, night: date, period: int, nights: int = 1) -> bool:
    """
    True in one night of every *period* nights, which follows from the id alone: no seal is left
    out, whenever it was made, and a new period holds from the next night on. A night does the work
    of all *nights* since the last that was reported, itself included.
    """
    share = int(sha256(session_id.encode()), 16)
    return (night.toordinal() - share) % period < nights


def nights_since(last: date | None, night: date) -> int:
    """How many nights are to be done: those since the *last* that was reported, at least one."""
    return 1 if last is None else max(1, (night - last).days)
