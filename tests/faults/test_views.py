"""Readers and consumers, with any fault in their calls."""

from functools import partial

import pytest

from tests.faults.matrix import explore, explore_intrusions
from tests.faults.slices import SLICES, Slice
from tests.faults.views import (
    Reading,
    ReadingMeanwhile,
    Recalculating,
    Reconciling,
    RegisteringCourse,
)
from tests.faults.wire import Wire

PRESENT = 5

pytestmark = pytest.mark.usefixtures("small_limits")


@pytest.mark.parametrize("part", SLICES)
def test_views_are_complete_or_refused(part: Slice, wire: Wire) -> None:
    """A reader of a finalized session sees all of it, or gets a refusal to retry."""
    explore(partial(Reading, PRESENT), wire, part)


@pytest.mark.parametrize("part", SLICES)
def test_views_show_nothing_of_a_locked_session(part: Slice, wire: Wire) -> None:
    """A reader of a session being finalized sees no record, with any failure of the reads."""
    explore(partial(ReadingMeanwhile, PRESENT), wire, part)


@pytest.mark.parametrize("part", SLICES)
def test_recalculation_survives_any_fault(part: Slice, wire: Wire) -> None:
    """Compliance is right or not there yet, and right once the message is delivered again."""
    explore(Recalculating, wire, part)


@pytest.mark.torture
def test_recalculation_survives_intruders(wire: Wire) -> None:
    """Two concurrent calculations of a person agree, in any order of writes."""
    explore_intrusions(Recalculating, wire)


@pytest.mark.parametrize("part", SLICES)
def test_reconciler_raises_no_false_alarm(part: Slice, wire: Wire) -> None:
    """Reads that fail are no finding."""
    # Looking back ends at an older session, as it does in a stack with a history.
    Reconciling()

    explore(Reconciling, wire, part)


@pytest.mark.parametrize("part", SLICES)
def test_register_course_survives_any_fault(part: Slice, wire: Wire) -> None:
    """A course's rules are saved, or refused for now."""
    explore(RegisteringCourse, wire, part)
