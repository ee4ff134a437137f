"""What the functions log: enough to find a request, and nothing personal."""

import pytest

from local import samples
from tests.handlers import steps
from tests.handlers.calls import call, invoke, request, send
from tests.handlers.conftest import Console
from tests.handlers.stack import Stack
from tests.handlers.steps import FORKLIFT, WORKING_AT_HEIGHT, arrival

# About one session each, in an order in which all of them succeed.
REQUESTS = [
    ("register_session", "happy_path"),
    ("save_attendance", "happy_path"),
    ("upload_evidence", "happy_path"),
    ("upload_evidence", "large_file"),
]
REFUSED = [
    ("register_session", "unknown_course"),
    ("register_session", "trainer_refused"),
    ("save_attendance", "bad_fields"),
    ("save_attendance", "stale_view"),
    ("save_attendance", "verifier_refused"),
    ("upload_evidence", "cancelled_session"),
    ("upload_evidence", "unsupported_type"),
    ("finalize_session", "evidence_missing"),
    ("finalize_session", "trainer_refused"),
    ("view_session", "unknown_session"),
]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("case", REQUESTS + REFUSED, ids="/".join)
def test_log_line_names_request_session_and_actor(case: tuple[str, str], console: Console) -> None:
    """The lines of a request can be found by each of the three, for any answer."""
    event = request(*case)
    steps.enter_if_known(event["pathParameters"]["sessionId"])
    console.clear()

    call(case[0], event)

    claims = event["requestContext"]["authorizer"]["claims"]
    expected = {
        "correlation_id": event["requestContext"]["requestId"],
        "session_id": event["pathParameters"]["sessionId"],
        "actor": claims["sub"],
    }
    assert [line | expected for line in console.logs] == console.logs != []


def test_log_line_leaves_out_what_cannot_be_an_id(console: Console) -> None:
    """Text of any length stays out of the logs; the caller is named all the same."""
    send("view_session", session_id="s" * 65)

    (line,) = console.logs
    assert "session_id" not in line
    assert line["actor"] == "53f0b6e8-a17d-4c92-8e4b-0d69f2c5a718"


def test_log_of_a_finalized_session_names_it(stack: Stack, console: Console) -> None:
    """The line names the finalization, which matters for years."""
    steps.make_ready(stack)
    console.clear()

    steps.finalize()

    (line,) = console.logs
    assert (line["level"], line["message"]) == ("INFO", "session finalized")
    assert (line["session_id"], line["records"]) == (WORKING_AT_HEIGHT, 13)
    assert line["finalization_id"]


def test_log_of_an_evidence_link_tells_who_got_it(stack: Stack, console: Console) -> None:
    """A caller who asked for a signed sheet is on record."""
    steps.make_ready(stack, FORKLIFT)
    console.clear()

    send("view_session", "evidence", session_id=FORKLIFT)

    (line,) = console.logs
    assert line["message"] == "evidence link given"
    assert (line["session_id"], line["actor"]) == (
        FORKLIFT,
        "53f0b6e8-a17d-4c92-8e4b-0d69f2c5a718",
    )


def test_log_of_a_checked_sheet_names_its_session(stack: Stack, console: Console) -> None:
    """There is no request id of a client, but session and upload are known."""
    steps.enter()
    received = steps.upload().body
    console.clear()

    invoke("hash_evidence", arrival(stack, received["attendanceFileKey"]))

    (line,) = console.logs
    assert (line["session_id"], line["upload_id"]) == (FORKLIFT, received["uploadId"])
    assert line["outcome"] == "accepted"


@pytest.mark.usefixtures("stack")
def test_log_of_one_request_says_nothing_of_the_one_before(console: Console) -> None:
    """A process serves many people; no line has values of an earlier request."""
    steps.enter()
    console.clear()

    send("register_course", "trainer_refused")

    (line,) = console.logs
    assert "session_id" not in line
    assert line["actor"] == "1b5d8e20-6f4c-4a97-b3e1-95c7d2f08a64"


def test_log_tells_nothing_personal(stack: Stack, console: Console) -> None:
    """Logs are kept longer and read by more people than records: they have ids only."""
    steps.load_samples(stack)
    key = steps.upload(FORKLIFT, name="signed by Adaeze Okonkwo.pdf").body["attendanceFileKey"]
    invoke("hash_evidence", arrival(stack, key))
    for session_id in (WORKING_AT_HEIGHT, FORKLIFT):
        steps.finalize(session_id)
        for case in ("happy_path", "records", "evidence"):
            send("view_session", case, session_id=session_id)
    for refused in REFUSED:
        send(*refused)

    logged = console.text

    names = [person["name"] for person in samples.roster()]
    first_and_last = [part for name in names for part in name.split() if len(part) > 3]
    remarks = [row["remarks"] for row in samples.attendance(WORKING_AT_HEIGHT) if "remarks" in row]
    users = ["Ingrid", "Solheim", "Tomasz", "Zielinski", "Marcus", "@example.com"]
    secrets = ["sample-id-token", "X-Amz-Signature"]
    personal = [*first_and_last, *remarks, *users, *secrets]
    assert [word for word in personal if word in logged] == []
    assert len(console.logs) > 20
