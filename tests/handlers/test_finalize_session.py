"""POST .../finalize."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from local import samples
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
    """Finalize with an Idempotency-Key."""
    return send("finalize_session", session_id=FORKLIFT, headers={"Idempotency-Key": key})


def without_key() -> Answer:
    """Finalize as a client without a key."""
    return send("finalize_session", "evidence_missing", session_id=FORKLIFT)


def unfinish(stack: Stack) -> None:
    """Put the session back to where a crash before the last step leaves it."""
    stack.edit(FORKLIFT, "status", {"S": "FINALIZING"})


def kinds(stack: Stack) -> set[tuple[str, str]]:
    """Return the kinds and statuses of the records."""
    return {(item["kind"]["S"], item["status"]["S"]) for item in stack.items("Records")}


def test_finalize_answers_with_what_it_wrote(stack: Stack) -> None:
    """The answer has the counts, who finalized, and when."""
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
    """A person present gets a record that is final at once; an absent one gets none."""
    steps.make_ready(stack)

    steps.finalize()

    assert len(stack.items("Records")) == 13
    assert kinds(stack) == {("TRAINING", "PASSED"), ("TRAINING", "FAILED")}


def test_finalize_writes_pending_competencies_where_the_course_asks_for_them(stack: Stack) -> None:
    """A course that requires verification has competency records only, for any result."""
    steps.make_ready(stack, FORKLIFT)

    answer = steps.finalize(FORKLIFT)

    assert (answer.body["trainingRecords"], answer.body["competencyRecords"]) == (0, 6)
    assert kinds(stack) == {("COMPETENCY", "PENDING_VERIFICATION")}


def test_finalize_waits_until_the_session_has_taken_place(stack: Stack) -> None:
    """A session that ended early is finalized once its end was corrected."""
    steps.make_ready(stack, FORKLIFT)
    now = datetime.now(UTC)
    planned = {"startsAt": now - timedelta(hours=1), "endsAt": now + timedelta(days=2)}
    steps.put_on(FORKLIFT, **planned)

    early = steps.finalize(FORKLIFT)
    view = send("view_session", session_id=FORKLIFT).body["finalization"]
    steps.put_on(FORKLIFT, **planned | {"endsAt": now})
    corrected = steps.finalize(FORKLIFT)

    assert (early.status, early.body["type"]) == (409, "urn:problem:training:session-not-over")
    assert "PUT" in early.body["detail"]
    assert (view["allowed"], view["blockers"]) == (False, ["session-not-over"])
    assert corrected.status == 200


def test_session_that_no_calendar_can_show_is_refused_and_not_broken(stack: Stack) -> None:
    """The first release took ends and zones that this one does not; a PUT corrects them."""
    steps.make_ready(stack, FORKLIFT)
    stack.edit(FORKLIFT, "endsAt", {"S": "9999-12-31T23:59:59.000000+0000"})

    for zone in ("Asia/Jakarta", "localtime", "Factory"):
        stack.edit(FORKLIFT, "timezone", {"S": zone})
        view = send("view_session", session_id=FORKLIFT)
        refused = steps.finalize(FORKLIFT)

        assert (view.status, refused.status) == (200, 409)
        assert view.body["finalization"]["blockers"] == ["session-not-over"]
    assert steps.enter(FORKLIFT).status == 200


def test_finalize_locks_the_session(stack: Stack) -> None:
    """From then on it can be neither changed nor finalized again."""
    steps.make_ready(stack, FORKLIFT)
    steps.finalize(FORKLIFT)

    answers = [without_key(), steps.mark(), steps.upload(), steps.enter()]

    assert [(a.status, a.slug) for a in answers] == [(409, "session-finalized")] * 4


def test_finalize_locks_the_session_before_its_last_step(stack: Stack) -> None:
    """While records are still being written, any other request is a conflict."""
    steps.make_ready(stack, FORKLIFT)
    steps.finalize(FORKLIFT)
    unfinish(stack)

    answers = [without_key(), steps.mark(), steps.upload(), steps.enter()]

    assert [(a.status, a.slug) for a in answers] == [(409, "finalization-in-progress")] * 4


def test_finalize_of_half_a_roster_is_refused(stack: Stack) -> None:
    """A replacement of the roster that broke off has to be sent again first."""
    steps.make_ready(stack, FORKLIFT)
    stack.edit(FORKLIFT, "rosterChange", {"S": "broke-off"})

    refused = steps.finalize(FORKLIFT)
    steps.enter()

    assert (refused.status, refused.slug) == (409, "roster-incomplete")
    assert steps.finalize(FORKLIFT).status == 200


def test_finalize_without_a_sheet_is_refused_in_the_words_of_the_spec(stack: Stack) -> None:
    """The refusal is Evidence Missing; nothing is written, and the session stays open."""
    steps.enter()
    steps.mark()

    answer = steps.finalize(FORKLIFT)

    assert (answer.status, answer.body["title"]) == (400, "Evidence Missing")
    assert stack.items("Records") == stack.items("Outbox") == []
    assert steps.mark().status == 200


def test_finalize_waits_for_a_sheet_that_is_being_checked(stack: Stack) -> None:
    """A newer sheet may be the right one, so the older one is not enough meanwhile."""
    steps.make_ready(stack, FORKLIFT)
    steps.upload()

    answer = steps.finalize(FORKLIFT)

    assert (answer.status, answer.slug) == (409, "evidence-being-checked")


def test_finalize_waits_for_the_first_sheet_that_is_being_checked(stack: Stack) -> None:
    """Whoever has just uploaded the sheet is told to wait, and not to upload it."""
    steps.enter()
    steps.upload()

    answer = steps.finalize(FORKLIFT)

    assert (answer.status, answer.slug) == (409, "evidence-being-checked")
    assert stack.items("Records") == stack.items("Outbox") == []


def test_finalize_of_a_cancelled_session_is_refused(stack: Stack) -> None:
    """A session that did not take place has no records."""
    steps.enter(steps.CALLED_OFF)

    answer = steps.finalize(steps.CALLED_OFF)

    assert (answer.status, answer.slug) == (409, "session-cancelled")
    assert stack.items("Records") == []


def test_finalize_with_no_one_present_writes_no_record(stack: Stack) -> None:
    """A session that no one attended is completed all the same."""
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
    """A repeat finalizes nothing, so the metrics do not change."""
    steps.make_ready(stack, FORKLIFT)

    with_key("a1b2")
    with_key("a1b2")

    assert console.counted("SessionsFinalized") == [1]
    assert console.logs[-1]["message"] == "finalize repeated"


def test_finalize_with_another_key_is_another_request(stack: Stack) -> None:
    """Another person's request is refused, because the session is finalized."""
    steps.make_ready(stack, FORKLIFT)
    with_key("a1b2")

    answer = with_key("c3d4")

    assert (answer.status, answer.slug) == (409, "session-finalized")


