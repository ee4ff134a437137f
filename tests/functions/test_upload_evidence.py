"""Taking in a sheet: announced before it is stored, withdrawn if it cannot be."""

from io import BytesIO

import pytest

from functions.upload_evidence.use_case import Promise, Taking, permit_upload, store_sheet
from shared.domain.errors import (
    Busy,
    FinalizationInProgress,
    NotFound,
    SessionCancelled,
    SessionFinalized,
    TrainingError,
)
from shared.domain.evidence import Upload
from shared.domain.session import Session, SessionStatus
from shared.domain.sheets import SignedRequest
from tests.builders import (
    PDF_BYTES,
    SESSION_ID,
    a_change,
    a_session,
    a_sheet,
    a_snapshot,
    an_attendee,
    an_upload,
)
from tests.fakes import World, always, at, no_pause

CLOSED: dict[SessionStatus, type[TrainingError]] = {
    SessionStatus.CANCELLED: SessionCancelled,
    SessionStatus.FINALIZING: FinalizationInProgress,
    SessionStatus.COMPLETED: SessionFinalized,
}


class BucketDown(Exception):
    """The bucket does not answer."""


def bucket_down() -> None:
    """Fail as a bucket does."""
    raise BucketDown


def taking(world: World) -> Taking:
    """Return what an upload works with."""
    return Taking(world.sessions, world.evidence, no_pause)


def store(world: World, upload: Upload) -> None:
    """Send a sheet through the API."""
    store_sheet(SESSION_ID, upload, BytesIO(PDF_BYTES), a_change(), taking(world))


def permit(world: World, upload: Upload) -> SignedRequest:
    """Ask where to send a sheet."""
    promise = Promise(len(PDF_BYTES), "ab" * 32)
    return permit_upload(SESSION_ID, upload, promise, a_change(), taking(world))


def session(world: World) -> Session:
    """Return the session as stored."""
    return world.sessions.load(SESSION_ID)


def test_store_sheet_stores_the_bytes_under_the_upload_s_key() -> None:
    """The file lies where the check will look for it, as it was sent."""
    world = World(a_snapshot(sheet=None))

    store(world, an_upload(1))

    (version,) = world.evidence.versions(an_upload(1).key)
    assert world.evidence.content(version).size_bytes == len(PDF_BYTES)


def test_store_sheet_makes_the_session_wait_for_the_check() -> None:
    """Until it is checked the sheet is no evidence, and no record is made (spec §4 A)."""
    world = World(a_snapshot(an_attendee(1), sheet=None))

    store(world, an_upload(1))

    assert (session(world).pending, session(world).sheet) == (an_upload(1), None)
    assert world.records.everything == set()


def test_store_sheet_announces_before_it_stores() -> None:
    """Nobody finalizes between the arrival of a newer sheet and its check."""
    world = World(a_snapshot(sheet=a_sheet(0)))
    seen: list[Upload | None] = []
    world.evidence.before_put = always(lambda: seen.append(session(world).pending))

    store(world, an_upload(1))

    assert seen == [an_upload(1)]


def test_store_sheet_withdraws_what_could_not_be_stored() -> None:
    """A failed upload does not hold up finalizing, and the failure is not hidden."""
    world = World(a_snapshot(sheet=a_sheet(0)))
    world.evidence.before_put = at(1, bucket_down)

    with pytest.raises(BucketDown):
        store(world, an_upload(1))

    assert (session(world).pending, session(world).sheet) == (None, a_sheet(0))
    assert world.evidence.versions(an_upload(1).key) == []


def test_store_sheet_withdraws_only_its_own_upload() -> None:
    """A newer upload announced meanwhile is still waited for."""
    world = World(a_snapshot(sheet=None))

    def overtake() -> None:
        permit(world, an_upload(2))
        raise BucketDown

    world.evidence.before_put = at(1, overtake)

    with pytest.raises(BucketDown):
        store(world, an_upload(1))

    assert session(world).pending == an_upload(2)


def test_store_sheet_stores_an_older_upload_without_waiting_for_it() -> None:
    """Two upload at once: the newer is waited for, and both are kept."""
    world = World(a_snapshot(pending=an_upload(2)))

    store(world, an_upload(1))

    assert session(world).pending == an_upload(2)
    assert len(world.evidence.versions(an_upload(1).key)) == 1


@pytest.mark.parametrize(("status", "refusal"), CLOSED.items())
def test_store_sheet_is_refused_before_anything_is_stored(
    status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """A session that takes no sheet has none put beside its own (spec §4 A)."""
    world = World(a_snapshot(status=status))

    with pytest.raises(refusal):
        store(world, an_upload(1))

    assert world.evidence.puts == 0
    assert session(world) == a_session(status=status)


def test_store_sheet_knows_no_unknown_session() -> None:
    """Nothing is stored for a session that does not exist."""
    world = World()

    with pytest.raises(NotFound):
        store(world, an_upload(1))

    assert world.evidence.puts == 0


def test_store_sheet_after_a_lost_race_keeps_both_changes() -> None:
    """An upload and a change of the roster at once: neither is lost."""
    world = World(a_snapshot(sheet=None, version=7))
    rival = a_snapshot(an_attendee(1), sheet=None, version=8, audit_head="put-8")
    world.sessions.before_write = at(1, lambda: world.sessions.put(rival))

    store(world, an_upload(1))

    assert session(world).pending == an_upload(1)
    assert session(world).roster_count == 1


def test_store_sheet_stores_nothing_when_rivals_never_cease() -> None:
    """What cannot be announced is not stored."""
    world = World(a_snapshot(sheet=None))

    def outrun() -> None:
        version = session(world).version + 1
        world.sessions.put(a_snapshot(sheet=None, version=version, audit_head=f"r-{version}"))

    world.sessions.before_write = always(outrun)

    with pytest.raises(Busy):
        store(world, an_upload(1))

    assert world.evidence.puts == 0


def test_permit_upload_makes_the_session_wait() -> None:
    """Whoever was promised a place may use it any moment from now on."""
    world = World(a_snapshot(sheet=None))

    permit(world, an_upload(1))

    assert session(world).pending == an_upload(1)
    assert world.evidence.puts == 0


def test_permit_upload_permits_exactly_the_file_promised() -> None:
    """Length, type and hash are those the client named."""
    world = World(a_snapshot(sheet=None))

    request = permit(world, an_upload(1))

    assert request == world.evidence.upload_link(an_upload(1), len(PDF_BYTES), "ab" * 32)


@pytest.mark.parametrize(("status", "refusal"), CLOSED.items())
def test_permit_upload_is_refused_by_a_closed_session(
    status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """Nobody is given a place beside finished evidence."""
    world = World(a_snapshot(status=status))

    with pytest.raises(refusal):
        permit(world, an_upload(1))


def test_permit_upload_knows_no_unknown_session() -> None:
    """There is nothing to upload to."""
    with pytest.raises(NotFound):
        permit(World(), an_upload(1))
