"""Processes that are really killed, each before or after one call, while readers look on."""

from collections.abc import Iterator
from signal import SIGKILL

import pytest

from tests.faults import matrix, promises
from tests.faults.child import Death
from tests.faults.commands import finalize_anew, relay_late
from tests.faults.deaths import Mortal, Reader, Sight, mortal, taken_events
from tests.faults.environment import opened, wiring
from tests.faults.finalizations import Finalizing, Recovery
from tests.faults.wire import Wire

PRESENT = 250
# Read session, course and other uses of the sheet; lock; ten batches; complete, publish, clear.
CALLS = 17
IN_THE_MIDDLE = 9

NONE, ALL = Sight(0, first=False, last=False), Sight(PRESENT, first=True, last=True)
# Completed after the reader saw the session's page, or the first person's.
COMPLETING = {Sight(0, first=True, last=True), Sight(0, first=False, last=True)}


@pytest.fixture(scope="module")
def child(endpoint: str) -> Iterator[Mortal]:
    """Start the process whose forks die."""
    with mortal(endpoint) as child:
        yield child


def test_finalize_makes_as_many_calls_as_there_are_deaths(wire: Wire) -> None:
    """The deaths below cover every call of finalizing that many people."""
    trial = Finalizing(PRESENT, Recovery.RELAY, wire)

    operations = matrix.operations_of(trial, wire)

    assert len(operations) == CALLS


def test_readers_see_none_or_all_around_a_death(child: Mortal, endpoint: str) -> None:
    """Killed while it stages, a finalization shows no record, and the relay completes it."""
    _die_and_recover(IN_THE_MIDDLE, child, endpoint, is_before=True)


@pytest.mark.torture
@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize("number", range(1, CALLS + 1))
def test_readers_see_none_or_all_around_any_death(
    number: int, is_before: bool, child: Mortal, endpoint: str
) -> None:
    """Killed at any step, a finalization shows no record or all, and the relay completes it."""
    _die_and_recover(number, child, endpoint, is_before=is_before)


def _die_and_recover(number: int, child: Mortal, endpoint: str, *, is_before: bool) -> None:
    prepared = opened(PRESENT)
    reader = Reader(prepared)
    reader.start()

    signal = child.die(Death(prepared.session_id, number, is_before))
    promises.readers_see_none_or_all(prepared)
    relay_late()
    if not wiring().sessions.load(prepared.session_id).finalization:
        finalize_anew(prepared)
    reader.stop()

    assert signal == SIGKILL
    assert set(reader.sights) <= {NONE, ALL} | COMPLETING
    assert reader.sights == sorted(reader.sights)
    assert reader.sights[-1] == ALL
    promises.one_decision_stands(prepared, {}, taken_events(endpoint))
