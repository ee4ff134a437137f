"""POST .../evidence with the file itself, as a browser's form sends it."""

from urllib.parse import unquote

import pytest

from tests.handlers import steps
from tests.handlers.calls import Answer, Json, call, request, send
from tests.handlers.stack import BUCKET, Stack
from tests.handlers.steps import BOUNDARY, CALLED_OFF, FORKLIFT, MULTIPART, PDF, form, part

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
FOUR_MIB = 4 * 1024 * 1024

NOT_ONE_FILE = {
    "no part": form(),
    "another name": form(part(PDF, field="sheet")),
    "two files": form(part(PDF), part(PDF)),
    "a second file of another name": form(part(PDF), part(PDF, field="sheet")),
    "text instead of a file": form(b'Content-Disposition: form-data; name="file"\r\n\r\nhello'),
}
UNREADABLE = {
    "another boundary": (MULTIPART, form(part(PDF)).replace(BOUNDARY.encode(), b"----Other")),
    "no boundary": ("multipart/form-data", form(part(PDF))),
    "no form at all": (MULTIPART, PDF),
    "cut off": (MULTIPART, form(part(PDF))[:-60]),
    "nothing": (MULTIPART, b""),
    "part without a name": (MULTIPART, form(b"Content-Type: application/pdf\r\n\r\n%PDF-1.7")),
    "broken base64": (MULTIPART, form(b"Content-Transfer-Encoding: base64\r\n" + part(b"%PDF"))),
    "too many headers": (MULTIPART, form(b"X: y\r\n" * 100 + part(PDF))),
}
NAMES = {
    "sheet.pdf": "sheet.pdf",
    "sign-in sheet (2).PDF": "sign-in-sheet-2-.PDF",
    "Anwesenheit März.pdf": "Anwesenheit-Marz.pdf",
    "../../courses/x.pdf": "x.pdf",
    "C:\\\\Scans\\\\sheet.pdf": "sheet.pdf",
    "签到表": "sheet",
    "..": "sheet",
}


def post(body: bytes, content_type: str = MULTIPART) -> Answer:
    """Send a body for the forklift day."""
    return send("upload_evidence", body=body, headers={"Content-Type": content_type})


def evidence() -> Json:
    """Return the sheet in the session's view."""
    body: Json = send("view_session", session_id=FORKLIFT).body["evidence"]
    return body


def objects(stack: Stack) -> list[str]:
    """Return the names of all objects in the bucket."""
    listed = stack.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [found["Key"] for found in listed]


def test_upload_is_received_and_still_to_be_checked(stack: Stack) -> None:
    """The answer names the upload; the session waits for the check and shows it."""
    steps.enter()

    answer = send("upload_evidence")

    assert answer.status == 202
    assert answer.headers == {"content-type": "application/json", "cache-control": "no-store"}
    assert answer.body["state"] == "PENDING"
    assert objects(stack) == [answer.body["attendanceFileKey"]]
    assert evidence() == {"state": "PENDING", "fileName": "forklift sign-in sheet.pdf"}


def test_upload_is_stored_byte_for_byte_with_who_sent_it(stack: Stack) -> None:
    """The object has the bytes, their type and SHA-256, the sender and the file name."""
    steps.enter()
    key = str(steps.upload(content=JPEG, name="März.jpg", kind="image/jpg").body["uploadId"])

    (stored,) = objects(stack)
    found = stack.s3.get_object(Bucket=BUCKET, Key=stored, ChecksumMode="ENABLED")

    assert stored == f"evidence/{FORKLIFT}/{key}/Marz.jpg"
    assert (found["Body"].read(), found["ContentType"]) == (JPEG, "image/jpeg")
    assert found["ChecksumSHA256"]
    assert unquote(found["Metadata"]["file-name"]) == "März.jpg"
    assert unquote(found["Metadata"]["uploaded-by-name"]) == "Tomasz Zielinski"


def test_upload_is_read_as_plain_text_too(stack: Stack) -> None:
    """A gateway that does not treat the body as binary passes it as text."""
    steps.enter()

    answer = send(
        "upload_evidence", body=form(part(PDF)).decode(), headers={"Content-Type": MULTIPART}
    )

    assert answer.status == 202
    assert stack.s3.head_object(Bucket=BUCKET, Key=objects(stack)[0])["ContentLength"] == len(PDF)


def test_upload_that_did_not_arrive_whole_is_refused(stack: Stack) -> None:
    """A body that is marked as base64 and is none was damaged on its way."""
    event = request("upload_evidence") | {"body": "%PDF-1.7", "isBase64Encoded": True}

    answer = call("upload_evidence", event)

    assert answer.status == 400
    assert objects(stack) == []


@pytest.mark.parametrize("body", NOT_ONE_FILE.values(), ids=NOT_ONE_FILE)
def test_upload_needs_exactly_one_file(body: bytes) -> None:
    """It is the part named file: with two it would be chance which one is evidence."""
    answer = post(body)

    assert (answer.status, answer.pointers) == (400, ["/file"])
    assert "file" in answer.body["detail"]


