"""The relay, whatever happens to its own calls."""

from functools import partial

import pytest

from shared.domain.session import SessionStatus
from shared.storage import finalizations
from tests.faults import promises
from tests.faults.matrix import explore, explore_intrusions
from tests.faults.presses import finalize_partly, relay_late
from tests.faults.relays import Relaying, RelayingEvents
from tests.faults.slices import SLICES, Slice
from tests.faults.stage import opened
from tests.faults.wire import Wire

pytestmark = pytest.mark.usefixtures("small_limits")

PRESENT = 5


@pytest.mark.parametrize("part", SLICES)
@pytest.mark.parametrize("left_over", [Relaying, RelayingEvents])
def test_relay_survives_any_fault(left_over: type[Relaying], part: Slice, wire: Wire) -> None:
    """The next relay makes up for one that failed, whatever was left over."""
    explore(partial(left_over, PRESENT, wire), wire, part)


@pytest.mark.parametrize("left_over", [Relaying, RelayingEvents])
def test_relay_survives_intruders(left_over: type[Relaying], wire: Wire) -> None:
    """Clients and further relays may finish the same session at the same time."""
    explore_intrusions(partial(left_over, PRESENT, wire), wire)


@pytest.mark.parametrize("portions", range(3))
def test_relay_finishes_what_time_cut_off(
    portions: int, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time may run out after any portion of the records; nobody sees any before the relay ends."""
    monkeypatch.setattr(finalizations, "LANES", 1)
    scene, time_left = opened(10), iter([True] * portions)

    finalize_partly(scene, lambda: next(time_left, False))
    locked = promises.readers_see_none_or_all(scene)
    relay_late()

    assert locked.status is SessionStatus.FINALIZING
    promises.one_decision_stands(scene, {}, wire.taken)
