"""The relay, with any fault in its calls."""

from functools import partial

import pytest

from shared.domain.session import SessionStatus
from shared.storage.limits import Limits
from tests.faults import environment, promises
from tests.faults.commands import finalize_partly, relay_late
from tests.faults.environment import opened
from tests.faults.matrix import explore, explore_intrusions
from tests.faults.relays import Relaying, RelayingEvents
from tests.faults.slices import SLICES, Slice
from tests.faults.wire import Wire

pytestmark = pytest.mark.usefixtures("small_limits")

PRESENT = 5


@pytest.mark.parametrize("part", SLICES)
@pytest.mark.parametrize("left_over", [Relaying, RelayingEvents])
def test_relay_survives_any_fault(left_over: type[Relaying], part: Slice, wire: Wire) -> None:
    """The next run completes what a failed one left."""
    explore(partial(left_over, PRESENT, wire), wire, part)


@pytest.mark.torture
@pytest.mark.parametrize("left_over", [Relaying, RelayingEvents])
def test_relay_survives_intruders(left_over: type[Relaying], wire: Wire) -> None:
    """Clients and other relays may complete the same session at the same time."""
    explore_intrusions(partial(left_over, PRESENT, wire), wire)


@pytest.mark.parametrize("batches", range(3))
def test_relay_completes_what_time_cut_off(
    batches: int, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Time may run out after any batch of records; readers see none before the session
    is completed.
    """
    environment.rewire(
        monkeypatch, Limits(actions=7, batch=4, lanes=1, outbox_shards=environment.FEW_SHARDS)
    )
    prepared, time_left = opened(10), iter([True] * batches)

    finalize_partly(prepared, lambda: next(time_left, False))
    locked = promises.readers_see_none_or_all(prepared)
    relay_late()

    assert locked.status is SessionStatus.FINALIZING
    promises.one_decision_stands(prepared, {}, wire.taken)
