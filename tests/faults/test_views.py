"""Readers and followers, whatever happens to their calls."""

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
    """Who looks at a finalized session sees all of it, or is told to come again."""
    explore(partial(Reading, PRESENT), wire, part)


@pytest.mark.parametrize("part", SLICES)
def test_views_show_nothing_of_a_sealed_session(part: Slice, wire: Wire) -> None:
    """Who looks at a session being finalized sees no record of it, however the reads go."""
    explore(partial(ReadingMeanwhile, PRESENT), wire, part)


@pytest.mark.parametrize("part", SLICES)
def test_recalculation_survives_any_fault(part: Slice, wire: Wire) -> None:
    """Compliance is right or not there yet, and right when the message comes again."""
    explore(Recalculating, wire, part)


def test_recalculation_survives_intruders(wire: Wire) -> None:
    """Two calculations of the same person agree, whichever is written last."""
    explore_intrusions(Recalculating, wire)


@pytest.mark.parametrize("part", SLICES)
def test_reconciler_raises_no_false_alarm(part: Slice, wire: Wire) -> None:
    """Reads that fail are no finding."""
    # Looking back ends at an older session, as it does wherever there is a history.
    Reconciling()

    explore(Reconciling, wire, part)


@pytest.mark.parametrize("part", SLICES)
def test_register_course_survives_any_fault(part: Slice, wire: Wire) -> None:
    """A course's rules are saved, or refused for now."""
    explore(RegisteringCourse, wire, part)
