"""POST /sessions/{sessionId}/evidence as JSON: permission to put one exact file into the bucket."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from local.samples.data import sheet_pdf, sheet_photo
from tests.stack.backstage import Backstage
from tests.stack.problems import (
    BEING_CHECKED,
    INVALID,
    NOT_FOUND,
    TOO_LARGE,
    UNSUPPORTED,
    Problem,
    pointers,
    problem,
)
from tests.stack.story import (
    JPEG,
    Json,
    Session,
    a_plan,
    a_session,
    a_session_to_finalize,
    a_sheet,
    announce,
    checked_evidence,
    described,
    fresh,
    hand_in,
    put_file,
    seen,
    sha256,
)
from tests.stack.waiting import wait_until

pytestmark = pytest.mark.stack

FIFTY_MEBIBYTES = 50 * 1024 * 1024


def test_a_described_file_may_be_put_into_the_bucket(
    trainer: httpx.Client, admin: httpx.Client
) -> None:
    """
    The permission lasts minutes, and what is put with it becomes the sheet, in its sender's name.
    """
    session, photo = a_session(admin), sheet_photo()

    response = trainer.post(session.evidence, json=described(photo, "Blatt 1.jpg", JPEG))

    assert response.status_code == 201
    permission = response.json()
    left = datetime.fromisoformat(permission["expiresAt"]) - datetime.now(UTC)
    assert timedelta(minutes=10) < left <= timedelta(minutes=15)
    assert permission["method"] == "PUT"
    assert put_file(permission, photo).status_code == 200
    evidence = checked_evidence(admin, session)
    assert evidence["state"] == "ACCEPTED"
    assert evidence["attendanceFileKey"] == permission["attendanceFileKey"]
    assert evidence["attendanceFileHash"] == sha256(photo)
    assert evidence["fileName"] == "Blatt 1.jpg"
    assert evidence["uploadedBy"]["name"] == "Tomasz Zielinski"


def test_an_announced_file_is_waited_for(admin: httpx.Client) -> None:
    """
    From the announcement on the session shows that a sheet is on its way.
    """
    session = a_session(admin)

    announce(admin, session, a_sheet(), fileName="scan.pdf")

    evidence = seen(admin, session)["evidence"]
    assert (evidence["state"], evidence["fileName"]) == ("PENDING", "scan.pdf")


def _checksum(content: bytes) -> str:
    """Return the SHA-256 of *content* as S3 writes it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


PROMISED = sheet_pdf()
SWAPPED = PROMISED[:-1] + b"?"
LONGER = PROMISED + b"?"


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        pytest.param(SWAPPED, {}, id="bytes"),
        pytest.param(SWAPPED, {"x_amz_checksum_sha256": _checksum(SWAPPED)}, id="checksum"),
        pytest.param(LONGER, {"content_length": str(len(LONGER))}, id="length"),
        pytest.param(PROMISED, {"content_type": JPEG}, id="type"),
        pytest.param(PROMISED, {"if_none_match": "no"}, id="overwriting"),
        pytest.param(PROMISED, {"x_amz_meta_uploaded_by_name": "Eve"}, id="sender"),
    ],
)
def test_the_bucket_refuses_any_other_file(
    content: bytes,
    headers: dict[str, str],
    admin: httpx.Client,
    backstage: Backstage,
) -> None:
    """
    The permission is for the promised bytes, length, type and sender, and for nothing else.
    """
    session = a_session(admin)
    permission = announce(admin, session, PROMISED)

    response = put_file(permission, content, **headers)

    assert response.status_code in {400, 403}
    assert backstage.versions(session) == []


def test_the_bucket_takes_a_file_only_once(admin: httpx.Client, backstage: Backstage) -> None:
    """
    A permission used twice does not replace what was put first.
    """
    session = a_session(admin)
    permission = announce(admin, session, PROMISED)
    put_file(permission, PROMISED).raise_for_status()

    response = put_file(permission, PROMISED)

    assert response.status_code == 412
    assert len(backstage.versions(session)) == 1


