"""Checking an uploaded sheet: by its bytes, once, and never against a locked session."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.hash_evidence.use_case import CheckOutcome, hash_evidence
from shared.domain.audit import Action, FieldChange
from shared.domain.errors import Busy
from shared.domain.evidence import JPEG, ObjectVersion, Rejection, Sheet
from shared.domain.people import Person
from shared.domain.session import Session, SessionStatus, Snapshot
from testing.arrivals import announce, sent
from testing.builders import (
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
from testing.fakes import FakeWiring, always, at

MAX_BYTES = 1_000
HTML = b"<!DOCTYPE html><html>"


def check(world: FakeWiring, version: ObjectVersion) -> CheckOutcome:
    """Receive the bucket's event for this version."""
    world.evidence_max_bytes = MAX_BYTES
    return hash_evidence(version, a_change("check"), world)


def session(world: FakeWiring) -> Session:
    """Return the session as stored."""
    return world.sessions.load(SESSION_ID)


def waiting(minute: int = 1, **fields: Any) -> FakeWiring:  # noqa: ANN401 - as the builders
    """Return a world in which a session without a sheet waits for that upload."""
    return FakeWiring(a_snapshot(**{"sheet": None, "pending": an_upload(minute), **fields}))


def test_hash_evidence_accepts_a_good_sheet() -> None:
    """The session points at this version of this object, with the SHA-256 of its bytes."""
    world = waiting()
    version = sent(world, an_upload(1), PDF_BYTES)

    assert check(world, version) is CheckOutcome.ACCEPTED
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


def test_hash_evidence_tags_no_good_sheet() -> None:
    """A tag marks what the bucket may delete."""
    world = waiting()

    check(world, sent(world, an_upload(1), PDF_BYTES))

    assert world.evidence.tags == {}


def test_hash_evidence_reads_the_version_it_was_told_of() -> None:
    """A later version under the same key is another object (K17)."""
    world = waiting()
    told = sent(world, an_upload(1), PDF_BYTES)
    sent(world, an_upload(1), b"%PDF-1.7 forged")

    check(world, told)

    assert world.evidence.opened == [told]
    sheet = session(world).sheet
    assert sheet is not None
    assert sheet.sha256 == hashlib.sha256(PDF_BYTES).hexdigest()


