"""How many of the faults a test tries."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.faults.faults import FAULTS, TELLING, Fault, Span


@dataclass(frozen=True)
class Slice:
    """Some faults, each with some durations."""

    spans: Sequence[Span]
    faults: Sequence[Fault] = FAULTS


# Every fault, each duration by itself.
EVERYTHING = [pytest.param(Slice([span]), id=span.value) for span in Span]

# The same where each trial takes a second, and most of its calls are met by other tests.
TELLING_MOST = [
    pytest.param(Slice([span], TELLING), id=f"what tells most, {span}")
    for span in (Span.TRY, Span.REST)
]

# The faults that leave most behind at every call; all others are for the tests that take minutes.
SLICES = [
    pytest.param(Slice([Span.TRY], TELLING), id="what tells most"),
    *(pytest.param(Slice([span]), id=span.value, marks=pytest.mark.torture) for span in Span),
]
