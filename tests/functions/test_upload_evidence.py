"""Uploading a sheet: announced before it is stored, withdrawn if it cannot be stored."""

from io import BytesIO

import pytest

from functions.upload_evidence.use_case import Promise, permit_upload, store_sheet
from shared.application.ports.evidence import SignedRequest
from shared.domain.errors import (
    Busy,
    FinalizationInProgress,
    NotFound,
    SessionAlreadyFinalized,
    SessionCancelled,
    TrainingError,
)
from shared.domain.evidence import Upload
from shared.domain.session import Session, SessionStatus
from testing.builders import (
    PDF_BYTES,
    SESSION_ID,
    a_change,
    a_session,
    a_sheet,
    a_snapshot,
    an_attendee,
    an_upload,
)
from testing.fakes import FakeWiring, always, at

CLOSED: dict[SessionStatus, type[TrainingError]] = {
    SessionStatus.CANCELLED: SessionCancelled,
    SessionStatus.FINALIZING: FinalizationInProgress,
    SessionStatus.COMPLETED: SessionAlreadyFinalized,
}


class BucketDown(Exception):
    """The bucket does not answer."""


def bucket_down() -> None:
    """Fail as a bucket does."""
    raise BucketDown


def store(world: FakeWiring, upload: Upload) -> None:
    """Send a sheet through the API."""
    store_sheet(SESSION_ID, upload, BytesIO(PDF_BYTES), a_change(), world)


def permit(world: FakeWiring, upload: Upload) -> SignedRequest:
    """Request a presigned upload."""
    promise = Promise(len(PDF_BYTES), "ab" * 32)
    return permit_upload(SESSION_ID, upload, promise, a_change(), world)


def session(world: FakeWiring) -> Session:
    """Return the session as stored."""
    return world.sessions.load(SESSION_ID)


def test_store_sheet_stores_the_bytes_under_the_upload_s_key() -> None:
    """The file is stored unchanged, under the key where the check looks for it."""
    world = FakeWiring(a_snapshot(sheet=None))

    store(world, an_upload(1))

    (version,) = world.evidence.versions(an_upload(1).key)
    assert world.evidence.content(version).size_bytes == len(PDF_BYTES)


def test_store_sheet_makes_the_session_wait_for_the_check() -> None:
    """Until it is checked a sheet is no evidence, and no record is made (spec §4 A)."""
    world = FakeWiring(a_snapshot(an_attendee(1), sheet=None))

    store(world, an_upload(1))

    assert (session(world).pending, session(world).sheet) == (an_upload(1), None)
    assert world.records.everything == set()


def test_store_sheet_announces_before_it_stores() -> None:
    """The session cannot be finalized between the arrival of a newer sheet and its check."""
    world = FakeWiring(a_snapshot(sheet=a_sheet(0)))
    seen: list[Upload | None] = []
    world.evidence.before_put = always(lambda: seen.append(session(world).pending))

    store(world, an_upload(1))

    assert seen == [an_upload(1)]


def test_store_sheet_withdraws_what_could_not_be_stored() -> None:
    """A failed upload does not hold up finalizing, and the failure is not hidden."""
    world = FakeWiring(a_snapshot(sheet=a_sheet(0)))
    world.evidence.before_put = at(1, bucket_down)

    with pytest.raises(BucketDown):
        store(world, an_upload(1))

    assert (session(world).pending, session(world).sheet) == (None, a_sheet(0))
    assert world.evidence.versions(an_upload(1).key) == []


def test_store_sheet_withdraws_only_its_own_upload() -> None:
    """A newer upload announced meanwhile is still waited for."""
    world = FakeWiring(a_snapshot(sheet=None))

    def overtake() -> None:
        permit(world, an_upload(2))
        raise BucketDown

    world.evidence.before_put = at(1, overtake)

    with pytest.raises(BucketDown):
        store(world, an_upload(1))

    assert session(world).pending == an_upload(2)


def test_store_sheet_stores_an_older_upload_without_waiting_for_it() -> None:
    """Of two concurrent uploads the newer is waited for, and both are stored."""
    world = FakeWiring(a_snapshot(pending=an_upload(2)))

    store(world, an_upload(1))

    assert session(world).pending == an_upload(2)
    assert len(world.evidence.versions(an_upload(1).key)) == 1


@pytest.mark.parametrize(("status", "refusal"), CLOSED.items())
def test_store_sheet_is_refused_before_anything_is_stored(
    status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """No file is stored for a session that takes no sheet (spec §4 A)."""
    world = FakeWiring(a_snapshot(status=status))

    with pytest.raises(refusal):
        store(world, an_upload(1))

    assert world.evidence.puts == 0
    assert session(world) == a_session(status=status)


def test_store_sheet_knows_no_unknown_session() -> None:
    """Nothing is stored for a session that does not exist."""
    world = FakeWiring()

    with pytest.raises(NotFound):
        store(world, an_upload(1))

    assert world.evidence.puts == 0


def test_store_sheet_after_a_lost_race_keeps_both_changes() -> None:
    """An upload and a change of the roster at once are both saved."""
    world = FakeWiring(a_snapshot(sheet=None, version=7))
    rival = a_snapshot(an_attendee(1), sheet=None, version=8, audit_head="put-8")
    world.sessions.before_write = at(1, lambda: world.sessions.put(rival))

    store(world, an_upload(1))

    assert session(world).pending == an_upload(1)
    assert session(world).roster_count == 1


def test_store_sheet_stores_nothing_when_rivals_never_cease() -> None:
    """What could not be announced is not stored."""
    world = FakeWiring(a_snapshot(sheet=None))

    def outrun() -> None:
        version = session(world).version + 1
        world.sessions.put(a_snapshot(sheet=None, version=version, audit_head=f"r-{version}"))

    world.sessions.before_write = always(outrun)

    with pytest.raises(Busy):
        store(world, an_upload(1))

    assert world.evidence.puts == 0


def test_permit_upload_makes_the_session_wait() -> None:
    """A client with a permission may upload at any moment from now on."""
    world = FakeWiring(a_snapshot(sheet=None))

    permit(world, an_upload(1))

    assert session(world).pending == an_upload(1)
    assert world.evidence.puts == 0


def test_permit_upload_permits_exactly_the_file_promised() -> None:
    """Length, type and hash have to be those the client named."""
    world = FakeWiring(a_snapshot(sheet=None))

    request = permit(world, an_upload(1))

    assert request == world.evidence.upload_link(an_upload(1), len(PDF_BYTES), "ab" * 32)


@pytest.mark.parametrize(("status", "refusal"), CLOSED.items())
def test_permit_upload_is_refused_by_a_closed_session(
    status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """No file is uploaded to a session that takes no sheet."""
    world = FakeWiring(a_snapshot(status=status))

    with pytest.raises(refusal):
        permit(world, an_upload(1))


def test_permit_upload_knows_no_unknown_session() -> None:
    """There is nothing to upload to."""
    with pytest.raises(NotFound):
        permit(FakeWiring(), an_upload(1))
