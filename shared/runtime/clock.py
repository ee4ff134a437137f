"""The current time, and pauses between attempts."""

import random
import time
from datetime import UTC, datetime

_LONGEST_PAUSE = 0.8


def now() -> datetime:
    return datetime.now(UTC)


def pause(attempt: int) -> None:
    """Sleep a random time, whose maximum doubles with each attempt up to 0.8 seconds."""
    time.sleep(random.uniform(0, longest_pause(attempt)))  # noqa: S311 - no secret


def longest_pause(attempt: int) -> float:
    return min(0.05 * 2.0**attempt, _LONGEST_PAUSE)
