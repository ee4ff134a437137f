"""Seals, verifications and packs, whatever happens to the calls they take."""

from functools import partial

import pytest

from functions.verify_sealed_sessions import use_case as self_check
from tests.faults.matrix import explore, explore_intrusions
from tests.faults.seals import Packed, SelfChecking, Signing, Verifying
from tests.faults.slices import SLICES, Slice
from tests.faults.wire import Wire


@pytest.mark.torture
@pytest.mark.parametrize("part", SLICES)
def test_seal_session_survives_any_fault(part: Slice, endpoint: str, wire: Wire) -> None:
    """However a seal ends, the next delivery of the event makes it whole, with one signature."""
    explore(partial(Signing, endpoint), wire, part)


def test_seal_session_survives_a_second_delivery(endpoint: str, wire: Wire) -> None:
    """Two that seal the same session at once leave one seal."""
    explore_intrusions(partial(Signing, endpoint), wire)


@pytest.mark.torture
@pytest.mark.parametrize("part", SLICES)
def test_verification_is_right_or_refused(part: Slice, endpoint: str, wire: Wire) -> None:
    """What cannot be read is worth another try; it is never called broken."""
    explore(partial(Verifying, endpoint), wire, part)


@pytest.mark.torture
def test_verification_survives_another_one(endpoint: str, wire: Wire) -> None:
    """Both are noted, one behind the other."""
    explore_intrusions(partial(Verifying, endpoint), wire)


@pytest.mark.torture
@pytest.mark.parametrize("part", SLICES)
def test_pack_is_whole_or_refused(part: Slice, endpoint: str, wire: Wire) -> None:
    """Whoever gets a link gets everything."""
    explore(partial(Packed, endpoint), wire, part)


@pytest.mark.torture
@pytest.mark.parametrize("part", SLICES)
def test_self_check_raises_no_false_alarm(
    part: Slice, endpoint: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be read at night is called that, and not broken."""
    monkeypatch.setattr(self_check, "OLDER", 1)
    # Looking back ends at an older session, as it does wherever there is a history.
    Signing(endpoint)

    explore(partial(SelfChecking, endpoint), wire, part)
