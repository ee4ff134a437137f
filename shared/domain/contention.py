"""
Losing a race is normal: read again, decide again, try again, a few times. So is running short of
time: stop where somebody else can go on.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from shared.domain.errors import Busy

ATTEMPTS = 8

T = TypeVar("T")


class LostRace(Exception):
    """
    Somebody else changed what the write was based on; nothing was written. Read again and decide
    again.
    """


class Pause(Protocol):
    """
    Waits a little before another attempt, longer the higher its number.
    """

    def __call__(self, attempt: int, /) -> None: ...


def until_settled(
    attempt: Callable[[], T], pause: Pause, races: tuple[type[Exception], ...] = (LostRace,)
) -> T:
    """
    Return what *attempt* returns, repeating it while it loses one of the *races*.

    *attempt* must read what it decides on anew each time. *pause* waits between attempts, longer
    each time and by chance, so that rivals do not meet again.

    Raises:
        Busy: Still lost after eight attempts; the caller's client tries again later.
    """
    for number in range(ATTEMPTS):
        try:
            return attempt()
        except races:
            pause(number)
    raise Busy


class OutOfTime(Exception):
    """
    The time this invocation has is nearly over; somebody else goes on where it stopped.
    """


class GoOn(Protocol):
    """
    True while there is time for another portion of work.
    """

    def __call__(self) -> bool: ...
