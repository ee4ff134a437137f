"""Stamping: what is sealed is shown to an authority outside of the company."""

from datetime import timedelta

import pytest

from functions.stamp_seals.use_case import NothingToStamp, stamp_seal
from shared.domain.canonical import sha256
from shared.domain.errors import Busy
from shared.domain.seal_folder import SealPart
from shared.domain.verification import Subject
from shared.storage.vault import stamp_key
from testing.authority import FakeAuthority
from testing.builders import NOW
from testing.fakes import FakeWiring
from tests.functions.sealed import Sealed

KEY = "reports/2026/03/11/024500.json"
UNTIL = NOW + timedelta(days=365)


@pytest.fixture
def world() -> FakeWiring:
    """Return a world whose vault holds one report."""
    world = FakeWiring()
    world.vault.put_once(KEY, b"{}", "application/json", UNTIL)
    return world


@pytest.fixture
def authority(world: FakeWiring) -> FakeAuthority:
    """Return its authority."""
    assert isinstance(world.authority, FakeAuthority)
    return world.authority


def test_stamp_is_of_the_content_and_kept_as_long(
    world: FakeWiring, authority: FakeAuthority
) -> None:
    """It lies beside the object, over its SHA-256, and can be deleted no sooner."""
    assert stamp_seal(KEY, world)

    stored = world.vault.objects[f"stamps/{KEY}.tsr"]
    assert authority.time_of(stored, sha256(b"{}")) == NOW
    assert world.vault.until[f"stamps/{KEY}.tsr"] == UNTIL


def test_first_stamp_stays(world: FakeWiring, authority: FakeAuthority) -> None:
    """S3 tells of an object more than once; a later stamp would say less, and is not kept."""
    stamp_seal(KEY, world)
    first = world.vault.read(stamp_key(KEY))
    authority.now += timedelta(hours=1)

    assert not stamp_seal(KEY, world)
    assert world.vault.read(stamp_key(KEY)) == first


def test_authority_that_is_away_leaves_nothing(world: FakeWiring, authority: FakeAuthority) -> None:
    """The failure is passed on, so that the queue tells it again."""
    authority.is_away = True

    with pytest.raises(Busy):
        stamp_seal(KEY, world)

    assert world.vault.read(stamp_key(KEY)) is None


def test_nothing_is_stamped_that_is_not_stored(world: FakeWiring) -> None:
    """An object that is hidden by a delete marker ends in the dead-letter queue."""
    with pytest.raises(NothingToStamp, match=r"other\.json"):
        stamp_seal("reports/other.json", world)


def test_nothing_is_stamped_without_an_authority(world: FakeWiring) -> None:
    """Should a message come all the same, it fails and is kept."""
    world.authority = None

    with pytest.raises(NothingToStamp):
        stamp_seal(KEY, world)


class TestVerification:
    """What GET verification and the nightly check say of the stamp."""

    def test_stamp_of_another_seal_is_named(self) -> None:
        """A genuine stamp of other bytes proves nothing about this session."""
        sealed = Sealed()
        assert sealed.world.authority
        sealed.world.vault.objects[stamp_key(sealed.key(SealPart.MANIFEST))] = (
            sealed.world.authority.stamp(b"another")
        )

        assert sealed.faults().keys() == {Subject.TIME_STAMP}

    def test_stamp_of_another_authority_is_named(self) -> None:
        """Anybody can run an authority; only the one given counts."""
        sealed = Sealed()
        sealed.world.authority = FakeAuthority("somebody else")

        assert sealed.faults().keys() == {Subject.TIME_STAMP}

    def test_decision_that_was_dated_back_is_named(self) -> None:
        """Signed by the company's own key, it is intact but for the time it claims."""
        sealed = Sealed(stamped_at=NOW + timedelta(days=40))

        (fault,) = sealed.faults()[Subject.TIME_STAMP]
        assert fault.endswith("40 days after the decision")

    @pytest.mark.parametrize("body", [b"another", None])
    def test_whatever_is_put_over_a_stamp_is_named(self, body: bytes | None) -> None:
        """A newer stamp would make the decision look younger; a delete marker, never stamped."""
        sealed = Sealed()
        key = stamp_key(sealed.key(SealPart.MANIFEST))
        sealed.world.vault.overwrite(key, body)

        (fault,) = sealed.faults()[Subject.TIME_STAMP]

        assert fault.endswith(f"was put over {key}")

    def test_nothing_is_claimed_without_an_authority(self) -> None:
        """The answer then does not name the time stamp at all."""
        sealed = Sealed()
        sealed.world.authority = None

        assert Subject.TIME_STAMP not in sealed.checked()
