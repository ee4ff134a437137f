"""Events to EventBridge."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from aws_lambda_powertools import Logger
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from botocore.hooks import BaseEventHooks
from botocore.stub import Stubber

from shared.domain.events import ComplianceRecalculationRequested, Event, SessionFinalized
from shared.messaging.eventbridge import EventBridgePublisher
from tests.conftest import REGION

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

AT = datetime(2026, 11, 10, 15, 20, 5, tzinfo=UTC)
# The first event of the SDK at each call, before a stub answers.
CALL = "provide-client-params.eventbridge.PutEvents"
CLOSED = SessionFinalized("event-0", "session-1", "course-1", "fin-1", AT, records=13)
REQUESTED = ComplianceRecalculationRequested(
    "event-1", "session-1", "course-1", "fin-1", AT, ("cm3aehuybwkxusi4jqjxv3rhk",)
)


@dataclass(frozen=True)
class Bus:
    """A publisher, the answers it will get, and what it logs."""

    publisher: EventBridgePublisher
    stubber: Stubber
    events: BaseEventHooks
    written: io.StringIO

    def will_answer(self, *taken: bool) -> None:
        """Expect a call with that many entries, and accept these of them."""
        entries = [
            {"EventId": f"id-{number}"} if good else {"ErrorCode": "ThrottlingException"}
            for number, good in enumerate(taken)
        ]
        answer = {"Entries": entries, "FailedEntryCount": taken.count(False)}
        self.stubber.add_response("put_events", answer, {"Entries": Entries(len(taken))})

    def will_refuse(self, code: str = "InternalException") -> None:
        """Refuse the next call as a whole."""
        self.stubber.add_client_error("put_events", code)

    def will_not_answer(self, after: int = 0) -> list[str]:
        """Give no answer after that many calls; return the list of all calls made."""
        calls: list[str] = []

        def lose(event_name: str, **_: object) -> None:
            calls.append(event_name)
            if len(calls) > after:
                raise ReadTimeoutError(endpoint_url="https://events.example")

        self.events.register_first(CALL, lose, unique_id="lose")
        return calls

    @property
    def logged(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.written.getvalue().splitlines()]


class Entries:
    """Equal to any list of that many entries."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and len(other) == self.count

    def __hash__(self) -> int:
        return self.count


@cache
def _client() -> "EventBridgeClient":
    """Return a client of a bus that does not exist, unless a stub answers for it."""
    client: EventBridgeClient = boto3.client(
        "events",
        region_name=REGION,
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="unused",
        aws_secret_access_key="unused",
        config=Config(retries={"total_max_attempts": 1}),
    )
    return client


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    """Return a bus that gives the answers of a test, call by call, and nothing else."""
    client, written = _client(), io.StringIO()
    logger = Logger(service="test-publisher")
    monkeypatch.setattr(logger.registered_handler, "stream", written)
    with Stubber(client) as stubber:
        publisher = EventBridgePublisher(client, "training-sessions", logger)
        yield Bus(publisher, stubber, client.meta.events, written)
        stubber.assert_no_pending_responses()
    client.meta.events.unregister(CALL, unique_id="lose")


def some_events(count: int) -> Sequence[Event]:
    """Return that many events."""
    return [replace(CLOSED, event_id=f"event-{number}") for number in range(count)]


def test_publisher_sends_an_event_as_its_consumers_expect_it(bus: Bus) -> None:
    """Rules match source and detail type; the time is that of the event."""
    detail = {
        "schemaVersion": 1,
        "eventId": "event-1",
        "sessionId": "session-1",
        "courseId": "course-1",
        "finalizationId": "fin-1",
        "occurredAt": "2026-11-10T15:20:05Z",
        "personnelIds": ["cm3aehuybwkxusi4jqjxv3rhk"],
    }
    entry = {
        "Source": "training.sessions",
        "DetailType": "ComplianceRecalculationRequested",
        "Detail": json.dumps(detail, separators=(",", ":")),
        "EventBusName": "training-sessions",
        "Time": AT,
    }
    bus.stubber.add_response("put_events", {"Entries": [{"EventId": "1"}]}, {"Entries": [entry]})

    assert bus.publisher.publish([REQUESTED]) == [True]


