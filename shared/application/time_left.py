"""The time an invocation has: it stops in time, where another invocation can continue."""

from typing import Protocol


class OutOfTime(Exception):
    """This invocation's time is nearly over; another one continues where it stopped."""


class HasTimeLeft(Protocol):
    """True while there is time for another batch of work."""

    def __call__(self) -> bool: ...
