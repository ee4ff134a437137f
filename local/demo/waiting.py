"""Waiting for what happens behind the API, never longer than a person would."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class TimedOut(Exception):
    """What was waited for did not happen."""


def wait_for(what: str, look: Callable[[], T | None], seconds: float = 60) -> T:
    """Look again and again until there is something to see, and return it."""
    deadline = time.monotonic() + seconds
    while (seen := look()) is None:
        if time.monotonic() > deadline:
            raise TimedOut(f"Waited {seconds:.0f} seconds for {what}.")
        time.sleep(0.3)
    return seen
