"""Recalculation for a finalized session, or for a record that was changed by hand."""

import json
from collections.abc import Callable

import pytest

from local import samples
from tests.handlers import steps
from tests.handlers.calls import Json, LateInvocation, invoke, sample, send
from tests.handlers.conftest import Change, Console
from tests.handlers.stack import Stack
from tests.handlers.steps import WORKING_AT_HEIGHT

ADAEZE, EMRE, GORAN = (samples.roster()[number]["personnelId"] for number in (0, 4, 6))


def deliver(*bodies: object) -> list[str]:
    """Deliver messages as the queue does; return the ids of those that fail."""
    (template,) = sample("recalculate_compliance")["Records"]
    records = [
        template | {"messageId": str(number), "body": body if isinstance(body, str) else dumped}
        for number, body in enumerate(bodies)
        for dumped in [json.dumps(body)]
    ]
    return failures(invoke("recalculate_compliance", {"Records": records}))


def failures(result: Json) -> list[str]:
    """Return the ids of the failures."""
    return [failure["itemIdentifier"] for failure in result["batchItemFailures"]]


def message(**fields: object) -> Json:
    """Return the sample message with these *fields* of its detail changed."""
    body: Json = json.loads(sample("recalculate_compliance")["Records"][0]["body"])
    return {**body, "detail": {**body["detail"], **fields}}


def colours(stack: Stack) -> dict[str, str]:
    """Return the status of each person."""
    return {item["personnelId"]["S"]: item["status"]["S"] for item in stack.items("Compliance")}


def damage_record(stack: Stack, person: str) -> None:
    """Make the person's only record unreadable."""
    (record,) = [row for row in stack.items("Records") if row["personnelId"]["S"] == person]
    stack.dynamodb.put_item(TableName="Records", Item={**record, "result": {"S": "MAYBE"}})


@pytest.fixture
def finalized(stack: Stack) -> Stack:
    """Finalize a session that took place yesterday."""
    steps.make_ready_as_of_yesterday(stack)
    steps.finalize()
    return stack


def test_recalculation_judges_the_whole_roster(finalized: Stack) -> None:
    """A person who passed is GREEN; one who failed or was absent is RED."""
    again = deliver(message())

    found = colours(finalized)
    assert again == []
    assert len(found) == 14
    assert (found[ADAEZE], found[EMRE], found[GORAN]) == ("GREEN", "RED", "RED")


def test_recalculation_takes_events_as_the_bus_delivers_them(
    stack: Stack, received: Callable[[], list[Json]]
) -> None:
    """The consumer reads what finalize publishes."""
    steps.make_ready_as_of_yesterday(stack)
    steps.finalize()
    wanted = [e for e in received() if e["detail-type"] == "ComplianceRecalculationRequested"]

    again = deliver(*wanted)

    assert (len(wanted), again) == (1, [])
    assert colours(stack)[ADAEZE] == "GREEN"


def test_recalculation_is_shown_with_its_time(finalized: Stack) -> None:
    """The view of a person shows when it was calculated."""
    deliver(message())

    (item,) = send("view_compliance", personnel_id=GORAN).body["items"]

    assert item["calculatedAt"].endswith("Z")
    assert len(finalized.items("Compliance")) == 14


def test_recalculation_before_the_session_is_completed_comes_again(stack: Stack) -> None:
    """An event that is faster than its session must not be lost."""
    steps.make_ready(stack)

    again = deliver(message())

    assert again == ["0"]
    assert stack.items("Compliance") == []


def test_recalculation_for_an_unknown_session_comes_again(stack: Stack) -> None:
    """It ends in the dead-letter queue, where people can look at it."""
    again = deliver(message(sessionId=steps.UNKNOWN))

    assert again == ["0"]
    assert stack.items("Compliance") == []


