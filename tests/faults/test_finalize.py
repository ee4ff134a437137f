"""Finalize, with any fault in its calls: none or all, decided once, and nothing lost."""

from collections.abc import Sequence
from functools import partial
from itertools import product

import pytest

from tests.faults.commands import most_that_fit
from tests.faults.faults import DEATHS, FAULTS, TELLING, Fault, Span
from tests.faults.finalizations import Finalizing, Recovery
from tests.faults.matrix import explore, explore_intrusions, explore_storms
from tests.faults.slices import SLICES, Slice
from tests.faults.wire import Wire

# By the limits of the tests, four people fit one transaction, five do not.
FITTING, STAGED = 4, 5

TORTURE = pytest.mark.torture

# What fits is written by one call; most faults meet the other calls.
SIZES = [pytest.param(FITTING, marks=TORTURE), STAGED]

OTHERS_HELP = (Recovery.REPEAT, Recovery.RIVALS)

# With the limits of AWS 97 fit; of 250 more batches are to be written than go out at once.
REAL_SIZES = [
    *product((97, 98), [Recovery.RELAY], [FAULTS]),
    *product((97, 98), OTHERS_HELP, [TELLING]),
    (250, Recovery.RELAY, TELLING),
]


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("part", SLICES)
@pytest.mark.parametrize("present", SIZES)
def test_finalize_survives_any_fault(present: int, part: Slice, wire: Wire) -> None:
    """Any call may fail in any way, for one attempt or for good; the relay recovers."""
    begin = partial(Finalizing, present, Recovery.RELAY, wire)

    explore(begin, wire, part)


@TORTURE
@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("present", SIZES)
@pytest.mark.parametrize("recovery", OTHERS_HELP)
def test_finalize_survives_death_and_others(present: int, recovery: Recovery, wire: Wire) -> None:
    """After a death at any call, retries and rivals find one decision or make it."""
    begin = partial(Finalizing, present, recovery, wire)

    explore(begin, wire, Slice([Span.TRY], DEATHS))


@TORTURE
@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("present", SIZES)
def test_finalize_survives_intruders(present: int, wire: Wire) -> None:
    """Changes of others before any call are in the records or were refused."""
    begin = partial(Finalizing, present, Recovery.RELAY, wire)

    explore_intrusions(begin, wire)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(6, 300), marks=TORTURE)])
def test_finalize_survives_storms(seeds: range, wire: Wire) -> None:
    """Several faults in one attempt are no worse than one."""
    begin = partial(Finalizing, STAGED, Recovery.RELAY, wire)

    explore_storms(begin, wire, seeds)


def test_finalize_carries_97_at_once(wire: Wire) -> None:  # noqa: ARG001 - the store needs it
    """One transaction holds the session, its audit entry, its outbox entry and 97 records."""
    most = most_that_fit()

    assert most == 97


@TORTURE
@pytest.mark.parametrize(("present", "recovery", "faults"), REAL_SIZES)
def test_finalize_survives_any_fault_at_any_size(
    present: int, recovery: Recovery, faults: Sequence[Fault], wire: Wire
) -> None:
    """Any call may fail in any way at real sizes too; the next caller completes it."""
    begin = partial(Finalizing, present, recovery, wire)

    explore(begin, wire, Slice([Span.TRY], faults))
