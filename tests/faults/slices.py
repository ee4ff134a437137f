"""How much of what can go wrong a test tries."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.faults.faults import FAULTS, TELLING, Fault, Span


@dataclass(frozen=True)
class Slice:
    """Some faults, each as long as one of some spans."""

    spans: Sequence[Span]
    faults: Sequence[Fault] = FAULTS


# The faults that leave most behind at every call; all others are for those who have minutes.
SLICES = [
    pytest.param(Slice([Span.TRY], TELLING), id="what tells most"),
    *(pytest.param(Slice([span]), id=span.value, marks=pytest.mark.torture) for span in Span),
]
