"""Seals, verifications and packs, with any fault in their calls."""

from functools import partial

import pytest

from shared.storage.limits import Limits
from tests.faults.environment import FEW_SHARDS, rewire
from tests.faults.matrix import explore, explore_intrusions
from tests.faults.seals import PERIOD, Packed, SelfChecking, Signing, Verifying, sealed
from tests.faults.slices import EVERYTHING, TELLING_MOST, Slice
from tests.faults.wire import Wire


@pytest.mark.torture
@pytest.mark.parametrize("part", EVERYTHING)
def test_seal_session_survives_any_fault(part: Slice, endpoint: str, wire: Wire) -> None:
    """After any failure, the next delivery of the event completes the seal, with one signature."""
    explore(partial(Signing, endpoint), wire, part)


@pytest.mark.torture
def test_seal_session_survives_a_second_delivery(endpoint: str, wire: Wire) -> None:
    """Two concurrent deliveries leave one seal."""
    explore_intrusions(partial(Signing, endpoint), wire)


@pytest.mark.torture
@pytest.mark.parametrize("part", EVERYTHING)
def test_verification_is_right_or_refused(part: Slice, endpoint: str, wire: Wire) -> None:
    """What cannot be read gives a refusal to retry; it is never reported as broken."""
    explore(partial(Verifying, endpoint), wire, part)


@pytest.mark.torture
def test_verification_survives_another_one(endpoint: str, wire: Wire) -> None:
    """Both are noted, one after the other."""
    explore_intrusions(partial(Verifying, endpoint), wire)


@pytest.mark.torture
@pytest.mark.parametrize("part", EVERYTHING)
def test_pack_is_whole_or_refused(part: Slice, endpoint: str, wire: Wire) -> None:
    """A link that was given leads to the whole pack."""
    explore(partial(Packed, sealed(endpoint), endpoint), wire, part)


@pytest.mark.torture
@pytest.mark.parametrize("part", TELLING_MOST)
def test_self_check_raises_no_false_alarm(
    part: Slice, endpoint: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be read at night is reported as such, and not as broken."""
    monkeypatch.setenv("SEAL_CHECK_DAYS", str(PERIOD))
    rewire(monkeypatch, Limits(outbox_shards=FEW_SHARDS))
    begin = partial(SelfChecking, sealed(endpoint))
    # A process derives the keys of origins once, in its first night.
    begin().verify()

    explore(begin, wire, part)
