"""What the functions are made of: clock, ids, pauses, time left."""

import re
from datetime import UTC, timedelta
from time import monotonic

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.runtime import wiring
from shared.runtime.time_left import time_left


class Running(LambdaContext):
    """An invocation with so many milliseconds left."""

    left = 0

    @classmethod
    def get_remaining_time_in_millis(cls) -> int:
        """Return them."""
        return cls.left


def test_now_is_in_utc() -> None:
    """Times are compared and stored, so they all have the same offset."""
    assert wiring.now().utcoffset() == timedelta(0)
    assert wiring.now().tzinfo is UTC


def test_ids_do_not_repeat() -> None:
    """Each request and each upload has its own; nobody guesses the next."""
    assert len({wiring.new_id() for _ in range(1_000)}) == 1_000
    assert len({wiring.new_token() for _ in range(1_000)}) == 1_000
    assert re.fullmatch(r"[0-9a-f]{16}", wiring.new_token())


@pytest.mark.parametrize("attempt", [0, 1])
def test_pause_is_short_at_first(attempt: int) -> None:
    """Most rivals are gone after a moment."""
    began = monotonic()

    wiring.pause(attempt)

    # Ten times what it may take, because this machine may be busy.
    assert monotonic() - began < 1


@pytest.mark.parametrize(("left", "expected"), [(29_000, True), (6_001, True), (6_000, False)])
def test_time_left_keeps_a_margin(left: int, expected: bool) -> None:
    """Whoever begins a portion of work can end it, and answer."""
    Running.left = left

    assert time_left(Running())() is expected
