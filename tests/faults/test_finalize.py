"""Finalize, whatever happens to its calls: none or all, decided once, and nothing lost."""

from functools import partial

import pytest

from tests.faults.faults import DEATHS, Span
from tests.faults.finalizations import Finalizing, Recovery
from tests.faults.matrix import explore, explore_intrusions, explore_storms
from tests.faults.presses import most_that_fit
from tests.faults.slices import SLICES, Slice
from tests.faults.wire import Wire

# The limits of the tests: so many fit one transaction, one more does not.
FITTING, STAGED = 4, 5

TORTURE = pytest.mark.torture

# What fits is decided by one call; most of what can go wrong goes wrong with the rest.
SIZES = [pytest.param(FITTING, marks=TORTURE), STAGED]

OTHERS_HELP = (Recovery.REPEAT, Recovery.RIVALS)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("part", SLICES)
@pytest.mark.parametrize("present", SIZES)
def test_finalize_survives_any_fault(present: int, part: Slice, wire: Wire) -> None:
    """Any call may fail in any way, for one try or for good; the relay makes up for it."""
    begin = partial(Finalizing, present, Recovery.RELAY, wire)

    explore(begin, wire, part)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("present", SIZES)
@pytest.mark.parametrize("recovery", OTHERS_HELP)
def test_finalize_survives_death_and_others(present: int, recovery: Recovery, wire: Wire) -> None:
    """After a death at any call, repeats and rivals find one decision or make it."""
    begin = partial(Finalizing, present, recovery, wire)

    explore(begin, wire, Slice([Span.TRY], DEATHS))


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("present", SIZES)
def test_finalize_survives_intruders(present: int, wire: Wire) -> None:
    """Whatever others do before any call, they are in the records or were told to stay out."""
    begin = partial(Finalizing, present, Recovery.RELAY, wire)

    explore_intrusions(begin, wire)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("seeds", [range(20), pytest.param(range(20, 300), marks=TORTURE)])
def test_finalize_survives_storms(seeds: range, wire: Wire) -> None:
    """Several faults in one attempt are no worse than one."""
    begin = partial(Finalizing, STAGED, Recovery.RELAY, wire)

    explore_storms(begin, wire, seeds)


def test_finalize_carries_97_at_once(wire: Wire) -> None:  # noqa: ARG001 - the store needs it
    """One transaction carries the session, its audit entry, its outbox entry and 97 records."""
    most = most_that_fit()

    assert most == 97


@TORTURE
@pytest.mark.parametrize("recovery", Recovery)
@pytest.mark.parametrize("present", [3, 97, 98, 250])
def test_finalize_survives_any_fault_at_any_size(
    present: int, recovery: Recovery, wire: Wire
) -> None:
    """Any call may fail in any way at real sizes too; whoever comes next makes up for it."""
    begin = partial(Finalizing, present, recovery, wire)

    explore(begin, wire, Slice([Span.TRY]))
