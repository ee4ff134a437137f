"""POST .../finalize."""

from collections.abc import Callable

import pytest

from tests.handlers import steps
from tests.handlers.calls import Answer, Json, LateInvocation, call, request, send
from tests.handlers.conftest import Console
from tests.handlers.stack import Stack
from tests.handlers.steps import FORKLIFT, WORKING_AT_HEIGHT

# The sample marks: 14 people, one absent, two failed.
COUNTS = {
    "trainingRecords": 13,
    "competencyRecords": 0,
    "passed": 11,
    "failed": 2,
    "absent": 1,
}


def with_key(key: str) -> Answer:
    """Press Finalize with an Idempotency-Key."""
    return send("finalize_session", session_id=FORKLIFT, headers={"Idempotency-Key": key})


def without_key() -> Answer:
    """Press Finalize as a client does that sends no key."""
    return send("finalize_session", "evidence_missing", session_id=FORKLIFT)


def unfinish(stack: Stack) -> None:
    """Bring the session back to where a crash before the last step leaves it."""
    stack.dynamodb.update_item(
        TableName="Sessions",
        Key={"sessionId": {"S": FORKLIFT}, "item": {"S": "SESSION"}},
        UpdateExpression="SET #status = :sealed",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":sealed": {"S": "FINALIZING"}},
    )


def kinds(stack: Stack) -> set[tuple[str, str]]:
    """Return which kinds of records with which status there are."""
    return {(item["kind"]["S"], item["status"]["S"]) for item in stack.items("Records")}


def test_finalize_answers_with_what_it_wrote(stack: Stack) -> None:
    """The answer counts the records, and says who finalized and when."""
    steps.make_ready(stack)

    answer = steps.finalize()

    assert answer.status == 200
    assert answer.headers == {"content-type": "application/json", "cache-control": "no-store"}
    assert answer.body.items() >= COUNTS.items()
    assert answer.body["sessionId"] == WORKING_AT_HEIGHT
    assert answer.body["status"] == "COMPLETED"
    assert answer.body["finalizedBy"]["name"] == "Ingrid Solheim"
    assert answer.body["finalizedAt"].endswith("Z")


def test_finalize_writes_training_records(stack: Stack) -> None:
    """Everybody present gets a record that is final at once; whoever was absent gets none."""
    steps.make_ready(stack)

    steps.finalize()

    assert len(stack.items("Records")) == 13
    assert kinds(stack) == {("TRAINING", "PASSED"), ("TRAINING", "FAILED")}


def test_finalize_writes_pending_competencies_where_the_course_asks_for_them(stack: Stack) -> None:
    """A course that requires verification yields no training record, whatever the result."""
    steps.make_ready(stack, FORKLIFT)

    answer = steps.finalize(FORKLIFT)

    assert (answer.body["trainingRecords"], answer.body["competencyRecords"]) == (0, 6)
    assert kinds(stack) == {("COMPETENCY", "PENDING_VERIFICATION")}


def test_finalize_locks_the_session(stack: Stack) -> None:
    """From then on nothing about it can be changed, nor can it be finalized again."""
    steps.make_ready(stack, FORKLIFT)
    steps.finalize(FORKLIFT)

    answers = [without_key(), steps.mark(), steps.upload(), steps.enter()]

    assert [(a.status, a.slug) for a in answers] == [(409, "session-finalized")] * 4


def test_finalize_without_a_sheet_is_refused_in_the_words_of_the_spec(stack: Stack) -> None:
    """Evidence Missing: nothing is written, and the session stays open."""
    steps.enter()
    steps.mark()

    answer = steps.finalize(FORKLIFT)

    assert (answer.status, answer.body["title"]) == (400, "Evidence Missing")
    assert stack.items("Records") == stack.items("Outbox") == []
    assert steps.mark().status == 200


def test_finalize_waits_for_a_sheet_that_is_being_checked(stack: Stack) -> None:
    """A newer sheet may be the right one, so nobody finalizes on the older one meanwhile."""
    steps.make_ready(stack, FORKLIFT)
    steps.upload()

    answer = steps.finalize(FORKLIFT)

    assert (answer.status, answer.slug) == (409, "evidence-being-checked")


