"""Waiting for what happens behind the API."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Far more than it takes; a busy machine is no reason to fail, nor is a queue that others filled.
PATIENCE_SECONDS = 240
SHORTEST_INTERVAL_SECONDS = 0.1
# Of the time waited so far: whoever waits long asks seldom, and leaves the machine to the work.
INTERVAL_SHARE = 0.1


def wait_for(what: str, look: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
    """
    Look again and again until there is something to see, and return it.

    Raises:
        TimeoutError: Saying *what* did not come.
    """
    begin = time.monotonic()
    while (found := look()) is None:
        waited = time.monotonic() - begin
        if waited > seconds:
            raise TimeoutError(f"waited {seconds} seconds in vain for {what}")
        time.sleep(max(SHORTEST_INTERVAL_SECONDS, INTERVAL_SHARE * waited))
    return found


def wait_until(what: str, holds: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """
    Look again and again until *holds* does.

    Raises:
        TimeoutError: Saying *what* did not come about.
    """
    wait_for(what, lambda: True if holds() else None, seconds)
