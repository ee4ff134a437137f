"""Waiting for what happens asynchronously, no longer than a person would."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class TimedOut(Exception):
    """It did not happen in time."""


def wait_for(what: str, look: Callable[[], T | None], seconds: float = 60) -> T:
    """Call *look* until it returns something, and return that."""
    deadline = time.monotonic() + seconds
    while (seen := look()) is None:
        if time.monotonic() > deadline:
            raise TimedOut(f"Waited {seconds:.0f} seconds for {what}.")
        time.sleep(0.3)
    return seen
