"""The relay, whatever happens to its own calls."""

from functools import partial

import pytest

from tests.faults.faults import Span
from tests.faults.matrix import explore, explore_intrusions
from tests.faults.relays import Relaying, RelayingEvents
from tests.faults.spans import NO_END_BY_DEFAULT
from tests.faults.wire import Wire

pytestmark = [pytest.mark.torture, pytest.mark.usefixtures("small_limits")]

PRESENT = 5


@pytest.mark.parametrize("span", NO_END_BY_DEFAULT)
@pytest.mark.parametrize("left_over", [Relaying, RelayingEvents])
def test_relay_survives_any_fault(left_over: type[Relaying], span: Span, wire: Wire) -> None:
    """The next relay makes up for one that failed, whatever was left over."""
    explore(partial(left_over, PRESENT, wire), wire, [span])


@pytest.mark.parametrize("left_over", [Relaying, RelayingEvents])
def test_relay_survives_intruders(left_over: type[Relaying], wire: Wire) -> None:
    """Clients and further relays may finish the same session at the same time."""
    explore_intrusions(partial(left_over, PRESENT, wire), wire)
