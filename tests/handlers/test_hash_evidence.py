"""The event of S3 that a sheet has arrived."""

import json
from hashlib import sha256

import pytest

from local import samples
from testing.environment import ENVIRONMENT
from tests.handlers import steps
from tests.handlers.calls import Json, invoke, sample, send
from tests.handlers.conftest import Change, Console
from tests.handlers.stack import BUCKET, Stack
from tests.handlers.steps import CALLED_OFF, FORKLIFT, PDF, WORKING_AT_HEIGHT, arrival

OUTCOMES = {
    "a PDF": (PDF, "application/pdf", "ACCEPTED"),
    "a JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", "ACCEPTED"),
    "a text named a PDF": (b"hello", "application/pdf", "REJECTED"),
    "a JPEG named a PDF": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "application/pdf", "REJECTED"),
}


def uploaded(session_id: str = FORKLIFT, content: bytes = PDF, kind: str = "") -> str:
    """Upload a sheet for a session, and return its key."""
    return str(steps.upload(session_id, content, kind=kind).body["attendanceFileKey"])


def evidence(session_id: str = FORKLIFT) -> Json:
    """Return the sheet in the session's view."""
    body: Json = send("view_session", session_id=session_id).body["evidence"]
    return body


def tags(stack: Stack, key: str) -> dict[str, str]:
    """Return the tags of an object."""
    tags = stack.s3.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]
    return {tag["Key"]: tag["Value"] for tag in tags}


def notes(stack: Stack, session_id: str = FORKLIFT) -> list[Json]:
    """Return the notes of objects in the session's folder that nobody announced."""
    found = stack.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"tampering/{session_id}/")
    return [
        json.load(stack.s3.get_object(Bucket=BUCKET, Key=note["Key"])["Body"])
        for note in found.get("Contents", [])
    ]


def let_it_time_out(stack: Stack) -> None:
    """Wait no longer for the upload that was announced."""
    stack.dynamodb.update_item(
        TableName=ENVIRONMENT["SESSIONS_TABLE"],
        Key={"sessionId": {"S": FORKLIFT}, "item": {"S": "SESSION"}},
        UpdateExpression="REMOVE pendingUpload",
    )


def together(*events: Json) -> Json:
    """Put several objects into one notification."""
    return {"Records": [record for event in events for record in event["Records"]]}


def test_hash_is_that_of_the_bytes_that_arrived(stack: Stack) -> None:
    """The session shows the exact version and the SHA-256 of its bytes."""
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


def test_hash_keeps_a_name_that_the_object_has_no_room_for(stack: Stack) -> None:
    """S3 takes 2 KB about an object; session and download have the whole name all the same."""
    steps.enter()
    name = f"{'名' * 226}.pdf"
    key = str(steps.upload(name=name).body["attendanceFileKey"])

    invoke("hash_evidence", arrival(stack, key))

    said = stack.s3.head_object(Bucket=BUCKET, Key=key)["Metadata"]
    assert sum(len(part) + len(value) for part, value in said.items()) < 2048
    assert evidence()["fileName"] == name
    assert send("view_session", "evidence", session_id=FORKLIFT).body["fileName"] == name


@pytest.mark.parametrize(("content", "kind", "state"), OUTCOMES.values(), ids=OUTCOMES)
def test_hash_judges_by_the_bytes(stack: Stack, content: bytes, kind: str, state: str) -> None:
    """A file must have the type it claims; if not, the reason is shown."""
    steps.enter()
    key = uploaded(content=content, kind=kind)

    invoke("hash_evidence", arrival(stack, key))

    assert evidence()["state"] == state
    assert ("reason" in evidence()) is (state == "REJECTED")
    assert tags(stack, key) == ({"evidence": "rejected"} if state == "REJECTED" else {})


def test_hash_refuses_a_file_over_the_limit(stack: Stack, change_environment: Change) -> None:
    """The limit is a setting; the refusal of a file above it is a text."""
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
    """S3 encodes keys like a query string, so a blank is a plus; the object is found and named."""
    steps.enter(steps.UPCOMING)
    event = sample("hash_evidence", "url_encoded_key")
    found = event["Records"][0]["s3"]["object"]
    key = found["key"].replace("+", " ").replace("%28", "(").replace("%29", ")")
    stored = stack.s3.put_object(Bucket=BUCKET, Key=key, Body=PDF, ContentType="application/pdf")
    found["versionId"] = stored["VersionId"]

    invoke("hash_evidence", event)

    assert [note["key"] for note in notes(stack, steps.UPCOMING)] == [key]


def test_hash_of_a_repeated_notification_changes_nothing(stack: Stack) -> None:
    """S3 may send an event twice; the second one changes nothing."""
    steps.enter()
    event = arrival(stack, uploaded())
    invoke("hash_evidence", event)
    before = send("view_session", session_id=FORKLIFT).etag

    invoke("hash_evidence", event)

    assert send("view_session", session_id=FORKLIFT).etag == before


