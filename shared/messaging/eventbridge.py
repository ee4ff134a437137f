"""Publishing events to EventBridge."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from shared.contracts.events import SOURCE, detail_text, detail_type
from shared.domain.batches import batches_within
from shared.domain.events import Event

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import (
        PutEventsRequestEntryTypeDef,
        PutEventsResultEntryTypeDef,
    )

# The most entries of one PutEvents call, and the most bytes of all its entries: 256 KB, less what
# they have beside their detail.
ENTRIES_PER_CALL = 10
BYTES_PER_CALL = 240_000


class EventBridgePublisher:
    """Implements the `EventPublisher` port."""

    def __init__(self, client: "EventBridgeClient", bus: str, logger: Logger) -> None:
        self._client = client
        self._bus = bus
        self._logger = logger

    def publish(self, events: Sequence[Event]) -> list[bool]:
        taken: list[bool] = []
        try:
            for batch in _batches(events):
                taken += self._send(batch)
        except HTTPClientError as error:
            # Stop: each further call would wait for a timeout, and a request has 29 seconds.
            self._logger.warning("the event bus does not answer", extra={"error": str(error)})
        return taken + [False] * (len(events) - len(taken))

    def _send(self, events: Sequence[Event]) -> list[bool]:
        try:
            answer = self._client.put_events(Entries=[self._entry(event) for event in events])
        except HTTPClientError:
            raise
        except (BotoCoreError, ClientError) as error:
            self._logger.warning(
                "the event bus refused a call", extra={"events": len(events), "error": str(error)}
            )
            return self._one_by_one(events)
        # An answer of HTTP 200 may name failures of single entries, which the SDK does not retry.
        return [
            self._taken(event, entry)
            for event, entry in zip(events, answer["Entries"], strict=True)
        ]

    def _one_by_one(self, events: Sequence[Event]) -> list[bool]:
        """One bad event can make the bus refuse the whole call, so each event is sent alone."""
        if len(events) == 1:
            return [False]
        return [taken for event in events for taken in self._send([event])]

    def _taken(self, event: Event, entry: "PutEventsResultEntryTypeDef") -> bool:
        if "EventId" in entry:
            return True
        self._logger.warning(
            "the event bus refused an event",
            extra={"event_id": event.event_id, "error": entry.get("ErrorCode")},
        )
        return False

    def _entry(self, event: Event) -> "PutEventsRequestEntryTypeDef":
        return {
            "Source": SOURCE,
            "DetailType": detail_type(event),
            "Detail": detail_text(event),
            "EventBusName": self._bus,
            "Time": event.occurred_at,
        }


def _batches(events: Sequence[Event]) -> Iterator[list[Event]]:
    return batches_within(events, _bytes_of, most_items=ENTRIES_PER_CALL, most_bytes=BYTES_PER_CALL)


def _bytes_of(event: Event) -> int:
    return len(detail_text(event).encode())