@pytest.mark.parametrize("key", ["", " ", "a b", "a\tb", "ключ", "k" * 256, "a\n"])
def test_finalize_refuses_a_key_that_is_none(key: str) -> None:
    """A key that a proxy might change would make a repeat look like a new request."""
    answer = with_key(key)

    assert (answer.status, answer.slug) == (400, "invalid-request")
    assert "Idempotency-Key" in answer.body["detail"]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("key", ["k", "k" * 255, "!~", "0b7f8f4e-52f5-4a8e-a1f5-6c0a9d3e7712"])
def test_finalize_takes_any_visible_key(key: str) -> None:
    """
    A key has up to 255 visible characters; with one the request is refused for its
    sheet only.
    """
    steps.enter()

    assert with_key(key).slug == "evidence-missing"


def acknowledging(*slugs: str, key: str = "a1b2") -> Answer:
    """Finalize and say which warnings were seen."""
    headers = {"Idempotency-Key": key}
    body = {"acknowledged": slugs}
    return send("finalize_session", session_id=FORKLIFT, headers=headers, body=body)


def test_finalize_warns_and_keeps_what_was_acknowledged(stack: Stack) -> None:
    """The view shows the warning before, and afterwards that it was acknowledged."""
    steps.enter()
    steps.hand_in(stack)
    before = send("view_session", session_id=FORKLIFT).body["finalization"]

    answer = acknowledging("nobody-marked", "course-changed")

    after = send("view_session", session_id=FORKLIFT).body["finalization"]
    assert answer.status == 200
    assert [warning["slug"] for warning in before["warnings"]] == ["nobody-marked"]
    assert len(before["warnings"][0]["people"]) == 6
    assert after["warnings"] == before["warnings"]
    assert after["acknowledged"] == ["nobody-marked"]