def test_hash_in_the_wrong_order_keeps_the_newest(stack: Stack) -> None:
    """A late event of an older sheet does not replace the newer one."""
    steps.enter()
    older, newer = (uploaded(content=PDF + page) for page in (b"1", b"2"))

    invoke("hash_evidence", arrival(stack, newer))
    invoke("hash_evidence", arrival(stack, older))

    assert evidence()["attendanceFileKey"] == newer


def test_hash_of_a_rejected_file_leaves_the_sheet_in_force(stack: Stack) -> None:
    """A later mistake does not remove a good sheet, but it is shown."""
    steps.enter()
    good = steps.hand_in(stack)

    invoke("hash_evidence", arrival(stack, uploaded(content=b"not a PDF")))

    assert evidence()["state"] == "REJECTED"
    assert evidence()["attendanceFileKey"] == good


def test_hash_after_the_lock_touches_nothing(stack: Stack) -> None:
    """A late sheet is stored and tagged; the records rest on the one before."""
    steps.make_ready(stack, FORKLIFT)
    late = uploaded()
    let_it_time_out(stack)
    steps.finalize(FORKLIFT)
    before = evidence()

    invoke("hash_evidence", arrival(stack, late))

    assert evidence() == before
    assert tags(stack, late) == {"evidence": "late"}


def test_hash_of_one_bad_arrival_lets_the_others_through(stack: Stack, console: Console) -> None:
    """All others are processed before the failure is raised, so that S3 sends the event again."""
    for session_id in (FORKLIFT, WORKING_AT_HEIGHT):
        steps.enter(session_id)
    first, third = (arrival(stack, uploaded(s)) for s in (FORKLIFT, WORKING_AT_HEIGHT))
    second = arrival(stack, uploaded())
    del second["Records"][0]["s3"]["object"]["versionId"]

    with pytest.raises(ExceptionGroup, match="sheets could not be checked") as failed:
        invoke("hash_evidence", together(first, second, third))

    assert [type(failure) for failure in failed.value.exceptions] == [KeyError]
    assert [line["exception_name"] for line in console.logs if line["level"] == "ERROR"] == [
        "KeyError"
    ]
    assert evidence(WORKING_AT_HEIGHT)["state"] == "ACCEPTED"
    assert console.counted("EvidenceAccepted") == [1, 1]


@pytest.mark.parametrize(
    "key",
    [
        "evidence/sheet.pdf",
        f"backup/{FORKLIFT}/20261112T151204318406Z-8c1f0a3be77d2460/sheet.pdf",
    ],
)
def test_hash_of_what_is_in_no_session_s_folder_is_nothing(stack: Stack, key: str) -> None:
    """An object that was put there by hand changes no session."""
    steps.enter()
    stack.s3.put_object(Bucket=BUCKET, Key=key, Body=PDF, ContentType="application/pdf")

    invoke("hash_evidence", arrival(stack, key))

    assert evidence() == {"state": "NONE"}
    assert notes(stack) == []


@pytest.mark.parametrize("session_id", [FORKLIFT, steps.UNKNOWN])
@pytest.mark.parametrize("upload", ["zzzz", "99991231T235959999999Z-8c1f0a3be77d2460"])
def test_hash_of_what_nobody_announced_leaves_a_note(
    stack: Stack, console: Console, session_id: str, upload: str
) -> None:
    """Whoever it says it is from, it is no evidence; note and metric stay, no name is logged."""
    steps.enter()
    key = f"evidence/{session_id}/{upload}/Somebody.pdf"
    said = {"uploaded-by-id": "forged", "uploaded-by-name": "Tomasz%20Zielinski"}
    stack.s3.put_object(
        Bucket=BUCKET, Key=key, Body=PDF, ContentType="application/pdf", Metadata=said
    )
    console.clear()

    invoke("hash_evidence", arrival(stack, key))

    assert evidence() == {"state": "NONE"}
    assert [note["key"] for note in notes(stack, session_id)] == [key]
    assert console.counted("TamperNotes") == [1]
    (line,) = [line for line in console.logs if line["level"] == "ERROR"]
    assert line["note"].startswith(f"tampering/{session_id}/")
    assert "Somebody" not in console.text


def test_hash_of_a_version_that_is_gone_is_nothing(stack: Stack) -> None:
    """A version that was deleted before its check is no sheet."""
    steps.enter()
    key = uploaded()
    event = arrival(stack, key)
    found = event["Records"][0]["s3"]["object"]
    stack.s3.delete_object(Bucket=BUCKET, Key=key, VersionId=found["versionId"])

    invoke("hash_evidence", event)

    assert evidence()["state"] == "PENDING"


def test_hash_for_a_session_called_off_meanwhile_tags_the_sheet(stack: Stack) -> None:
    """A cancelled session takes no sheet, not even one that was on its way."""
    steps.enter(CALLED_OFF)
    session = samples.sessions()[CALLED_OFF]
    send("register_session", session_id=CALLED_OFF, body={**session, "status": "SCHEDULED"})
    key = uploaded(CALLED_OFF)
    send("register_session", session_id=CALLED_OFF, body=session)

    invoke("hash_evidence", arrival(stack, key))

    assert tags(stack, key) == {"evidence": "late"}
    assert "attendanceFileKey" not in evidence(CALLED_OFF)
