"""Checking an uploaded sheet: by its bytes, once, and never against a locked session."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.hash_evidence.use_case import Checking, Fate, hash_evidence
from shared.domain.errors import Busy
from shared.domain.evidence import JPEG, ObjectVersion, Rejection, Sheet
from shared.domain.session import Session, SessionStatus, Snapshot
from tests.builders import (
    JPEG_BYTES,
    LOCKED,
    NOW,
    PDF_BYTES,
    SESSION_ID,
    a_change,
    a_rejection,
    a_session,
    a_sheet,
    a_snapshot,
    an_upload,
    changed,
)
from tests.fakes import World, always, at, no_pause

MAX_BYTES = 1_000
HTML = b"<!DOCTYPE html><html>"


def check(world: World, version: ObjectVersion) -> Fate:
    """Hear from the bucket that this version is there."""
    using = Checking(world.sessions, world.evidence, world.trail, MAX_BYTES, no_pause)
    return hash_evidence(version, a_change("check"), using)


def session(world: World) -> Session:
    """Return the session as stored."""
    return world.sessions.load(SESSION_ID)


def waiting(minute: int = 1, **fields: Any) -> World:  # noqa: ANN401 - as the builders
    """Return a world in which a session without a sheet waits for that upload."""
    return World(a_snapshot(**{"sheet": None, "pending": an_upload(minute), **fields}))


def test_hash_evidence_accepts_a_good_sheet() -> None:
    """The session points at this version of this object, with the SHA-256 of its bytes."""
    world = waiting()
    version = world.evidence.add(an_upload(1), PDF_BYTES)

    assert check(world, version) is Fate.ACCEPTED
    assert session(world).pending is None
    assert session(world).sheet == Sheet(
        upload_id=an_upload(1).upload_id,
        key=version.key,
        version_id=version.version_id,
        sha256=hashlib.sha256(PDF_BYTES).hexdigest(),
        content_type="application/pdf",
        size_bytes=len(PDF_BYTES),
        file_name="sheet.pdf",
        uploaded_at=an_upload(1).uploaded_at,
        uploaded_by=an_upload(1).uploaded_by,
    )


def test_hash_evidence_labels_no_good_sheet() -> None:
    """Labels are for what may be forgotten."""
    world = waiting()

    check(world, world.evidence.add(an_upload(1), PDF_BYTES))

    assert world.evidence.labels == {}


def test_hash_evidence_reads_the_version_it_was_told_of() -> None:
    """A later version under the same key is another object (K17)."""
    world = waiting()
    told = world.evidence.add(an_upload(1), PDF_BYTES)
    world.evidence.add(an_upload(1), b"%PDF-1.7 forged")

    check(world, told)

    assert world.evidence.opened == [told]
    sheet = session(world).sheet
    assert sheet is not None
    assert sheet.sha256 == hashlib.sha256(PDF_BYTES).hexdigest()


@pytest.mark.parametrize(
    ("data", "declared", "reason"),
    [
        (b"", "application/pdf", "The file is empty."),
        (HTML, "application/pdf", "The file is neither a PDF nor a picture"),
        (b"PK\x03\x04", "image/png", "The file is neither a PDF nor a picture"),
        (
            JPEG_BYTES,
            "application/pdf",
            "The file claims to be application/pdf, but its content is image/jpeg.",
        ),
        (PDF_BYTES, JPEG, "The file claims to be image/jpeg, but its content is application/pdf."),
        (b"%PDF-" + b"x" * MAX_BYTES, "application/pdf", "The file has"),
    ],
)
def test_hash_evidence_rejects_what_is_no_sheet(data: bytes, declared: str, reason: str) -> None:
    """The admin reads why; the session has no sheet and waits no longer."""
    world = waiting()
    version = world.evidence.add(an_upload(1, content_type=declared), data)

    assert check(world, version) is Fate.REJECTED
    after = session(world)
    assert (after.sheet, after.pending) == (None, None)
    assert after.rejection is not None
    assert after.rejection.reason.startswith(reason)


def test_hash_evidence_rejects_what_was_not_announced() -> None:
    """The bytes that arrived are not those that somebody meant to send."""
    world = waiting()
    announced = an_upload(1, sha256=hashlib.sha256(b"%PDF-1.7 meant").hexdigest())

    assert check(world, world.evidence.add(announced, PDF_BYTES)) is Fate.REJECTED
    rejection = session(world).rejection
    assert rejection is not None
    assert "not the file that was announced" in rejection.reason


def test_hash_evidence_rejects_what_the_bucket_hashed_otherwise() -> None:
    """Two computations of one hash agree, or the file is no evidence."""
    world = waiting()
    version = world.evidence.add(an_upload(1), PDF_BYTES)
    world.evidence.corrupt(version, PDF_BYTES + b"x")

    assert check(world, version) is Fate.REJECTED


def test_hash_evidence_notes_which_file_was_rejected_when() -> None:
    """The admin finds the file again by the name they gave it."""
    world = waiting()

    check(world, world.evidence.add(an_upload(1, file_name="Scan 1.pdf"), HTML))

    rejection = session(world).rejection
    assert rejection is not None
    assert rejection == Rejection(an_upload(1).upload_id, "Scan 1.pdf", rejection.reason, NOW)


def test_hash_evidence_labels_what_it_rejects() -> None:
    """The bucket may forget it after a while."""
    world = waiting()
    version = world.evidence.add(an_upload(1), HTML)

    check(world, version)

    assert world.evidence.labels == {version: "rejected"}


def test_hash_evidence_rejects_a_bad_sheet_and_keeps_the_good_one() -> None:
    """A bad scan does not take the accepted sheet away."""
    world = waiting(2, sheet=a_sheet(1))

    check(world, world.evidence.add(an_upload(2), HTML))

    assert session(world).sheet == a_sheet(1)


@pytest.mark.parametrize("size", [0, MAX_BYTES + 1, 5_000_000_000])
def test_hash_evidence_never_opens_what_its_size_condemns(size: int) -> None:
    """A file over the limit is not worth its download."""
    world = waiting()
    version = world.evidence.add(an_upload(1), PDF_BYTES, size_bytes=size)

    assert check(world, version) is Fate.REJECTED
    assert world.evidence.opened == []


def test_hash_evidence_accepts_the_largest_size_allowed() -> None:
    """The limit itself is within the limit."""
    world = waiting()
    data = PDF_BYTES.ljust(MAX_BYTES, b" ")

    assert check(world, world.evidence.add(an_upload(1), data)) is Fate.ACCEPTED


def test_hash_evidence_accepts_a_sheet_nobody_announced() -> None:
    """What counts is the file; the announcement only makes others wait."""
    world = waiting(pending=None)

    assert check(world, world.evidence.add(an_upload(1), PDF_BYTES)) is Fate.ACCEPTED


@pytest.mark.parametrize("data", [PDF_BYTES, HTML])
def test_hash_evidence_heard_twice_changes_nothing_the_second_time(data: bytes) -> None:
    """S3 tells at least once; the object is not even read again."""
    world = waiting()
    version = world.evidence.add(an_upload(1), data)
    check(world, version)
    before = session(world)

    assert check(world, version) is Fate.UNCHANGED
    assert session(world) == before
    assert len(world.evidence.opened) == 1


@pytest.mark.parametrize("data", [PDF_BYTES, HTML])
def test_hash_evidence_of_an_older_upload_changes_nothing(data: bytes) -> None:
    """A newer accepted sheet is never replaced or spoilt by an older one."""
    world = waiting(3, sheet=a_sheet(2))
    before = session(world)

    assert check(world, world.evidence.add(an_upload(1), data)) is Fate.UNCHANGED
    assert session(world) == before


def test_hash_evidence_of_an_older_upload_does_not_end_the_waiting() -> None:
    """The newer upload is still being checked."""
    world = waiting(2)

    check(world, world.evidence.add(an_upload(1), PDF_BYTES))

    assert session(world).pending == an_upload(2)


def test_hash_evidence_of_an_older_upload_is_accepted_if_the_newer_was_bad() -> None:
    """The newest valid sheet counts, and the admin still reads about the newer bad one."""
    world = waiting(rejection=a_rejection(2), pending=None)

    assert check(world, world.evidence.add(an_upload(1), PDF_BYTES)) is Fate.ACCEPTED
    assert session(world).rejection == a_rejection(2)
    assert session(world).evidence_state(NOW) == "REJECTED"


CLOSED = [SessionStatus.CANCELLED, SessionStatus.FINALIZING, SessionStatus.COMPLETED]


def trail(world: World) -> list[tuple[str, Any]]:
    """Return what the audit trail says was done, and what became of which value."""
    entries = [json.loads(entry.content) for entry in world.trail.entries(SESSION_ID)]
    return [
        (entry["action"], [cell["new"] for cell in entry["changes"] if not cell["subject"]])
        for entry in entries
    ]


@pytest.mark.parametrize("status", LOCKED)
@pytest.mark.parametrize("data", [PDF_BYTES, HTML])
def test_hash_evidence_that_comes_late_touches_nothing(data: bytes, status: SessionStatus) -> None:
    """The records rest on what was there; the file is kept and marked late (DESIGN §5.6)."""
    world = World(a_snapshot(status=status, sheet=a_sheet(0)))
    version = world.evidence.add(an_upload(1), data)

    assert check(world, version) is Fate.LATE
    assert session(world) == a_session(status=status, sheet=a_sheet(0))
    assert world.evidence.labels == {version: "late"}


@pytest.mark.parametrize("status", CLOSED)
def test_hash_evidence_that_comes_late_is_noted_once(status: SessionStatus) -> None:
    """The trail says which object is kept unused; hearing of it again adds nothing."""
    world = World(a_snapshot(status=status, sheet=a_sheet(0)))
    version = world.evidence.add(an_upload(1), PDF_BYTES)

    assert [check(world, version), check(world, version)] == [Fate.LATE] * 2
    note = f"{version.key}?versionId={version.version_id}"
    assert trail(world) == [("SHEET_LATE", [note])]


def test_hash_evidence_for_a_cancelled_session_leaves_room_for_its_next_change() -> None:
    """A cancelled session may be opened again: the note is a change of it like any other."""
    world = World(a_snapshot(status=SessionStatus.CANCELLED, version=7))
    check(world, world.evidence.add(an_upload(1), PDF_BYTES))

    after = session(world)

    (entry,) = world.trail.entries(SESSION_ID)
    assert (after.version, after.audit_head) == (8, entry.sha256)
    assert replace(after, version=7, audit_head="change-7") == a_session(
        status=SessionStatus.CANCELLED
    )


def test_hash_evidence_heard_again_after_the_lock_leaves_the_sheet_unlabelled() -> None:
    """The very sheet the records rest on is not late."""
    world = waiting()
    version = world.evidence.add(an_upload(1), PDF_BYTES)
    check(world, version)
    completed = changed(session(world), "fin-1", status=SessionStatus.COMPLETED)
    world.sessions.put(Snapshot(completed, ()))

    assert check(world, version) is Fate.UNCHANGED
    assert world.evidence.labels == {}


def test_hash_evidence_that_loses_the_race_to_the_lock_is_late() -> None:
    """Checked before the lock, written after it: the lock decides."""
    world = waiting()
    version = world.evidence.add(an_upload(1), PDF_BYTES)
    locked = Snapshot(changed(session(world), "fin-1", status=SessionStatus.COMPLETED), ())
    world.sessions.before_write = at(1, lambda: world.sessions.put(locked))

    assert check(world, version) is Fate.LATE
    assert session(world) == locked.session
    assert world.evidence.labels == {version: "late"}


@pytest.mark.parametrize(
    "key",
    ["exports/a.pdf", "evidence/sheet.pdf", f"evidence/{SESSION_ID}/u1/folder/sheet.pdf"],
)
def test_hash_evidence_leaves_other_objects_alone(key: str) -> None:
    """Whatever else lies in the bucket is none of ours."""
    world = waiting()
    version = world.evidence.add(an_upload(1, key=key), PDF_BYTES)

    assert check(world, version) is Fate.UNCHANGED
    assert (world.evidence.opened, world.sessions.writes) == ([], 0)


def test_hash_evidence_of_a_version_that_is_gone_changes_nothing() -> None:
    """The news outlived the object."""
    world = waiting()

    assert check(world, ObjectVersion(an_upload(1).key, "gone")) is Fate.UNCHANGED
    assert session(world).pending == an_upload(1)


def test_hash_evidence_for_an_unknown_session_changes_nothing() -> None:
    """A key that names no session of ours is not worth the download."""
    world = World()
    version = world.evidence.add(an_upload(1), PDF_BYTES)

    assert check(world, version) is Fate.UNCHANGED
    assert world.evidence.opened == []


def test_hash_evidence_after_a_lost_race_keeps_both_changes() -> None:
    """A PATCH and a check at once: neither is lost, and the file is read once."""
    world = waiting()
    version = world.evidence.add(an_upload(1), PDF_BYTES)
    patched = Snapshot(changed(session(world), "patch-8", roster_change="put-1"), ())
    world.sessions.before_write = at(1, lambda: world.sessions.put(patched))

    assert check(world, version) is Fate.ACCEPTED
    assert session(world).roster_change == "put-1"
    assert len(world.evidence.opened) == 1


def test_hash_evidence_overtaken_by_a_newer_sheet_gives_way() -> None:
    """Two checks at once: the newer sheet stands, whichever writes last."""
    world = waiting(2)
    old = world.evidence.add(an_upload(1), PDF_BYTES)
    new = world.evidence.add(an_upload(2), PDF_BYTES)
    world.sessions.before_write = at(1, lambda: check(world, new))

    assert check(world, old) is Fate.UNCHANGED
    sheet = session(world).sheet
    assert sheet is not None
    assert sheet.upload_id == an_upload(2).upload_id


def test_hash_evidence_gives_up_when_rivals_never_cease() -> None:
    """Contention that lasts is raised, so that the news is delivered again."""
    world = waiting()
    version = world.evidence.add(an_upload(1), PDF_BYTES)

    def outrun() -> None:
        now = session(world)
        world.sessions.put(Snapshot(changed(now, f"r-{now.version}"), ()))

    world.sessions.before_write = always(outrun)

    with pytest.raises(Busy):
        check(world, version)


def heard(world: World, data: dict[int, bytes]) -> Callable[[int], Fate]:
    """Store the files by minute and return what hears of one of them."""
    versions = {minute: world.evidence.add(an_upload(minute), data[minute]) for minute in data}
    return lambda minute: check(world, versions[minute])


@given(
    st.lists(st.sampled_from([PDF_BYTES, HTML, b""]), min_size=1, max_size=4),
    st.data(),
)
def test_hash_evidence_in_any_order_ends_with_the_newest_valid_sheet(
    files: list[bytes], data: st.DataObject
) -> None:
    """Shuffled and repeated news end where news in order would have, with the pinned bytes."""
    world = waiting(pending=None)
    different = {minute: file and file + b"%d" % minute for minute, file in enumerate(files)}
    hear = heard(world, different)
    minutes = [*range(len(files)), *data.draw(st.lists(st.sampled_from(range(len(files)))))]

    for minute in data.draw(st.permutations(minutes)):
        hear(minute)

    good = [minute for minute, file in enumerate(files) if file == PDF_BYTES]
    sheet = session(world).sheet
    assert (sheet and sheet.upload_id) == (an_upload(max(good)).upload_id if good else None)
    if sheet is not None:
        pinned = world.evidence.pieces(ObjectVersion(sheet.key, sheet.version_id))
        assert sheet.sha256 == hashlib.sha256(b"".join(pinned)).hexdigest()


@given(st.permutations(range(4)), st.integers(0, 4))
def test_hash_evidence_changes_nothing_from_the_lock_on(order: list[int], lock_at: int) -> None:
    """Wherever the lock falls among the news, the sheet is the newest one heard before it."""
    world = waiting(pending=None)
    hear = heard(world, dict.fromkeys(range(4), PDF_BYTES))
    for minute in order[:lock_at]:
        hear(minute)
    locked = changed(session(world), "fin-1", status=SessionStatus.COMPLETED)
    world.sessions.put(Snapshot(locked, ()))

    for minute in order:
        hear(minute)

    assert session(world) == locked
