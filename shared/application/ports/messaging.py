"""The ports to the event bus, and to the outbox of what still has to be published."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from shared.domain.events import Event
from shared.domain.outbox import OutboxEntry, UnreadableEntry


class Outbox(Protocol):
    def due(self, now: datetime) -> Iterable[OutboxEntry | UnreadableEntry]:
        """The entries due by *now*, oldest first, including those that cannot be read."""

    def remove(self, entry: OutboxEntry) -> None:
        """Remove an entry whose work is done. Idempotent."""


class EventPublisher(Protocol):
    def publish(self, events: Sequence[Event]) -> list[bool]:
        """
        Publish *events* and say of each, by position, whether the bus took it.

        Never raises for an event that was refused or a bus that does not answer: such events are
        still owed.
        """
