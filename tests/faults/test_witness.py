"""The witness, with any fault in its calls."""

import pytest

from tests.faults.matrix import explore, explore_intrusions
from tests.faults.slices import EVERYTHING, Slice
from tests.faults.wire import Wire
from tests.faults.witness import Witnessing

pytestmark = [pytest.mark.torture, pytest.mark.usefixtures("endpoint")]


@pytest.mark.parametrize("part", EVERYTHING)
def test_witness_misses_nothing_under_any_fault(part: Slice, wire: Wire) -> None:
    """After any failure the stream tells it again, and then everything is there, and once."""
    explore(Witnessing, wire, part)


def test_witness_survives_a_second_delivery(wire: Wire) -> None:
    """Two concurrent deliveries agree."""
    explore_intrusions(Witnessing, wire)
