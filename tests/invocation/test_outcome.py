"""What an invocation gave, in a form that people read."""

import base64
import gzip
import json

import pytest

from local.invocation.outcome import Outcome, agrees, parsed


def answer(body: object, *, compressed: bool = False) -> Outcome:
    """Return an answer for the API with a JSON body, as a function gives it."""
    content = json.dumps(body).encode()
    coding = {"Content-Encoding": ["gzip"]} if compressed else {}
    sent = base64.b64encode(gzip.compress(content)) if compressed else content
    return Outcome(
        {
            "statusCode": 404,
            "body": sent.decode(),
            "isBase64Encoded": compressed,
            "multiValueHeaders": {"Content-Type": ["application/problem+json"], **coding},
        },
        log="",
    )


@pytest.mark.parametrize("compressed", [False, True])
def test_answer_shows_status_headers_and_body(*, compressed: bool) -> None:
    """The body is JSON again, also if it travels compressed."""
    shown = answer({"status": 404}, compressed=compressed).readable

    assert (shown["status"], shown["body"]) == (404, {"status": 404})
    assert shown["headers"]["Content-Type"] == "application/problem+json"


def test_refusal_is_no_function_error() -> None:
    """The function did its work: it answered."""
    refused = answer({"status": 404})

    assert not refused.is_error


@pytest.mark.parametrize(
    "said",
    [b'{"errorMessage": "x", "errorType": "ValueError"}', b"Task timed out after 3.00 seconds"],
)
def test_failure_is_a_function_error(said: bytes) -> None:
    """It is Lambda's document of an error, or its message about the end of a process."""
    failed = parsed(said, "")

    assert failed.is_error
    assert failed.readable.keys() == {"error"}


@pytest.mark.parametrize("returned", [None, {"batchItemFailures": []}])
def test_result_of_an_event_is_shown_as_it_is(returned: object) -> None:
    """Functions behind queues and triggers return no answer for the API."""
    shown = Outcome(returned, "").readable

    assert shown == {"returned": returned}


@pytest.mark.parametrize(
    ("expected", "found", "is_so"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, False),
        ([{"a": 1}], [{"a": 1, "b": 2}], True),
        ([1], [1, 2], False),
        (None, 0, False),
    ],
)
def test_answers_may_gain_fields(expected: object, found: object, *, is_so: bool) -> None:
    """Whatever is expected must be there; a list has as many items."""
    assert agrees(expected, found) is is_so
