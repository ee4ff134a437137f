"""Sheets, with any fault in the calls that upload and check them."""

from functools import partial

import pytest

from tests.faults.matrix import explore, explore_intrusions
from tests.faults.sheets import Checked, Kind, Uploading
from tests.faults.slices import SLICES, Slice
from tests.faults.wire import Wire


@pytest.mark.parametrize("part", SLICES)
def test_upload_survives_any_fault(part: Slice, endpoint: str, wire: Wire) -> None:
    """A sheet is uploaded, or refused for now; uploaded again, it is accepted."""
    explore(partial(Uploading, endpoint), wire, part)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("part", SLICES)
def test_hash_evidence_survives_any_fault(
    part: Slice, kind: Kind, endpoint: str, wire: Wire
) -> None:
    """After any failure, the next delivery of the event notes the outcome, with tag or note."""
    explore(partial(Checked, kind, endpoint), wire, part)


def test_hash_evidence_survives_a_newer_sheet(endpoint: str, wire: Wire) -> None:
    """A newer sheet accepted at any moment of the check is never replaced by the older one."""
    explore_intrusions(partial(Checked, Kind.ACCEPTED, endpoint), wire)
