"""Ending a process in good order."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


@contextmanager
def orderly_termination() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an exception, so that blocks are left as with Ctrl-C."""
    previous = {number: signal.signal(number, _exit) for number in (signal.SIGHUP, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _exit(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
