"""S3 tells that a sheet has arrived."""

from hashlib import sha256

import pytest

from local import samples
from tests.handlers import steps
from tests.handlers.calls import Json, invoke, sample, send
from tests.handlers.conftest import Change, Console
from tests.handlers.stack import BUCKET, Stack
from tests.handlers.steps import CALLED_OFF, FORKLIFT, PDF, WORKING_AT_HEIGHT, arrival

FATES = {
    "a PDF": (PDF, "application/pdf", "ACCEPTED"),
    "a JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", "ACCEPTED"),
    "a text named a PDF": (b"hello", "application/pdf", "REJECTED"),
    "a JPEG named a PDF": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "application/pdf", "REJECTED"),
}


def uploaded(session_id: str = FORKLIFT, content: bytes = PDF, kind: str = "") -> str:
    """Upload a sheet for a session, and return its key."""
    return str(steps.upload(session_id, content, kind=kind).body["attendanceFileKey"])


def evidence(session_id: str = FORKLIFT) -> Json:
    """Return what everybody sees of the session's sheet."""
    body: Json = send("view_session", session_id=session_id).body["evidence"]
    return body


def labels(stack: Stack, key: str) -> dict[str, str]:
    """Return the labels of an object."""
    tags = stack.s3.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]
    return {tag["Key"]: tag["Value"] for tag in tags}


def together(*events: Json) -> Json:
    """Put several arrivals into one notification."""
    return {"Records": [record for event in events for record in event["Records"]]}


def test_hash_is_that_of_the_bytes_that_arrived(stack: Stack) -> None:
    """The session shows the exact version and the SHA-256 of what was signed."""
    steps.enter()
    key = uploaded(content=samples.sheet_pdf())
    event = arrival(stack, key)

    result = invoke("hash_evidence", event)

    shown = evidence()
    assert result is None
    assert shown["state"] == "ACCEPTED"
    assert shown["attendanceFileHash"] == sha256(samples.sheet_pdf()).hexdigest()
    assert shown["attendanceFileVersionId"] == event["Records"][0]["s3"]["object"]["versionId"]
    assert shown["sizeBytes"] == len(samples.sheet_pdf())
    assert shown["uploadedBy"]["name"] == "Tomasz Zielinski"


@pytest.mark.parametrize(("content", "kind", "state"), FATES.values(), ids=FATES)
def test_hash_judges_by_the_bytes(stack: Stack, content: bytes, kind: str, state: str) -> None:
    """A file must be what it claims to be; if not, the reason is there to read."""
    steps.enter()
    key = uploaded(content=content, kind=kind)

    invoke("hash_evidence", arrival(stack, key))

    assert evidence()["state"] == state
    assert ("reason" in evidence()) is (state == "REJECTED")
    assert labels(stack, key) == ({"evidence": "rejected"} if state == "REJECTED" else {})


def test_hash_refuses_a_file_over_the_limit(stack: Stack, change_environment: Change) -> None:
    """The limit is a setting; a file above it is refused in words."""
    steps.enter()
    key = uploaded()
    change_environment("EVIDENCE_MAX_BYTES", "10")

    invoke("hash_evidence", arrival(stack, key))

    assert "at most" in evidence()["reason"]


def test_hash_of_s3s_own_test_event_is_nothing(stack: Stack, console: Console) -> None:
    """When notifications are set up, S3 sends an event without records."""
    result = invoke("hash_evidence", sample("hash_evidence", "test_event"))

    assert result is None
    assert (console.text, stack.items("Sessions")) == ("", [])


def test_hash_decodes_the_key(stack: Stack) -> None:
    """S3 encodes keys as a query string does, so a blank is a plus."""
    steps.enter(steps.UPCOMING)
    event = sample("hash_evidence", "url_encoded_key")
    found = event["Records"][0]["s3"]["object"]
    stored = stack.s3.put_object(
        Bucket=BUCKET,
        Key=found["key"].replace("+", " ").replace("%28", "(").replace("%29", ")"),
        Body=PDF,
        ContentType="application/pdf",
    )
    found["versionId"] = stored["VersionId"]

    invoke("hash_evidence", event)

    assert evidence(steps.UPCOMING)["state"] == "ACCEPTED"


def test_hash_of_a_repeated_notification_changes_nothing(stack: Stack) -> None:
    """S3 may tell twice; the second time finds everything done."""
    steps.enter()
    event = arrival(stack, uploaded())
    invoke("hash_evidence", event)
    before = send("view_session", session_id=FORKLIFT).etag

    invoke("hash_evidence", event)

    assert send("view_session", session_id=FORKLIFT).etag == before


