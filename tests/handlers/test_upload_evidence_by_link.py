"""POST .../evidence with the description of a file that the client then sends to the bucket."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.handlers import steps
from tests.handlers.calls import Answer, request, send
from tests.handlers.stack import BUCKET, Stack
from tests.handlers.steps import FORKLIFT

FIFTY_MIB = 50 * 1024 * 1024
SHA256 = "0123456789abcdef" * 4
FILE = {
    "fileName": "März.tiff",
    "contentType": "image/tiff",
    "sizeBytes": 31_457_280,
    "sha256": SHA256,
}
BAD_FIELDS = [
    ("fileName", None),
    ("fileName", ""),
    ("fileName", 7),
    ("fileName", "x" * 301),
    ("fileName", "\u200b"),
    ("fileName", "sheet\0.pdf"),
    ("contentType", None),
    ("contentType", ["image/tiff"]),
    ("contentType", "i" * 101),
    ("sizeBytes", None),
    ("sizeBytes", 0),
    ("sizeBytes", -1),
    ("sizeBytes", "31457280"),
    ("sizeBytes", 1.5),
    ("sizeBytes", True),
    ("sha256", None),
    ("sha256", ""),
    ("sha256", SHA256[1:]),
    ("sha256", SHA256 + "0"),
    ("sha256", SHA256 + "\n"),
    ("sha256", "g" + SHA256[1:]),
    ("sha256", base64.b64encode(bytes.fromhex(SHA256)).decode()),
]


def describe(**fields: object) -> Answer:
    """Describe a file for the forklift day, with these *fields* changed."""
    return send("upload_evidence", "large_file", body={**FILE, **fields})


@pytest.mark.usefixtures("stack")
def test_link_permits_exactly_the_file_described() -> None:
    """The client gets a PUT and the headers it must send."""
    steps.enter()

    answer = describe()

    key = f"evidence/{FORKLIFT}/{answer.body['uploadId']}/Marz.tiff"
    assert answer.status == 201
    assert answer.headers == {"content-type": "application/json", "cache-control": "no-store"}
    assert (answer.body["method"], answer.body["attendanceFileKey"]) == ("PUT", key)
    assert answer.body["headers"] == {
        "Content-Type": "image/tiff",
        "Content-Length": "31457280",
        "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(SHA256)).decode(),
        "If-None-Match": "*",
        "x-amz-meta-sha256": SHA256,
        "x-amz-meta-file-name": "M%C3%A4rz.tiff",
        "x-amz-meta-uploaded-by-id": "1b5d8e20-6f4c-4a97-b3e1-95c7d2f08a64",
        "x-amz-meta-uploaded-by-name": "Tomasz%20Zielinski",
    }


@pytest.mark.usefixtures("stack")
def test_link_signs_every_header_it_asks_for() -> None:
    """With another length, type, checksum or newness the signature is not valid."""
    steps.enter()

    permission = describe().body

    url = urlsplit(permission["url"])
    query = parse_qs(url.query)
    assert BUCKET in url.netloc + url.path
    assert query["X-Amz-SignedHeaders"] == [
        ";".join(sorted({"host", *(name.lower() for name in permission["headers"])}))
    ]
    assert query["X-Amz-Expires"] == ["900"]


@pytest.mark.usefixtures("stack")
def test_link_expires_in_a_quarter_of_an_hour() -> None:
    """The answer says when, so that the client need not try."""
    steps.enter()
    before = datetime.now(UTC)

    answer = describe()

    expires = datetime.fromisoformat(answer.body["expiresAt"])
    assert timedelta(minutes=15) <= expires - before < timedelta(minutes=16)


@pytest.mark.usefixtures("stack")
def test_link_makes_the_session_wait_for_the_file(stack: Stack) -> None:
    """A promised sheet is waited for like one that arrived, and nothing is stored yet."""
    steps.enter()

    describe()

    view = send("view_session", session_id=FORKLIFT).body
    assert view["evidence"] == {"state": "PENDING", "fileName": "März.tiff"}
    assert view["finalization"]["blockers"] == ["evidence-being-checked"]
    assert stack.s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


@pytest.mark.parametrize(("field", "value"), BAD_FIELDS)
def test_link_for_a_bad_description_is_refused(field: str, value: object) -> None:
    """Each bad field is pointed to."""
    answer = describe(**{field: value})

    assert (answer.status, answer.pointers) == (400, [f"/{field}"])


@pytest.mark.usefixtures("stack")
def test_link_refusal_names_every_bad_field() -> None:
    """A client can correct all faults after one answer; the session does not wait for a file."""
    steps.enter()

    answer = send("upload_evidence", "large_file", body={})

    assert send("view_session", session_id=FORKLIFT).body["evidence"] == {"state": "NONE"}
    assert answer.pointers == ["/fileName", "/contentType", "/sizeBytes", "/sha256"]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("Application/PDF", "application/pdf"),
        ("application/pdf; version=1.7", "application/pdf"),
        ("image/jpg", "image/jpeg"),
        ("image/heif", "image/heic"),
    ],
)
def test_link_is_for_the_registered_name_of_a_type(given: str, used: str) -> None:
    """Types have aliases and no case; the check later compares one name."""
    steps.enter()

    assert describe(contentType=given).body["headers"]["Content-Type"] == used


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/html", "image/svg+xml", ""])
def test_link_for_another_type_is_refused(kind: str) -> None:
    """There are no bytes to tell the type, so it must be named."""
    answer = describe(contentType=kind)

    assert (answer.status, answer.slug) == (415, "unsupported-evidence")


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(("size", "status"), [(FIFTY_MIB, 201), (FIFTY_MIB + 1, 413)])
def test_link_is_for_files_up_to_the_limit(size: int, status: int) -> None:
    """A file that would be rejected is not even sent."""
    steps.enter()

    assert describe(sizeBytes=size).status == status


@pytest.mark.usefixtures("stack")
def test_link_takes_a_hash_in_capitals() -> None:
    """Hexadecimal has no case."""
    steps.enter()

    answer = describe(sha256=SHA256.upper())

    assert (
        answer.body["headers"]["x-amz-checksum-sha256"]
        == base64.b64encode(bytes.fromhex(SHA256)).decode()
    )


@pytest.mark.usefixtures("stack")
def test_link_is_asked_for_with_a_character_set_too() -> None:
    """Many clients add one to the media type."""
    steps.enter()
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}

    answer = send("upload_evidence", "large_file", headers=headers)

    assert answer.status == 201


@pytest.mark.usefixtures("stack")
def test_link_for_a_cancelled_session_is_refused() -> None:
    """A session that did not take place has no sheet."""
    steps.enter(steps.CALLED_OFF)
    changed = request("upload_evidence", "large_file", session_id=steps.CALLED_OFF)

    answer = send("upload_evidence", "large_file", session_id=steps.CALLED_OFF)

    assert (answer.status, answer.body["instance"]) == (409, changed["path"])