def test_publisher_of_nothing_makes_no_call(bus: Bus) -> None:
    """The bus refuses an empty call, so none is made."""
    assert bus.publisher.publish([]) == []


@pytest.mark.parametrize(
    ("count", "calls"), [(1, [1]), (10, [10]), (11, [10, 1]), (23, [10, 10, 3])]
)
def test_publisher_sends_ten_at_a_time(bus: Bus, count: int, calls: list[int]) -> None:
    """One call takes ten entries; further ones follow in further calls."""
    for size in calls:
        bus.will_answer(*[True] * size)

    assert bus.publisher.publish(some_events(count)) == [True] * count


def test_publisher_tells_entry_by_entry_what_was_taken(bus: Bus) -> None:
    """A call that succeeds may have refused some of its entries."""
    bus.will_answer(True, False, True)

    assert bus.publisher.publish(some_events(3)) == [True, False, True]


def test_publisher_keeps_the_order_over_several_calls(bus: Bus) -> None:
    """The result of each event is at its position."""
    bus.will_answer(*[True] * 9, False)
    bus.will_answer(False, True)

    assert bus.publisher.publish(some_events(12)) == [*[True] * 9, False, False, True]


def test_publisher_logs_which_event_was_refused(bus: Bus) -> None:
    """The log has the event's id, never its content."""
    bus.will_answer(True, False)

    bus.publisher.publish([CLOSED, REQUESTED])

    (line,) = bus.logged
    assert (line["level"], line["event_id"]) == ("WARNING", "event-1")
    assert line["error"] == "ThrottlingException"
    assert "cm3aehuybwkxusi4jqjxv3rhk" not in bus.written.getvalue()


def test_publisher_sends_one_by_one_what_was_refused_together(bus: Bus) -> None:
    """One bad event may have the whole call refused; the others are sent alone."""
    bus.will_refuse("ValidationException")
    bus.will_answer(True)
    bus.will_refuse("ValidationException")
    bus.will_answer(True)

    assert bus.publisher.publish(some_events(3)) == [True, False, True]


def test_publisher_gives_up_on_one_event_that_is_refused(bus: Bus) -> None:
    """A refusal of a single event is final for this run; the outbox entry stays."""
    bus.will_refuse()

    assert bus.publisher.publish([CLOSED]) == [False]


def test_publisher_goes_on_after_a_refused_call(bus: Bus) -> None:
    """The next ten are sent after any outcome of the first ten."""
    bus.will_refuse()
    for _ in range(10):
        bus.will_refuse()
    bus.will_answer(True)

    assert bus.publisher.publish(some_events(11)) == [*[False] * 10, True]


def test_publisher_without_an_answer_asks_only_once(bus: Bus) -> None:
    """A silent bus uses up the time of a request, which has none for a second call."""
    calls = bus.will_not_answer()

    taken = bus.publisher.publish(some_events(23))

    assert taken == [False] * 23
    assert len(calls) == 1
    assert [line["message"] for line in bus.logged] == ["the event bus does not answer"]


def test_publisher_that_loses_the_bus_keeps_what_it_took(bus: Bus) -> None:
    """The events accepted before are done; the outbox entry stays for the rest."""
    bus.will_answer(*[True] * 9, False)
    bus.will_not_answer(after=1)

    assert bus.publisher.publish(some_events(12)) == [*[True] * 9, False, False, False]


def test_publisher_sends_no_more_bytes_than_one_call_takes(bus: Bus) -> None:
    """All entries of a call have 256 KB together; two of 150 KB take two calls."""
    large = replace(REQUESTED, personnel_ids=("c" * 150_000,))
    bus.will_answer(True, True)
    bus.will_answer(True)

    assert bus.publisher.publish([CLOSED, large, large]) == [True] * 3
