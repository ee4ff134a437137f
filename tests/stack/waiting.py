"""Waiting for what happens behind the API."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Far more than it takes; a busy machine is no reason to fail.
PATIENCE_SECONDS = 60
INTERVAL_SECONDS = 0.1


def wait_for(what: str, look: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
    """
    Look again and again until there is something to see, and return it.

    Raises:
        TimeoutError: Saying *what* did not come.
    """
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} seconds in vain for {what}")
        time.sleep(INTERVAL_SECONDS)
    return found


def wait_until(what: str, holds: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """
    Look again and again until *holds* does.

    Raises:
        TimeoutError: Saying *what* did not come about.
    """
    wait_for(what, lambda: True if holds() else None, seconds)