@pytest.mark.parametrize(
    ("data", "declared", "reason"),
    [
        (b"", "application/pdf", "The file is empty."),
        (HTML, "application/pdf", "The file is a web page"),
        (b"PK\x03\x04", "image/png", "The file is an archive"),
        (b"hello", "image/png", "The file is neither a PDF nor a picture"),
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
    """The admin reads the reason; the session has no sheet and waits no longer."""
    world = waiting()
    version = sent(world, an_upload(1, content_type=declared), data)

    assert check(world, version) is CheckOutcome.REJECTED
    after = session(world)
    assert (after.sheet, after.pending) == (None, None)
    assert after.rejection is not None
    assert after.rejection.reason.startswith(reason)


def test_hash_evidence_rejects_what_was_not_announced() -> None:
    """The bytes that arrived have another hash than the one announced."""
    world = waiting()
    announced = an_upload(1, sha256=hashlib.sha256(b"%PDF-1.7 meant").hexdigest())

    assert check(world, sent(world, announced, PDF_BYTES)) is CheckOutcome.REJECTED
    rejection = session(world).rejection
    assert rejection is not None
    assert "not the file that was announced" in rejection.reason


def test_hash_evidence_rejects_what_the_bucket_hashed_otherwise() -> None:
    """The bucket's hash and ours have to agree, or the file is no evidence."""
    world = waiting()
    version = sent(world, an_upload(1), PDF_BYTES)
    world.evidence.corrupt(version, PDF_BYTES + b"x")

    assert check(world, version) is CheckOutcome.REJECTED


def test_hash_evidence_notes_which_file_was_rejected_when() -> None:
    """The admin recognizes the file by its own name."""
    upload = an_upload(1, file_name="Scan 1.pdf")
    world = waiting(pending=upload)

    check(world, sent(world, upload, HTML))

    rejection = session(world).rejection
    assert rejection is not None
    assert rejection == Rejection(an_upload(1).upload_id, "Scan 1.pdf", rejection.reason, NOW)


def test_hash_evidence_tags_what_it_rejects() -> None:
    """The bucket deletes what has the tag after a while."""
    world = waiting()
    version = sent(world, an_upload(1), HTML)

    check(world, version)

    assert world.evidence.tags == {version: "rejected"}


def test_hash_evidence_rejects_a_bad_sheet_and_keeps_the_good_one() -> None:
    """A rejected scan leaves the accepted sheet in force."""
    world = waiting(2, sheet=a_sheet(1))

    check(world, sent(world, an_upload(2), HTML))

    assert session(world).sheet == a_sheet(1)


@pytest.mark.parametrize("size", [0, MAX_BYTES + 1, 5_000_000_000])
def test_hash_evidence_never_reads_a_file_over_the_limit(size: int) -> None:
    """A file over the limit is not downloaded."""
    world = waiting()
    version = sent(world, an_upload(1), PDF_BYTES, size_bytes=size)

    assert check(world, version) is CheckOutcome.REJECTED
    assert world.evidence.opened == []


def test_hash_evidence_accepts_the_largest_size_allowed() -> None:
    """The limit itself is within the limit."""
    world = waiting()
    data = PDF_BYTES.ljust(MAX_BYTES, b" ")

    assert check(world, sent(world, an_upload(1), data)) is CheckOutcome.ACCEPTED


def test_hash_evidence_accepts_a_sheet_that_is_no_longer_waited_for() -> None:
    """The announcement in the trail counts; the one on the session only makes others wait."""
    world = waiting(pending=None)

    assert check(world, sent(world, an_upload(1), PDF_BYTES)) is CheckOutcome.ACCEPTED


@pytest.mark.parametrize("data", [PDF_BYTES, HTML])
def test_hash_evidence_is_idempotent(data: bytes) -> None:
    """S3 delivers at least once; at a repeat the object is not read again."""
    world = waiting()
    version = sent(world, an_upload(1), data)
    check(world, version)
    before = session(world)

    assert check(world, version) is CheckOutcome.UNCHANGED
    assert session(world) == before
    assert len(world.evidence.opened) == 1


@pytest.mark.parametrize("data", [PDF_BYTES, HTML])
def test_hash_evidence_of_an_older_upload_changes_nothing(data: bytes) -> None:
    """An older upload never replaces a newer accepted sheet."""
    world = waiting(3, sheet=a_sheet(2))
    before = session(world)

    assert check(world, sent(world, an_upload(1), data)) is CheckOutcome.UNCHANGED
    assert session(world) == before


def test_hash_evidence_of_an_older_upload_does_not_end_the_waiting() -> None:
    """The newer upload is still being checked."""
    world = waiting(2)

    check(world, sent(world, an_upload(1), PDF_BYTES))

    assert session(world).pending == an_upload(2)


def test_hash_evidence_of_an_older_upload_is_accepted_if_the_newer_was_bad() -> None:
    """The newest valid sheet counts, and the admin still reads about the newer bad one."""
    world = waiting(rejection=a_rejection(2), pending=None)

    assert check(world, sent(world, an_upload(1), PDF_BYTES)) is CheckOutcome.ACCEPTED
    assert session(world).rejection == a_rejection(2)
    assert session(world).evidence_state(NOW) == "REJECTED"


CLOSED = [SessionStatus.CANCELLED, SessionStatus.FINALIZING, SessionStatus.COMPLETED]


def trail(world: FakeWiring) -> list[tuple[str, Any]]:
    """Return what was done since the announcements, with the new values of each."""
    entries = [json.loads(entry.content) for entry in world.trail.entries(SESSION_ID)]
    return [
        (entry["action"], [change["new"] for change in entry["changes"] if not change["subject"]])
        for entry in entries
        if entry["action"] != Action.SHEET_ANNOUNCED
    ]


@pytest.mark.parametrize("status", LOCKED)
@pytest.mark.parametrize("data", [PDF_BYTES, HTML])
def test_hash_evidence_that_comes_late_touches_nothing(data: bytes, status: SessionStatus) -> None:
    """
    The records rest on the sheet at the lock; the file stays and is tagged late
    (DESIGN §5.6).
    """
    world = FakeWiring(a_snapshot(status=status, sheet=a_sheet(0)))
    version = sent(world, an_upload(1), data)

    assert check(world, version) is CheckOutcome.LATE
    assert session(world) == a_session(status=status, sheet=a_sheet(0))
    assert world.evidence.tags == {version: "late"}


@pytest.mark.parametrize("status", CLOSED)
def test_hash_evidence_that_comes_late_is_noted_once(status: SessionStatus) -> None:
    """The trail names the unused object; a repeat of the event adds nothing."""
    world = FakeWiring(a_snapshot(status=status, sheet=a_sheet(0)))
    version = sent(world, an_upload(1), PDF_BYTES)

    assert [check(world, version), check(world, version)] == [CheckOutcome.LATE] * 2
    note = f"{version.key}?versionId={version.version_id}"
    assert trail(world) == [("SHEET_LATE", [note])]


@pytest.mark.parametrize("status", CLOSED)
@pytest.mark.parametrize("data", [PDF_BYTES, HTML])
def test_hash_evidence_notes_an_older_upload_that_comes_late(
    data: bytes, status: SessionStatus
) -> None:
    """It was announced and never told of: a newer sheet does not make it vanish."""
    world = FakeWiring(a_snapshot(status=status, sheet=a_sheet(2)))
    version = sent(world, an_upload(1), data)

    assert check(world, version) is CheckOutcome.LATE
    assert trail(world) == [("SHEET_LATE", [f"{version.key}?versionId={version.version_id}"])]


@pytest.mark.parametrize("data", [PDF_BYTES, HTML])
def test_hash_evidence_repeated_after_the_lock_is_no_late_sheet(data: bytes) -> None:
    """Whatever was accepted and replaced, or rejected, is told of already."""
    world = waiting(1)
    older = sent(world, an_upload(1), data)
    check(world, older)
    check(world, sent(world, an_upload(2), PDF_BYTES))
    world.sessions.put(Snapshot(replace(session(world), status=SessionStatus.COMPLETED), ()))
    before = trail(world)

    assert check(world, older) is CheckOutcome.UNCHANGED
    assert trail(world) == before


@pytest.mark.parametrize("status", [SessionStatus.SCHEDULED, *CLOSED])
def test_hash_evidence_keeps_what_it_accepts_and_what_is_late(status: SessionStatus) -> None:
    """Nobody can delete it for the company's years, whether it is used in the end or replaced."""
    world = waiting(status=status)
    version = sent(world, an_upload(1), PDF_BYTES)

    check(world, version)

    arrived = an_upload(1).uploaded_at
    assert world.vault.kept == {version: arrived.replace(year=arrived.year + world.retention_years)}


def test_hash_evidence_keeps_a_sheet_before_it_tells_of_it() -> None:
    """A function that ends between the two leaves no entry about what can be deleted."""
    world = waiting()
    version = sent(world, an_upload(1), PDF_BYTES)

    def away() -> None:
        raise Busy

    world.sessions.before_write = at(1, away)
    with pytest.raises(Busy):
        check(world, version)

    assert world.vault.kept.keys() == {version}


def test_hash_evidence_does_not_keep_what_it_rejects() -> None:
    """The bucket deletes it after a while."""
    world = waiting()

    check(world, sent(world, an_upload(1), HTML))

    assert world.vault.kept == {}


def test_hash_evidence_for_a_cancelled_session_leaves_room_for_its_next_change() -> None:
    """A cancelled session may be opened again, so the note counts as a change of it."""
    world = FakeWiring(a_snapshot(status=SessionStatus.CANCELLED, version=7))
    check(world, sent(world, an_upload(1), PDF_BYTES))

    after = session(world)

    *_, entry = world.trail.entries(SESSION_ID)
    assert (after.version, after.audit_head) == (8, entry.sha256)
    assert replace(after, version=7, audit_head="change-7") == a_session(
        status=SessionStatus.CANCELLED
    )


def test_hash_evidence_repeated_after_the_lock_leaves_the_sheet_untagged() -> None:
    """The sheet that the records rest on is not late."""
    world = waiting()
    version = sent(world, an_upload(1), PDF_BYTES)
    check(world, version)
    completed = changed(session(world), "fin-1", status=SessionStatus.COMPLETED)
    world.sessions.put(Snapshot(completed, ()))

    assert check(world, version) is CheckOutcome.UNCHANGED
    assert world.evidence.tags == {}


def test_hash_evidence_that_loses_the_race_to_the_lock_is_late() -> None:
    """Of a check before the lock and a write after it, the lock comes first."""
    world = waiting()
    version = sent(world, an_upload(1), PDF_BYTES)
    locked = Snapshot(changed(session(world), "fin-1", status=SessionStatus.COMPLETED), ())
    world.sessions.before_write = at(1, lambda: world.sessions.put(locked))

    assert check(world, version) is CheckOutcome.LATE
    assert session(world) == locked.session
    assert world.evidence.tags == {version: "late"}


@pytest.mark.parametrize(
    "key",
    ["exports/a.pdf", "evidence/sheet.pdf", "tampering/a/00.json"],
)
def test_hash_evidence_leaves_other_objects_alone(key: str) -> None:
    """Any other object in the bucket is ignored."""
    world = waiting()
    version = world.evidence.add(an_upload(1, key=key), PDF_BYTES)

    assert check(world, version) is CheckOutcome.UNCHANGED
    assert world.vault.objects == {}
    assert (world.evidence.opened, world.sessions.writes) == ([], 0)


def test_hash_evidence_of_a_version_that_is_gone_changes_nothing() -> None:
    """The object was deleted before its event arrived."""
    world = waiting()

    assert check(world, ObjectVersion(an_upload(1).key, "gone")) is CheckOutcome.UNCHANGED
    assert session(world).pending == an_upload(1)


FORGED = Person("u-forged", "Tomasz Zielinski")
FOLDER = f"evidence/{SESSION_ID}"


def notes(world: FakeWiring) -> list[Any]:
    """Return the notes of stray objects."""
    return [json.loads(note) for note in world.vault.objects.values()]


@pytest.mark.parametrize(
    "key",
    [
        an_upload(9).key,
        f"{FOLDER}/zzzz/sheet.pdf",
        f"{FOLDER}/99991231T235959999999Z-8c1f0a3be77d2460/sheet.pdf",
        f"{FOLDER}/{an_upload(1).upload_id}/another.pdf",
        f"{FOLDER}/{an_upload(1).upload_id}/folder/sheet.pdf",
        f"{FOLDER}/sheet.pdf",
    ],
)
@pytest.mark.parametrize("status", SessionStatus)
def test_hash_evidence_never_takes_what_nobody_announced(status: SessionStatus, key: str) -> None:
    """
    Not in any state of the session, not under any id, whoever it says it is from: it is not even
    read, and leaves a note that nobody can remove.
    """
    world = waiting(status=status)
    announce(world, an_upload(1))
    before = session(world)
    stray = world.evidence.add(an_upload(9, key=key, uploaded_by=FORGED), PDF_BYTES)

    assert [check(world, stray), check(world, stray)] == [CheckOutcome.STRAY] * 2
    assert (session(world), trail(world), world.evidence.opened) == (before, [], [])
    (note,) = notes(world)
    assert (note["key"], note["versionId"]) == (stray.key, stray.version_id)
    assert note["what"] == "Nobody announced this object."
    assert [*world.vault.until.values()] == [NOW.replace(year=NOW.year + world.retention_years)]


@pytest.mark.parametrize("forged_first", [True, False])
def test_hash_evidence_lets_no_stray_stand_in_the_way(*, forged_first: bool) -> None:
    """The genuine sheet gets in, under its sender's name, whatever sorts last or came first."""
    world = waiting(2)
    stray = world.evidence.add(an_upload(9, uploaded_by=FORGED), b"%PDF-1.7 forged")
    genuine = sent(world, an_upload(2), PDF_BYTES)

    for version in [stray, genuine] if forged_first else [genuine, stray]:
        check(world, version)

    sheet = session(world).sheet
    assert sheet is not None
    assert (sheet.key, sheet.uploaded_by) == (an_upload(2).key, an_upload(2).uploaded_by)


def test_hash_evidence_believes_the_announcement_and_not_the_object() -> None:
    """Who sent a sheet, and under which name, is what was announced before its bytes came."""
    world = waiting()
    announce(world, an_upload(1, file_name="名簿.pdf"))
    claim = an_upload(1, file_name="forged.pdf", uploaded_by=FORGED)

    check(world, world.evidence.add(claim, PDF_BYTES))

    sheet = session(world).sheet
    assert sheet is not None
    assert (sheet.file_name, sheet.uploaded_by) == ("名簿.pdf", an_upload(1).uploaded_by)


@pytest.mark.parametrize(
    "other",
    [{"size_bytes": 7}, {"content_type": "image/png"}, {"sha256": "ab" * 32}],
    ids=lambda fields: next(iter(fields)),
)
def test_hash_evidence_rejects_another_file_than_the_announced_one(other: dict[str, Any]) -> None:
    """Length, type and SHA-256 are those of the announcement."""
    world = waiting()
    announce(world, an_upload(1, **other))

    version = world.evidence.add(an_upload(1), PDF_BYTES)

    assert check(world, version) is CheckOutcome.REJECTED
    rejection = session(world).rejection
    assert rejection is not None
    assert "not the file that was announced" in rejection.reason


@pytest.mark.parametrize("status", [*LOCKED, SessionStatus.CANCELLED])
@pytest.mark.parametrize("other", [{"size_bytes": 7}, {"sha256": "ab" * 32}])
def test_hash_evidence_calls_no_other_file_a_late_sheet(
    status: SessionStatus, other: dict[str, Any]
) -> None:
    """Nothing in the trail or on the object says that somebody sent it."""
    world = FakeWiring(a_snapshot(status=status, sheet=a_sheet(0)))
    announce(world, an_upload(1, **other))
    version = world.evidence.add(an_upload(1), PDF_BYTES)

    assert [check(world, version), check(world, version)] == [CheckOutcome.STRAY] * 2
    assert (trail(world), world.evidence.tags) == ([], {})
    assert [n["what"] for n in notes(world)] == ["This object is not the file that was announced."]


def test_hash_evidence_accepts_the_sheet_beside_another_file_under_its_key() -> None:
    """Of two versions of the key only the other one is rejected, though it was checked first."""
    genuine = an_upload(1, sha256=hashlib.sha256(PDF_BYTES).hexdigest())
    world = waiting()
    version = sent(world, genuine, PDF_BYTES)
    other = world.evidence.add(genuine, b"%PDF-1.7 forged")

    outcomes = [check(world, other), check(world, version)]

    assert outcomes == [CheckOutcome.REJECTED, CheckOutcome.ACCEPTED]
    assert world.evidence.tags == {other: "rejected"}
    assert session(world).evidence_state(NOW) == "ACCEPTED"


def test_hash_evidence_notes_what_was_put_over_the_accepted_sheet() -> None:
    """The sheet stays in force, and the other object is named."""
    world = waiting()
    version = sent(world, an_upload(1), PDF_BYTES)
    check(world, version)
    other = world.evidence.add(an_upload(1), b"%PDF-1.7 forged")

    assert check(world, other) is CheckOutcome.STRAY
    assert check(world, version) is CheckOutcome.UNCHANGED
    assert [note["what"] for note in notes(world)] == [
        "This object was put over an accepted sheet."
    ]


def test_hash_evidence_notes_an_object_of_an_unknown_session() -> None:
    """Nobody can have announced it; it is not downloaded."""
    world = FakeWiring()
    version = world.evidence.add(an_upload(1), PDF_BYTES)

    assert check(world, version) is CheckOutcome.STRAY
    assert world.evidence.opened == []
    assert [note["key"] for note in notes(world)] == [version.key]


def test_hash_evidence_accepts_a_sheet_whose_announcement_was_withdrawn() -> None:
    """
    Its upload seemed to fail, so that the session does not wait for it; but it is what somebody
    announced and sent.
    """
    world = waiting(pending=None)
    announce(world, an_upload(1))
    withdrawal = [FieldChange("", "pending.uploadId", an_upload(1).upload_id, None)]
    world.trail.append(SESSION_ID, Action.SHEET_WITHDRAWN, a_change(), withdrawal)

    version = world.evidence.add(an_upload(1), PDF_BYTES)

    assert check(world, version) is CheckOutcome.ACCEPTED


def test_hash_evidence_after_a_lost_race_keeps_both_changes() -> None:
    """A PATCH and a check at once are both saved, and the file is read once."""
    world = waiting()
    version = sent(world, an_upload(1), PDF_BYTES)
    patched = Snapshot(changed(session(world), "patch-8", roster_change="put-1"), ())
    world.sessions.before_write = at(1, lambda: world.sessions.put(patched))

    assert check(world, version) is CheckOutcome.ACCEPTED
    assert session(world).roster_change == "put-1"
    assert len(world.evidence.opened) == 1


def test_hash_evidence_overtaken_by_a_newer_sheet_gives_way() -> None:
    """Of two concurrent checks the newer sheet stays, in any order of writes."""
    world = waiting(2)
    old = sent(world, an_upload(1), PDF_BYTES)
    new = sent(world, an_upload(2), PDF_BYTES)
    world.sessions.before_write = at(1, lambda: check(world, new))

    assert check(world, old) is CheckOutcome.UNCHANGED
    sheet = session(world).sheet
    assert sheet is not None
    assert sheet.upload_id == an_upload(2).upload_id


def test_hash_evidence_gives_up_when_rivals_never_cease() -> None:
    """Conflicts that outlast all attempts are raised, so that the event is delivered again."""
    world = waiting()
    version = sent(world, an_upload(1), PDF_BYTES)

    def outrun() -> None:
        now = session(world)
        world.sessions.put(Snapshot(changed(now, f"r-{now.version}"), ()))

    world.sessions.before_write = always(outrun)

    with pytest.raises(Busy):
        check(world, version)


def heard(world: FakeWiring, data: dict[int, bytes]) -> Callable[[int], CheckOutcome]:
    """Store the files by minute and return a function that processes the event of one of them."""
    versions = {minute: sent(world, an_upload(minute), data[minute]) for minute in data}
    return lambda minute: check(world, versions[minute])


@given(
    st.lists(st.sampled_from([PDF_BYTES, HTML, b""]), min_size=1, max_size=4),
    st.data(),
)
def test_hash_evidence_in_any_order_ends_with_the_newest_valid_sheet(
    files: list[bytes], data: st.DataObject
) -> None:
    """Reordered and repeated events end with the same sheet and version as events in order."""
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
    """Wherever the lock falls among the events, the sheet is the newest one processed before it."""
    world = waiting(pending=None)
    hear = heard(world, dict.fromkeys(range(4), PDF_BYTES))
    for minute in order[:lock_at]:
        hear(minute)
    locked = changed(session(world), "fin-1", status=SessionStatus.COMPLETED)
    world.sessions.put(Snapshot(locked, ()))

    for minute in order:
        hear(minute)

    assert session(world) == locked
