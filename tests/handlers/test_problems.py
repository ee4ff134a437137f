"""Refusals and faults as problem documents."""

import json

import pytest

from tests.handlers import steps
from tests.handlers.calls import PROBLEM, call, request, send
from tests.handlers.conftest import Change, Console
from tests.handlers.stack import Stack

pytestmark = pytest.mark.usefixtures("stack")

NOBODY_LISTENS = "http://127.0.0.1:1"
REFUSALS = {
    ("register_session", "bad_fields"): ("invalid-request", "Invalid Request", 400),
    ("save_attendance", "unknown_people"): ("unknown-attendees", "Unknown Attendees", 400),
    ("finalize_session", "evidence_missing"): ("evidence-missing", "Evidence Missing", 400),
    ("finalize_session", "trainer_refused"): ("forbidden", "Forbidden", 403),
    ("view_session", "unknown_session"): ("not-found", "Not Found", 404),
    ("upload_evidence", "cancelled_session"): ("session-cancelled", "Session Cancelled", 409),
    ("save_attendance", "stale_view"): ("stale-view", "Stale View", 412),
    ("upload_evidence", "too_large_file"): ("evidence-too-large", "Evidence Too Large", 413),
    ("upload_evidence", "unsupported_type"): ("unsupported-evidence", "Unsupported Evidence", 415),
}


@pytest.mark.parametrize(("case", "expected"), REFUSALS.items(), ids=str)
def test_problem_says_what_and_which_request(
    case: tuple[str, str], expected: tuple[str, str, int]
) -> None:
    """A refusal has a stable type, a title, its status, a text for a person, and the request id."""
    event = request(*case)
    steps.enter_if_known(event["pathParameters"]["sessionId"])

    answer = call(case[0], event)

    slug, title, status = expected
    assert answer.status == status
    assert answer.headers["content-type"] == PROBLEM
    assert (
        answer.body.items()
        >= {
            "type": f"urn:problem:training:{slug}",
            "title": title,
            "status": status,
            "instance": event["path"],
            "requestId": event["requestContext"]["requestId"],
        }.items()
    )
    assert answer.body["detail"].endswith(".")


def test_problem_without_bad_fields_has_no_list_of_them() -> None:
    """A field that does not apply is left out instead of null."""
    answer = send("view_session", "unknown_session")

    assert answer.body.keys() == {"type", "title", "status", "detail", "instance", "requestId"}


def test_fault_of_ours_tells_nothing_of_its_inside(stack: Stack) -> None:
    """For any cause, a client gets a plain 500 with the request's id."""
    stack.dynamodb.delete_table(TableName="Sessions")
    event = request("view_session")

    answer = call("view_session", event)

    assert (answer.status, answer.headers["content-type"]) == (500, PROBLEM)
    assert answer.body == {
        "type": "urn:problem:training:internal-error",
        "title": "Internal Error",
        "status": 500,
        "detail": "Something went wrong on our side. Try again, or give support the request id.",
        "instance": event["path"],
        "requestId": event["requestContext"]["requestId"],
    }


def test_fault_of_ours_is_logged_with_its_cause(stack: Stack, console: Console) -> None:
    """The cause, which the client does not get, can be found by the request's id."""
    stack.dynamodb.delete_table(TableName="Sessions")
    event = request("view_session")

    call("view_session", event)

    line = console.logs[-1]
    assert (line["level"], line["message"]) == ("ERROR", "failed")
    assert line["correlation_id"] == event["requestContext"]["requestId"]
    assert "ResourceNotFoundException" in line["exception"]


def test_database_without_an_answer_is_worth_another_try(change_environment: Change) -> None:
    """The client learns when to retry, that nothing is lost, and that no person is to blame."""
    change_environment("AWS_ENDPOINT_URL_DYNAMODB", NOBODY_LISTENS)

    answer = send("view_session")

    assert (answer.status, answer.slug) == (503, "service-unavailable")
    assert answer.headers["retry-after"] == "2"
    assert "try again" in answer.body["detail"]
    assert "people" not in answer.body["detail"]


def test_database_without_an_answer_is_an_error_in_the_log(
    change_environment: Change, console: Console
) -> None:
    """Whoever is on call finds an error with its cause, and a number that an alarm watches."""
    change_environment("AWS_ENDPOINT_URL_DYNAMODB", NOBODY_LISTENS)

    send("view_session")

    line = next(line for line in console.logs if line["message"] == "a service gave no answer")
    assert (line["level"], line["slug"]) == ("ERROR", "service-unavailable")
    assert "Could not connect" in line["exception"]
    assert console.counted("ServicesUnavailable") == [1]


def test_refusals_other_than_busy_name_no_time_to_retry() -> None:
    """Trying again does not help where a request itself is wrong."""
    answer = send("register_session", "bad_fields")

    assert "retry-after" not in answer.headers


def test_missing_setting_is_named_without_the_values_of_others(
    monkeypatch: pytest.MonkeyPatch, change_environment: Change, console: Console
) -> None:
    """The log names the variable only, since the environment holds tokens."""
    monkeypatch.delenv("OUTBOX_TABLE")
    change_environment("AWS_SESSION_TOKEN", "not-for-the-log")

    answer = send("view_session")

    assert answer.status == 500
    assert "OUTBOX_TABLE" in console.text
    assert "not-for-the-log" not in console.text
    assert "OUTBOX_TABLE" not in json.dumps(answer.body)
