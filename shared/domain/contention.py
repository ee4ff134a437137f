"""
Losing a race is normal: read again, decide again, try again, a few times.
"""

from collections.abc import Callable
from typing import TypeVar

from shared.domain.errors import Busy
from shared.domain.ports import LostRace, Pause

ATTEMPTS = 8

T = TypeVar("T")


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
