"""Waiting for what happens asynchronously."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Far more than it takes, so that neither a busy machine nor a filled queue fails a test.
PATIENCE_SECONDS = 240
SHORTEST_INTERVAL_SECONDS = 0.1
# The pause between two polls, as a part of the time waited so far: long waits poll rarely.
INTERVAL_SHARE = 0.1


def wait_for(what: str, look: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
    """
    Call *look* until it returns something, and return that.

    Raises:
        TimeoutError: Names *what* did not happen in time.
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
    Wait until *holds* returns true.

    Raises:
        TimeoutError: Names *what* did not happen in time.
    """
    wait_for(what, lambda: True if holds() else None, seconds)