@pytest.mark.parametrize(("content_type", "body"), UNREADABLE.values(), ids=UNREADABLE)
def test_upload_that_is_no_form_is_refused(content_type: str, body: bytes) -> None:
    """A client has to send a body that can be read."""
    answer = post(body, content_type)

    assert (answer.status, answer.pointers) == (400, ["/file"])


@pytest.mark.usefixtures("stack")
def test_upload_may_come_with_text_fields() -> None:
    """A form may hold more than the file, such as a comment."""
    steps.enter()
    comment = b'Content-Disposition: form-data; name="comment"\r\n\r\nsecond page missing'

    answer = post(form(comment, part(PDF, kind="application/pdf"), comment))

    assert answer.status == 202


def test_upload_of_an_empty_file_is_refused(stack: Stack) -> None:
    """An empty scan proves nothing."""
    steps.enter()

    answer = steps.upload(content=b"")

    assert (answer.status, answer.pointers) == (400, ["/file"])
    assert "empty" in answer.body["detail"]
    assert objects(stack) == []


def test_upload_of_a_file_that_is_too_large_points_to_the_other_way(stack: Stack) -> None:
    """The bucket takes such a file directly, and the refusal says how."""
    steps.enter()

    answer = steps.upload(content=PDF.ljust(FOUR_MIB + 1))

    assert (answer.status, answer.slug) == (413, "evidence-too-large")
    assert "as JSON {fileName, contentType, sizeBytes, sha256}" in answer.body["detail"]
    assert objects(stack) == []


@pytest.mark.usefixtures("stack")
def test_upload_of_the_largest_file_is_received() -> None:
    """Four MiB are accepted."""
    steps.enter()

    assert steps.upload(content=PDF.ljust(FOUR_MIB)).status == 202


@pytest.mark.parametrize("kind", ["application/octet-stream", "Application/Octet-Stream", ""])
def test_upload_of_unknown_type_is_told_by_its_bytes(stack: Stack, kind: str) -> None:
    """Some browsers do not know the type of a phone's HEIC picture; its first bytes tell."""
    steps.enter()

    answer = post(form(part(HEIC, "IMG_4711.HEIC", kind)))

    key = answer.body["attendanceFileKey"]
    assert stack.s3.head_object(Bucket=BUCKET, Key=key)["ContentType"] == "image/heic"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/octet-stream", b"MZ\x90\x00"),
        ("", b"hello"),
        ("text/html", PDF),
        ("image/svg+xml", b"<svg/>"),
        ("application/zip", b"PK\x03\x04"),
        ("pdf", PDF),
    ],
)
def test_upload_of_another_type_is_refused(kind: str, content: bytes) -> None:
    """A sheet is a PDF or a picture."""
    answer = post(form(part(content, "sheet", kind)))

    assert (answer.status, answer.slug) == (415, "unsupported-evidence")
    assert "PDF" in answer.body["detail"]


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/pdf", "multipart/mixed"])
def test_upload_in_another_form_is_refused(content_type: str) -> None:
    """The refusal names the two content types."""
    answer = post(PDF, content_type)

    assert answer.status == 415
    assert "multipart/form-data" in answer.body["detail"]
    assert "application/json" in answer.body["detail"]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("name", ["content-type", "CONTENT-TYPE"])
def test_upload_is_read_with_its_header_in_any_case(name: str) -> None:
    """Names of headers have no case, and neither have media types."""
    steps.enter()
    event = request("upload_evidence", body=form(part(PDF, kind="application/pdf")))
    del event["headers"]["Content-Type"]
    event["headers"][name] = MULTIPART.replace("multipart", "Multipart")
    del event["multiValueHeaders"]

    assert call("upload_evidence", event).status == 202


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(("sent", "stored"), NAMES.items())
def test_upload_is_named_harmlessly(sent: str, stored: str) -> None:
    """For any name of a file, its key has four parts and plain characters."""
    steps.enter()

    key = steps.upload(name=sent).body["attendanceFileKey"]

    assert key.split("/")[3:] == [stored]
    assert key.isascii()


@pytest.mark.usefixtures("stack")
def test_upload_with_a_very_long_name_is_received() -> None:
    """A name is shortened for the key, not refused."""
    steps.enter()

    answer = steps.upload(name=f"{'x' * 1_000}.pdf")

    assert answer.status == 202
    assert answer.body["attendanceFileKey"].endswith("xxx.pdf")


def test_upload_to_a_cancelled_session_is_refused(stack: Stack) -> None:
    """The session's status is checked before anything is stored."""
    steps.enter(CALLED_OFF)

    answer = send("upload_evidence", "cancelled_session")

    assert (answer.status, answer.slug) == (409, "session-cancelled")
    assert objects(stack) == []


def test_upload_that_could_not_be_stored_is_not_waited_for(stack: Stack) -> None:
    """A session does not wait a quarter of an hour for a file that does not exist."""
    steps.enter()
    stack.s3.delete_bucket(Bucket=BUCKET)

    answer = send("upload_evidence")

    assert answer.status == 500
    assert evidence() == {"state": "NONE"}
