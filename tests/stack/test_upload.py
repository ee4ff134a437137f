"""POST /sessions/{sessionId}/evidence as multipart: the signed sheet, sent through the API."""

import httpx
import pytest

from local.samples.data import sheet_pdf, sheet_photo
from tests.stack.backstage import Backstage
from tests.stack.problems import (
    INVALID,
    NOT_FOUND,
    TOO_LARGE,
    UNSUPPORTED,
    pointers,
    problem,
)
from tests.stack.story import (
    JPEG,
    PDF,
    Json,
    Session,
    a_plan,
    a_session,
    a_sheet,
    checked_evidence,
    file_part,
    fresh,
    hand_in,
    records,
    seen,
    sha256,
)

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
    """
    The file is taken at once, checked soon after, and known by the SHA-256 of its bytes.
    """
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


def test_an_uploaded_sheet_creates_no_records(admin: httpx.Client, backstage: Backstage) -> None:
    """
    Evidence is not a decision: records come from Finalize alone (spec §4 A).
    """
    session = a_session(admin)

    hand_in(admin, session)

    assert records(admin, session) == {}
    assert backstage.records(session) == []


@pytest.mark.parametrize(
    ("name", "stored_as"),
    [
        ("sign in sheet.pdf", "sign-in-sheet.pdf"),
        ("Anwesenheit März, Ümit.pdf", "Anwesenheit-Marz-Umit.pdf"),
        ("出席表.pdf", "pdf"),
        ("../../etc/passwd", "passwd"),
        ("100 % sure; signed+scanned.pdf", "100-sure-signed-scanned.pdf"),
    ],
)
def test_a_file_keeps_its_name_and_gets_a_safe_key(
    name: str, stored_as: str, admin: httpx.Client
) -> None:
    """
    People find their file under the name they gave it; the bucket gets a harmless one.
    """
    session = a_session(admin)

    response = admin.post(session.evidence, files=file_part(a_sheet(), name))

    assert response.status_code == 202
    upload_id = response.json()["uploadId"]
    evidence = checked_evidence(admin, session)
    assert evidence["state"] == "ACCEPTED"
    assert evidence["attendanceFileKey"] == f"evidence/{session.session_id}/{upload_id}/{stored_as}"
    assert evidence["fileName"] == name


def test_a_type_that_the_client_does_not_know_is_found_out(admin: httpx.Client) -> None:
    """
    A browser that cannot name the type sends a file as unknown; its bytes tell what it is.
    """
    session = a_session(admin)

    admin.post(
        session.evidence, files=file_part(sheet_photo(), "photo", "application/octet-stream")
    )

    evidence = checked_evidence(admin, session)
    assert (evidence["state"], evidence["contentType"]) == ("ACCEPTED", JPEG)


@pytest.mark.parametrize(
    ("content", "claim", "reason"),
    [
        (sheet_pdf(), JPEG, "claims to be image/jpeg, but its content is application/pdf"),
        (sheet_photo(), PDF, "claims to be application/pdf, but its content is image/jpeg"),
        (b"Dear sirs, all were there.", PDF, "neither a PDF nor a picture"),
    ],
    ids=["pdf as photo", "photo as pdf", "letter as pdf"],
)
def test_a_file_that_is_not_what_it_claims_is_rejected(
    content: bytes,
    claim: str,
    reason: str,
    admin: httpx.Client,
    backstage: Backstage,
) -> None:
    """
    The bytes decide, the admin reads why, the file is marked for deletion, and Finalize stays shut.
    """
    session = a_session(admin)

    response = admin.post(session.evidence, files=file_part(content, "sheet", claim))

    assert response.status_code == 202
    evidence = checked_evidence(admin, session)
    assert evidence["state"] == "REJECTED"
    assert reason in evidence["reason"]
    assert evidence["fileName"] == "sheet"
    assert "attendanceFileHash" not in evidence
    assert seen(admin, session)["finalization"]["blockers"] == ["evidence-missing"]
    key = response.json()["attendanceFileKey"]
    assert backstage.tags(session, key) == {"evidence": "rejected"}


def test_a_rejected_file_leaves_the_accepted_sheet_in_force(admin: httpx.Client) -> None:
    """
    A bad second upload takes nothing away: the reason is shown beside the sheet that counts.
    """
    session = a_session(admin)
    accepted = hand_in(admin, session)

    rejected = hand_in(admin, session, b"no sheet at all")

    assert rejected["state"] == "REJECTED"
    assert rejected["reason"]
    assert rejected["attendanceFileHash"] == accepted["attendanceFileHash"]
    assert seen(admin, session)["finalization"]["allowed"] is True


