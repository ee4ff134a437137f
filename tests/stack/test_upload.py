"""POST /sessions/{sessionId}/evidence as multipart: the signed sheet, sent through the API."""

import httpx
import pytest

from local.samples.data import sheet_pdf, sheet_photo
from testing.api import (
    JPEG,
    PDF,
    a_session,
    a_sheet,
    checked_evidence,
    file_part,
    hand_in,
    seen,
    sha256,
)
from tests.stack.operator import Operator

pytestmark = pytest.mark.stack

FOUR_MEBIBYTES = 4 * 1024 * 1024


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [("sheet.pdf", sheet_pdf(), PDF), ("IMG_0042.jpg", sheet_photo(), JPEG)],
    ids=["pdf", "photo"],
)
def test_a_sheet_is_accepted_with_its_hash(
    name: str,
    content: bytes,
    content_type: str,
    trainer: httpx.Client,
    admin: httpx.Client,
) -> None:
    """The file is received at once, checked soon after, and shown with the SHA-256 of its bytes."""
    session = a_session(admin)

    response = trainer.post(session.evidence, files=file_part(content, name, content_type))

    assert response.status_code == 202
    assert response.json()["state"] == "PENDING"
    evidence = checked_evidence(admin, session)
    assert evidence["state"] == "ACCEPTED"
    assert evidence["attendanceFileKey"] == response.json()["attendanceFileKey"]
    assert evidence["attendanceFileHash"] == sha256(content)
    assert evidence["sizeBytes"] == len(content)
    assert evidence["contentType"] == content_type
    assert evidence["fileName"] == name
    assert evidence["uploadedBy"]["name"] == "Tomasz Zielinski"


@pytest.mark.parametrize(
    ("name", "stored_as"),
    [
        ("Anwesenheit März, Ümit.pdf", "Anwesenheit-Marz-Umit.pdf"),
        ("100 % sure; signed+scanned.pdf", "100-sure-signed-scanned.pdf"),
    ],
)
def test_a_file_keeps_its_name_and_gets_a_safe_key(
    name: str, stored_as: str, admin: httpx.Client
) -> None:
    """People find their file under its original name; the key in the bucket is harmless."""
    session = a_session(admin)

    response = admin.post(session.evidence, files=file_part(a_sheet(), name))

    assert response.status_code == 202
    upload_id = response.json()["uploadId"]
    evidence = checked_evidence(admin, session)
    assert evidence["state"] == "ACCEPTED"
    assert evidence["attendanceFileKey"] == f"evidence/{session.session_id}/{upload_id}/{stored_as}"
    assert evidence["fileName"] == name


def test_a_file_that_is_not_what_it_claims_is_rejected(
    admin: httpx.Client, operator: Operator
) -> None:
    """
    The bytes decide; the admin reads why, the file is tagged for deletion, and
    Finalize is refused.
    """
    session = a_session(admin)

    response = admin.post(session.evidence, files=file_part(sheet_photo(), "sheet", PDF))

    assert response.status_code == 202
    evidence = checked_evidence(admin, session)
    assert evidence["state"] == "REJECTED"
    assert "its content is image/jpeg" in evidence["reason"]
    assert evidence["fileName"] == "sheet"
    assert "attendanceFileHash" not in evidence
    assert seen(admin, session)["finalization"]["blockers"] == ["evidence-missing"]
    key = response.json()["attendanceFileKey"]
    assert operator.tags(session, key) == {"evidence": "rejected"}


def test_a_sheet_of_four_mebibytes_is_taken(admin: httpx.Client) -> None:
    """A request through the API may be this large, to the last byte."""
    session = a_session(admin)
    sheet = sheet_pdf().ljust(FOUR_MEBIBYTES)

    evidence = hand_in(admin, session, sheet)

    assert (evidence["state"], evidence["sizeBytes"]) == ("ACCEPTED", FOUR_MEBIBYTES)
    assert evidence["attendanceFileHash"] == sha256(sheet)
