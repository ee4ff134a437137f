"""Attendance and rosters, with any fault in the calls that save them."""

from functools import partial

import pytest

from tests.faults.drafts import Creating, Registering, Saving
from tests.faults.matrix import explore, explore_intrusions
from tests.faults.slices import SLICES, Slice
from tests.faults.wire import Wire

pytestmark = pytest.mark.usefixtures("small_limits")

PRESENT, BATCH = 3, 2


@pytest.mark.parametrize("part", SLICES)
def test_save_attendance_survives_any_fault(part: Slice, wire: Wire) -> None:
    """A draft is saved in whole transactions or refused, and saving again completes it."""
    explore(partial(Saving, PRESENT, BATCH, wire), wire, part)


@pytest.mark.torture
def test_save_attendance_survives_intruders(wire: Wire) -> None:
    """Others save and finalize in between; nothing that was acknowledged is lost."""
    explore_intrusions(partial(Saving, PRESENT, BATCH, wire), wire)


@pytest.mark.parametrize("part", SLICES)
def test_register_session_survives_any_fault(part: Slice, wire: Wire) -> None:
    """A roster half replaced cannot be finalized, and sending it again completes it."""
    explore(partial(Registering, PRESENT, wire), wire, part)


@pytest.mark.torture
def test_register_session_survives_intruders(wire: Wire) -> None:
    """Others mark people, finalize and register in between; the roster is never a mixture."""
    explore_intrusions(partial(Registering, PRESENT, wire), wire)


@pytest.mark.parametrize("part", SLICES)
def test_create_session_survives_any_fault(part: Slice, wire: Wire) -> None:
    """A session that was created with half its roster is completed by sending it again."""
    explore(partial(Creating, PRESENT), wire, part)