def test_a_new_sheet_replaces_the_old_one(admin: httpx.Client, backstage: Backstage) -> None:
    """
    Before Finalize the latest sheet counts, and every one that ever came is kept.
    """
    session = a_session(admin)
    first = hand_in(admin, session)
    sheet = a_sheet()

    second = hand_in(admin, session, sheet)

    assert second["attendanceFileHash"] == sha256(sheet) != first["attendanceFileHash"]
    stored = {key for key, _ in backstage.versions(session)}
    assert stored == {first["attendanceFileKey"], second["attendanceFileKey"]}


@pytest.mark.parametrize(
    "parts",
    [
        {"sheet": ("sheet.pdf", b"%PDF-1.7", PDF)},
        {"file": ("sheet.pdf", b"", PDF)},
        [("file", ("a.pdf", b"%PDF-1.7", PDF)), ("file", ("b.pdf", b"%PDF-1.7", PDF))],
        [("file", ("a.pdf", b"%PDF-1.7", PDF)), ("more", ("b.pdf", b"%PDF-1.7", PDF))],
    ],
)
def test_a_form_without_exactly_one_file_is_refused(
    parts: Json, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    One form carries one file, in the part named "file", and it is not empty.
    """
    session = a_session(admin)
    before = backstage.state(session)

    response = admin.post(session.evidence, files=parts)

    assert problem(response) == INVALID
    assert pointers(response) == {"/file"}
    assert backstage.state(session) == before


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"no boundary in here"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"'),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(
    header: str, body: bytes, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    A form that arrived in pieces is refused as such, and nothing waits for a file.
    """
    session = a_session(admin)
    before = backstage.state(session)

    response = admin.post(session.evidence, content=body, headers={"Content-Type": header})

    assert problem(response) == INVALID
    assert backstage.state(session) == before


@pytest.mark.parametrize("content_type", ["text/plain", "image/gif", "application/zip"])
def test_a_file_of_a_type_that_is_no_sheet_is_refused(
    content_type: str, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    A sheet is a PDF or a picture of paper; anything else is not even stored.
    """
    session = a_session(admin)
    before = backstage.state(session)

    response = admin.post(session.evidence, files=file_part(b"GIF89a", "sheet", content_type))

    assert problem(response) == UNSUPPORTED
    assert backstage.state(session) == before


@pytest.mark.parametrize("content_type", ["application/pdf", "text/plain", ""])
def test_a_bare_body_is_refused(
    content_type: str, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    There are two forms of this call, and a file without either is none of them.
    """
    session = a_session(admin)
    before = backstage.state(session)

    response = admin.post(
        session.evidence, content=sheet_pdf(), headers={"Content-Type": content_type}
    )

    assert problem(response) == UNSUPPORTED
    assert backstage.state(session) == before


def test_a_sheet_of_four_mebibytes_is_taken(admin: httpx.Client) -> None:
    """
    What a request through the API carries is taken to the last byte.
    """
    session = a_session(admin)
    sheet = sheet_pdf().ljust(FOUR_MEBIBYTES)

    evidence = hand_in(admin, session, sheet)

    assert (evidence["state"], evidence["sizeBytes"]) == ("ACCEPTED", FOUR_MEBIBYTES)
    assert evidence["attendanceFileHash"] == sha256(sheet)


def test_a_larger_sheet_is_sent_to_the_other_form(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    One byte more is refused, in words that lead to the form that takes it.
    """
    session = a_session(admin)
    before = backstage.state(session)

    response = admin.post(session.evidence, files=file_part(sheet_pdf().ljust(FOUR_MEBIBYTES + 1)))

    assert problem(response) == TOO_LARGE
    assert "{fileName, contentType, sizeBytes, sha256}" in response.json()["detail"]
    assert backstage.state(session) == before


def test_a_sheet_of_no_session_is_refused(admin: httpx.Client, backstage: Backstage) -> None:
    """
    A sheet belongs to a session, and nothing is stored for one that nobody planned.
    """
    session = Session(fresh("session"), a_plan("any"))

    response = admin.post(session.evidence, files=file_part(a_sheet()))

    assert problem(response) == NOT_FOUND
    assert backstage.versions(session) == []