def test_recalculation_repeated_changes_nothing_but_its_time(finalized: Stack) -> None:
    """Events come at least once; the second one has the same result."""
    deliver(message())
    before = colours(finalized)

    deliver(message(), message())

    assert colours(finalized) == before
    assert {item["revision"]["N"] for item in finalized.items("Compliance")} == {"3"}


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "",
        {},
        {"detail": None},
        message(schemaVersion=2),
        message(personnelIds="all"),
        message(courseId=None),
    ],
    ids=str,
)
def test_recalculation_of_a_broken_message_comes_again(stack: Stack, body: object) -> None:
    """A message that cannot be read is moved by the queue, not dropped by the function."""
    assert deliver(body) == ["0"]
    assert stack.items("Compliance") == []


def test_recalculation_of_one_bad_message_lets_the_others_through(finalized: Stack) -> None:
    """Only the bad message is delivered again."""
    event = sample("recalculate_compliance", "one_bad_message")

    result = invoke("recalculate_compliance", event)

    assert failures(result) == [event["Records"][1]["messageId"]]
    assert len(finalized.items("Compliance")) == 2


def test_recalculation_of_one_bad_person_lets_the_others_through(
    finalized: Stack, console: Console
) -> None:
    """Everyone else in the message is judged before it is delivered again."""
    damage_record(finalized, ADAEZE)

    again = deliver(message())

    assert again == ["0"]
    assert len(colours(finalized)) == 13
    assert ADAEZE not in colours(finalized)
    assert console.counted("ComplianceRecalculated") == [13]
    assert f"could not recalculate {ADAEZE}" in console.logs[-1]["exception"]


def test_recalculation_that_runs_out_of_time_comes_again(
    finalized: Stack, console: Console
) -> None:
    """People who were not reached are judged at the next delivery."""
    event = sample("recalculate_compliance")

    result = invoke("recalculate_compliance", event, LateInvocation)

    assert failures(result) == [event["Records"][0]["messageId"]]
    assert finalized.items("Compliance") == []
    assert "no time was left for 14" in console.logs[-1]["exception"]


def test_recalculation_that_failed_says_why(console: Console, stack: Stack) -> None:
    """Before a message ends in the dead-letter queue, the log has its error."""
    deliver(message(sessionId=steps.UNKNOWN))

    assert [line["level"] for line in console.logs] == ["WARNING"]
    assert steps.UNKNOWN in console.logs[0]["exception"]
    assert stack.items("Compliance") == []


def test_recalculation_follows_a_record_that_was_removed(finalized: Stack) -> None:
    """As the spec describes it, a person who loses the record loses the GREEN."""
    deliver(message())
    event = sample("recalculate_compliance", "record_removed")
    keys = event["Records"][0]["dynamodb"]["Keys"]
    finalized.dynamodb.delete_item(TableName="Records", Key=keys)

    result = invoke("recalculate_compliance", event)

    assert failures(result) == []
    assert (keys["personnelId"]["S"], colours(finalized)[ADAEZE]) == (ADAEZE, "RED")


def test_recalculation_of_a_person_without_anything_is_nothing(stack: Stack) -> None:
    """For a record removed before any calculation there is nothing to calculate."""
    result = invoke("recalculate_compliance", sample("recalculate_compliance", "record_removed"))

    assert failures(result) == []
    assert stack.items("Compliance") == []


def test_recalculation_from_the_stream_fails_by_its_position(stack: Stack) -> None:
    """The stream is read again from the first change that failed."""
    event = sample("recalculate_compliance", "record_removed")
    stack.dynamodb.delete_table(TableName="Records")

    result = invoke("recalculate_compliance", event)

    assert failures(result) == [event["Records"][0]["dynamodb"]["SequenceNumber"]]


def test_recalculation_uses_the_stacks_own_warning_time(
    stack: Stack, change_environment: Change
) -> None:
    """The time before its end at which a pass turns AMBER is a setting."""
    steps.make_ready_as_of_yesterday(stack)
    steps.finalize()
    change_environment("EXPIRING_SOON_DAYS", "400")

    deliver(message(sessionId=WORKING_AT_HEIGHT, personnelIds=[ADAEZE]))

    assert colours(stack) == {ADAEZE: "AMBER"}
