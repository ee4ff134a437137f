"""Every minute: complete what finalizations still owe."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.finalize_session.use_case import finalize_session
from shared.domain.people import Person
from shared.domain.plan import FinalizeCommand
from shared.runtime.wiring import wiring
from testing.builders import a_change
from tests.handlers import steps
from tests.handlers.calls import invoke, sample
from tests.handlers.conftest import Console
from tests.handlers.stack import Stack
from tests.handlers.steps import FORKLIFT, WORKING_AT_HEIGHT


def relay() -> None:
    """Start a run of the relay."""
    assert invoke("relay_outbox", sample("relay_outbox")) is None


def finalize_an_hour_ago(session_id: str = FORKLIFT) -> None:
    """Finalize a session early enough for its outbox entry to be due."""
    by, at = Person("u-1", "Ingrid Solheim"), datetime.now(UTC) - timedelta(hours=1)
    request = FinalizeCommand(f"finalization-of-{session_id}", a_change(by=by, at=at))
    finalize_session(session_id, request, None, wiring(), lambda: True)


@pytest.fixture
def owing(stack: Stack) -> Stack:
    """Finalize a session while the bus accepts nothing."""
    steps.make_ready(stack, FORKLIFT)
    stack.lose_bus()
    finalize_an_hour_ago()
    return stack


def test_relay_of_nothing_counts_nothing_left(console: Console, stack: Stack) -> None:
    """It counts every minute, so that silence shows that it does not run."""
    relay()

    assert console.counted("OutboxLeftOver") == [0]
    assert console.logs == stack.items("Outbox") == []


def test_relay_delivers_what_is_owed(owing: Stack, console: Console) -> None:
    """The events are published, and only then is their entry removed."""
    assert len(owing.items("Outbox")) == 1
    owing.regain_bus()
    received = owing.listen()

    relay()

    assert {event["detail-type"] for event in received()} == {
        "SessionFinalized",
        "ComplianceRecalculationRequested",
    }
    assert owing.items("Outbox") == []
    assert console.counted("OutboxLeftOver")[-1] == 0


def test_relay_keeps_what_the_bus_does_not_take(owing: Stack, console: Console) -> None:
    """The entry is counted and logged, and tried again at the next run."""
    relay()

    assert len(owing.items("Outbox")) == 1
    assert console.counted("OutboxLeftOver")[-1] == 1
    assert console.logs[-1]["message"] == "work is still owed"


def test_relay_leaves_a_request_time_to_do_its_own_work(stack: Stack) -> None:
    """An entry is due half a minute after it was written."""
    steps.make_ready(stack, FORKLIFT)
    stack.lose_bus()
    steps.finalize(FORKLIFT)
    stack.regain_bus()

    relay()

    assert len(stack.items("Outbox")) == 1


def test_relay_of_one_bad_entry_lets_the_others_through(owing: Stack) -> None:
    """The failure is raised for the alarms, after the others were processed."""
    owing.regain_bus()
    entry = owing.items("Outbox")[0]
    bad = {**entry, "due": {"S": "2020-01-01T00:00:00.000000Z#bad"}}
    bad["sessionId"] = {"S": steps.UNKNOWN}
    owing.dynamodb.put_item(TableName="Outbox", Item=bad)

    with pytest.raises(ExceptionGroup, match=steps.UNKNOWN):
        relay()

    assert [item["due"] for item in owing.items("Outbox")] == [bad["due"]]


def test_relay_serves_many_sessions(owing: Stack) -> None:
    """The entry of every session is processed."""
    steps.make_ready(owing, WORKING_AT_HEIGHT)
    finalize_an_hour_ago(WORKING_AT_HEIGHT)
    owing.regain_bus()
    received = owing.listen()

    relay()

    assert {event["detail"]["sessionId"] for event in received()} == {FORKLIFT, WORKING_AT_HEIGHT}
    assert owing.items("Outbox") == []


def test_relay_of_an_unreadable_entry_lets_the_others_through(owing: Stack) -> None:
    """An entry that names no session is reported by its key; others of its shard are processed."""
    owing.regain_bus()
    (entry,) = owing.items("Outbox")
    bad = {"shard": entry["shard"], "due": {"S": "2020-01-01T00:00:00.000000Z#bad"}}
    owing.dynamodb.put_item(TableName="Outbox", Item={**bad, "sessionId": {"N": "1"}})

    with pytest.raises(ExceptionGroup, match=bad["due"]["S"]):
        relay()

    assert [item["due"] for item in owing.items("Outbox")] == [bad["due"]]
