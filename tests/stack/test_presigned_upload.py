"""POST /sessions/{sessionId}/evidence as JSON: permission to put one exact file into the bucket."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from local.samples.data import sheet_pdf, sheet_photo
from testing.api import (
    JPEG,
    a_session,
    a_sheet,
    announce,
    checked_evidence,
    described,
    hand_in,
    put_file,
    seen,
    sha256,
)
from testing.waiting import wait_until
from tests.stack.operator import Operator

pytestmark = pytest.mark.stack


def test_a_described_file_may_be_put_into_the_bucket(
    trainer: httpx.Client, admin: httpx.Client
) -> None:
    """The permission lasts minutes, and the file becomes the sheet, under its sender's name."""
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
    operator: Operator,
) -> None:
    """The permission is for the promised bytes, length, type and sender, and for nothing else."""
    session = a_session(admin)
    permission = announce(admin, session, PROMISED)

    response = put_file(permission, content, **headers)

    assert response.status_code in {400, 403}
    assert operator.versions(session) == []


def test_the_bucket_takes_a_file_only_once(admin: httpx.Client, operator: Operator) -> None:
    """A permission used twice does not replace what was put first."""
    session = a_session(admin)
    permission = announce(admin, session, PROMISED)
    put_file(permission, PROMISED).raise_for_status()

    response = put_file(permission, PROMISED)

    assert response.status_code == 412
    assert len(operator.versions(session)) == 1


def test_an_older_upload_does_not_replace_a_newer_one(
    admin: httpx.Client, operator: Operator
) -> None:
    """The time of the announcement counts, not that of the bytes."""
    session, older = a_session(admin), a_sheet()
    permission = announce(admin, session, older)
    newer = hand_in(admin, session)
    before = operator.rows(session)

    put_file(permission, older).raise_for_status()

    upload_id = permission["uploadId"]
    wait_until(upload_id, lambda: bool(operator.lines("hash_evidence", upload_id)))
    assert seen(admin, session)["evidence"] == newer
    assert operator.rows(session) == before