def test_hash_in_the_wrong_order_keeps_the_newest(stack: Stack) -> None:
    """News of an older sheet that comes late does not replace the newer one."""
    steps.enter()
    older, newer = (uploaded(content=PDF + page) for page in (b"1", b"2"))

    invoke("hash_evidence", arrival(stack, newer))
    invoke("hash_evidence", arrival(stack, older))

    assert evidence()["attendanceFileKey"] == newer


def test_hash_of_a_rejected_file_leaves_the_sheet_in_force(stack: Stack) -> None:
    """A later mistake does not undo a good sheet, but it is shown."""
    steps.enter()
    good = steps.hand_in(stack)

    invoke("hash_evidence", arrival(stack, uploaded(content=b"not a PDF")))

    assert evidence()["state"] == "REJECTED"
    assert evidence()["attendanceFileKey"] == good


def test_hash_after_the_lock_touches_nothing(stack: Stack) -> None:
    """A sheet that comes late is kept and labelled; the records rest on the one before."""
    steps.make_ready(stack, FORKLIFT)
    late = f"evidence/{FORKLIFT}/99991231T235959999999Z-8c1f0a3be77d2460/late.pdf"
    stack.s3.put_object(Bucket=BUCKET, Key=late, Body=PDF, ContentType="application/pdf")
    steps.finalize(FORKLIFT)
    before = evidence()

    invoke("hash_evidence", arrival(stack, late))

    assert evidence() == before
    assert labels(stack, late) == {"evidence": "late"}


def test_hash_of_one_bad_arrival_lets_the_others_through(stack: Stack, console: Console) -> None:
    """All have their turn before the failure is raised, so that S3 tells again."""
    for session_id in (FORKLIFT, WORKING_AT_HEIGHT):
        steps.enter(session_id)
    first, third = (arrival(stack, uploaded(s)) for s in (FORKLIFT, WORKING_AT_HEIGHT))
    second = arrival(stack, uploaded())
    del second["Records"][0]["s3"]["object"]["versionId"]

    with pytest.raises(ExceptionGroup, match="sheets could not be checked") as failed:
        invoke("hash_evidence", together(first, second, third))

    assert [type(failure) for failure in failed.value.exceptions] == [KeyError]
    assert evidence(WORKING_AT_HEIGHT)["state"] == "ACCEPTED"
    assert console.counted("EvidenceAccepted") == [1, 1]


@pytest.mark.parametrize(
    "key",
    [
        "evidence/sheet.pdf",
        f"backup/{FORKLIFT}/20261112T151204318406Z-8c1f0a3be77d2460/sheet.pdf",
        f"evidence/{FORKLIFT}/20261112T151204318406Z-8c1f0a3be77d2460/folder/sheet.pdf",
        f"evidence/{steps.UNKNOWN}/20261112T151204318406Z-8c1f0a3be77d2460/sheet.pdf",
    ],
)
def test_hash_of_what_is_no_sheet_of_ours_is_nothing(stack: Stack, key: str) -> None:
    """An object that somebody put there by hand changes no session."""
    steps.enter()
    stack.s3.put_object(Bucket=BUCKET, Key=key, Body=PDF, ContentType="application/pdf")

    invoke("hash_evidence", arrival(stack, key))

    assert evidence() == {"state": "NONE"}


def test_hash_of_a_version_that_is_gone_is_nothing(stack: Stack) -> None:
    """A version that was removed before its turn is nobody's sheet."""
    steps.enter()
    key = uploaded()
    event = arrival(stack, key)
    found = event["Records"][0]["s3"]["object"]
    stack.s3.delete_object(Bucket=BUCKET, Key=key, VersionId=found["versionId"])

    invoke("hash_evidence", event)

    assert evidence()["state"] == "PENDING"


def test_hash_for_a_session_called_off_meanwhile_labels_the_sheet(stack: Stack) -> None:
    """A cancelled session takes no sheet, not even one that was on its way."""
    steps.enter(CALLED_OFF)
    session = samples.sessions()[CALLED_OFF]
    send("register_session", session_id=CALLED_OFF, body={**session, "status": "SCHEDULED"})
    key = uploaded(CALLED_OFF)
    send("register_session", session_id=CALLED_OFF, body=session)

    invoke("hash_evidence", arrival(stack, key))

    assert labels(stack, key) == {"evidence": "late"}
    assert "attendanceFileKey" not in evidence(CALLED_OFF)