def test_finalize_of_a_cancelled_session_is_refused(stack: Stack) -> None:
    """What did not take place yields no records."""
    steps.enter(steps.CALLED_OFF)

    answer = steps.finalize(steps.CALLED_OFF)

    assert (answer.status, answer.slug) == (409, "session-cancelled")
    assert stack.items("Records") == []


def test_finalize_with_nobody_present_writes_no_record(stack: Stack) -> None:
    """A session to which nobody came is closed all the same."""
    steps.enter()
    steps.hand_in(stack)

    answer = steps.finalize(FORKLIFT)

    assert (answer.status, answer.body["absent"]) == (200, 6)
    assert stack.items("Records") == []


def test_finalize_repeated_with_its_key_gets_the_first_answer(stack: Stack) -> None:
    """A client that lost the answer asks again and learns what was done, by whom and when."""
    steps.make_ready(stack, FORKLIFT)
    first = with_key("a1b2")

    second = with_key("a1b2")

    assert first.status == second.status == 200
    assert second.body == first.body


def test_finalize_repeated_counts_nothing_twice(stack: Stack, console: Console) -> None:
    """A repeat finalizes nothing, so the figures do not move."""
    steps.make_ready(stack, FORKLIFT)

    with_key("a1b2")
    with_key("a1b2")

    assert console.counted("SessionsFinalized") == [1]
    assert console.logs[-1]["message"] == "finalize repeated"


def test_finalize_with_another_key_is_another_request(stack: Stack) -> None:
    """Somebody else pressing the button is told that it was done already."""
    steps.make_ready(stack, FORKLIFT)
    with_key("a1b2")

    answer = with_key("c3d4")

    assert (answer.status, answer.slug) == (409, "session-finalized")


@pytest.mark.parametrize("key", ["", " ", "a b", "a\tb", "ключ", "k" * 256, "a\n"])
def test_finalize_refuses_a_key_that_is_none(key: str) -> None:
    """A key that some proxy might change would make a repeat look like a new request."""
    answer = with_key(key)

    assert (answer.status, answer.slug) == (400, "invalid-request")
    assert "Idempotency-Key" in answer.body["detail"]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("key", ["k", "k" * 255, "!~", "0b7f8f4e-52f5-4a8e-a1f5-6c0a9d3e7712"])
def test_finalize_takes_any_visible_key(key: str) -> None:
    """Up to 255 visible characters identify a request, which goes on to what is next: no sheet."""
    steps.enter()

    assert with_key(key).slug == "evidence-missing"


def test_finalize_that_runs_out_of_time_is_accepted(stack: Stack) -> None:
    """A very large session is sealed at once; its records follow, and until then none counts."""
    steps.make_ready(stack, FORKLIFT)
    with_key("a1b2")
    unfinish(stack)
    event = request("finalize_session", session_id=FORKLIFT, headers={"Idempotency-Key": "a1b2"})

    answer = call("finalize_session", event, LateInvocation)

    view = send("view_session", session_id=FORKLIFT).body
    assert (answer.status, answer.body["status"]) == (202, "FINALIZING")
    assert answer.body["competencyRecords"] == 6
    assert view["finalization"]["progress"] == {"written": 6, "total": 6}
    assert send("view_session", "records", session_id=FORKLIFT).body == {"items": []}


def test_finalize_tells_the_other_modules(stack: Stack, received: Callable[[], list[Json]]) -> None:
    """One event closes the session, another asks to recalculate the whole roster."""
    steps.make_ready(stack)

    steps.finalize()

    closed, requested = sorted(received(), key=lambda event: event["detail-type"], reverse=True)
    assert (closed["detail-type"], closed["detail"]["records"]) == ("SessionFinalized", 13)
    assert requested["detail-type"] == "ComplianceRecalculationRequested"
    assert len(requested["detail"]["personnelIds"]) == 14
    assert stack.items("Outbox") == []


def test_finalize_succeeds_while_the_bus_does_not(stack: Stack, console: Console) -> None:
    """The records exist, so the answer is 200; the outbox owes the events."""
    steps.make_ready(stack, FORKLIFT)
    stack.lose_bus()

    answer = steps.finalize(FORKLIFT)

    assert answer.status == 200
    assert len(stack.items("Outbox")) == 1
    assert console.counted("OutboxLeftOver") == [1]