def test_a_file_that_lies_is_rejected_after_it_was_put(admin: httpx.Client) -> None:
    """
    A promise that was kept to the byte is still no sheet if the bytes are of another type.
    """
    session = a_session(admin)
    permission = announce(admin, session, PROMISED, contentType=JPEG)

    put_file(permission, PROMISED).raise_for_status()

    evidence = checked_evidence(admin, session)
    assert evidence["state"] == "REJECTED"
    assert "its content is application/pdf" in evidence["reason"]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"fileName": ""}, {"/fileName"}),
        ({"contentType": None}, {"/contentType"}),
        ({"sizeBytes": 0}, {"/sizeBytes"}),
        ({"sizeBytes": "12", "sha256": "ab"}, {"/sizeBytes", "/sha256"}),
        ({"sha256": "g" * 64}, {"/sha256"}),
    ],
)
def test_a_description_that_promises_nothing_is_refused(
    change: Json, wrong: set[str], admin: httpx.Client, backstage: Backstage
) -> None:
    """
    Name, type, size and hash are all needed: the bucket holds the client to them.
    """
    session = a_session(admin)
    before = backstage.state(session)

    response = admin.post(session.evidence, json=described(PROMISED) | change)

    assert problem(response) == INVALID
    assert pointers(response) == wrong
    assert backstage.state(session) == before


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"contentType": "image/gif"}, UNSUPPORTED),
        ({"contentType": "text/html"}, UNSUPPORTED),
        ({"sizeBytes": FIFTY_MEBIBYTES + 1}, TOO_LARGE),
    ],
)
def test_a_file_that_cannot_be_a_sheet_gets_no_permission(
    change: Json, refusal: Problem, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    What would be rejected anyway is refused before it is sent.
    """
    session = a_session(admin)
    before = backstage.state(session)

    response = admin.post(session.evidence, json=described(PROMISED) | change)

    assert problem(response) == refusal
    assert backstage.state(session) == before


def test_a_file_of_fifty_mebibytes_gets_permission(admin: httpx.Client) -> None:
    """
    The limit itself is allowed.
    """
    session = a_session(admin)

    response = admin.post(
        session.evidence, json=described(PROMISED) | {"sizeBytes": FIFTY_MEBIBYTES}
    )

    assert response.status_code == 201


def test_a_file_of_no_session_gets_no_permission(admin: httpx.Client, backstage: Backstage) -> None:
    """
    Nobody may put anything for a session that nobody planned.
    """
    session = Session(fresh("session"), a_plan("any"))

    response = admin.post(session.evidence, json=described(PROMISED))

    assert problem(response) == NOT_FOUND
    assert backstage.rows(session) == []


def test_a_sheet_on_its_way_holds_up_finalizing(admin: httpx.Client, backstage: Backstage) -> None:
    """
    Whoever finalizes must not be overtaken by the sheet that somebody is sending right now.
    """
    session = a_session_to_finalize(admin)
    announce(admin, session, a_sheet())
    before = backstage.state(session)

    response = admin.post(session.finalize)

    assert problem(response) == BEING_CHECKED
    assert backstage.state(session) == before
    assert seen(admin, session)["finalization"]["blockers"] == ["evidence-being-checked"]


def test_a_sheet_that_never_comes_is_waited_for_a_quarter_of_an_hour(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    An announcement that nobody kept does not block the session for ever: the old sheet counts.
    """
    session = a_session_to_finalize(admin)
    sheet = seen(admin, session)["evidence"]
    announce(admin, session, a_sheet())
    backstage.age_announcement(session)

    response = admin.post(session.finalize)

    assert response.status_code == 200
    assert seen(admin, session)["evidence"] == sheet


def test_an_older_upload_does_not_replace_a_newer_one(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    What counts is when a sheet was announced, not when its bytes came.
    """
    session, older = a_session(admin), a_sheet()
    permission = announce(admin, session, older)
    newer = hand_in(admin, session)
    before = backstage.rows(session)

    put_file(permission, older).raise_for_status()

    upload_id = permission["uploadId"]
    wait_until(upload_id, lambda: bool(backstage.lines("hash_evidence", upload_id)))
    assert seen(admin, session)["evidence"] == newer
    assert backstage.rows(session) == before