def test_finalize_warns_of_a_sheet_that_another_session_has(stack: Stack) -> None:
    """It is recorded though nobody acknowledged it: a bare POST stays valid (spec §4 C)."""
    for session_id in (WORKING_AT_HEIGHT, FORKLIFT):
        steps.make_ready(stack, session_id)

    answer = without_key()

    after = send("view_session", session_id=FORKLIFT).body["finalization"]
    assert answer.status == 200
    assert [warning["slug"] for warning in after["warnings"]] == ["sheet-used-elsewhere"]
    assert after["acknowledged"] == []


def test_finalize_warns_if_the_rules_changed_since_the_training(stack: Stack) -> None:
    """A course that was changed afterwards would give records that nobody was trained by."""
    steps.make_ready(stack, FORKLIFT)
    rules = {**samples.courses()["forklift-operator-practical"], "validityMonths": 36}
    send("register_course", course_id="forklift-operator-practical", body=rules)

    warnings = send("view_session", session_id=FORKLIFT).body["finalization"]["warnings"]

    assert [warning["slug"] for warning in warnings] == ["course-changed"]
    assert "valid for 36 months" in warnings[0]["detail"]


def test_finalize_repeated_with_another_body_gets_the_first_answer(stack: Stack) -> None:
    """The key alone says that it is the same request."""
    steps.make_ready(stack, FORKLIFT)
    first = acknowledging("already-expired")

    answers = [acknowledging(), acknowledging("nobody-marked"), with_key("a1b2")]

    assert [(answer.status, answer.body) for answer in answers] == [(200, first.body)] * 3


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"acknowledged": ["nobody-marked", "nobody-was-there"]}, "/acknowledged/1"),
        ({"acknowledged": [7]}, "/acknowledged/0"),
        ({"acknowledged": "nobody-marked"}, "/acknowledged"),
        ({"acknowledged": None}, "/acknowledged"),
        ({"acknowledged": ["nobody-marked"] * 999}, "/acknowledged"),
        ([], ""),
        ("nobody-marked", ""),
        (b"\xff", ""),
    ],
)
def test_finalize_refuses_a_body_that_acknowledges_no_warning(
    stack: Stack, body: object, pointer: str
) -> None:
    """A mistyped name would acknowledge nothing, unseen; nothing was written."""
    steps.make_ready(stack, FORKLIFT)

    answer = send("finalize_session", session_id=FORKLIFT, body=body)

    assert (answer.status, answer.pointers) == (400, [pointer])
    assert stack.items("Records") == []


@pytest.mark.parametrize("body", [None, "", " \r\n", {}, {"acknowledged": []}, {"other": 1}])
def test_finalize_takes_a_body_that_says_nothing(stack: Stack, body: object) -> None:
    """A bare POST stays valid (spec §4 C), and so does one whose client always sends JSON."""
    steps.make_ready(stack, FORKLIFT)

    assert send("finalize_session", session_id=FORKLIFT, body=body).status == 200


def test_finalize_that_runs_out_of_time_is_accepted(stack: Stack) -> None:
    """A very large session is locked at once; its records follow, and until then none counts."""
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


def test_finalize_publishes_its_events(stack: Stack, received: Callable[[], list[Json]]) -> None:
    """
    One event says that the session is finalized, another asks to recalculate the
    whole roster.
    """
    steps.make_ready(stack)

    steps.finalize()

    closed, requested = sorted(received(), key=lambda event: event["detail-type"], reverse=True)
    assert (closed["detail-type"], closed["detail"]["records"]) == ("SessionFinalized", 13)
    assert requested["detail-type"] == "ComplianceRecalculationRequested"
    assert len(requested["detail"]["personnelIds"]) == 14
    assert stack.items("Outbox") == []


def test_finalize_succeeds_while_the_bus_does_not(stack: Stack, console: Console) -> None:
    """The records exist, so the answer is 200; the outbox entry stays."""
    steps.make_ready(stack, FORKLIFT)
    stack.lose_bus()

    answer = steps.finalize(FORKLIFT)

    assert answer.status == 200
    assert len(stack.items("Outbox")) == 1
    assert console.counted("OutboxLeftOver") == [1]
