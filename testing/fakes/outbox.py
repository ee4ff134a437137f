"""Events in memory: those that wait, and those that were published."""

from collections.abc import Collection, Sequence
from datetime import datetime

from shared.domain.events import Event
from shared.domain.outbox import OutboxEntry, UnreadableEntry
from testing.fakes.hooks import Hook, no_pause


class FakeOutbox:
    """The `Outbox` port."""

    def __init__(self) -> None:
        self._entries: set[OutboxEntry] = set()
        self.unreadable: list[UnreadableEntry] = []
        self.before_remove: Hook = no_pause
        self.removals = 0

    def add(self, entry: OutboxEntry) -> None:
        """Add *entry*, as a commit does."""
        self._entries.add(entry)

    def due(self, now: datetime) -> list[OutboxEntry | UnreadableEntry]:
        """Implement the port."""
        return [*self.unreadable, *self.entries_due(now)]

    def entries_due(self, now: datetime) -> list[OutboxEntry]:
        """Return the readable entries that are due."""
        return sorted(entry for entry in self._entries if entry.due <= now)

    def remove(self, entry: OutboxEntry) -> None:
        """Implement the port."""
        self.removals += 1
        self.before_remove(self.removals)
        self._entries.discard(entry)

    @property
    def owed(self) -> set[str]:
        return {entry.session_id for entry in self._entries}


class FakePublisher:
    """The `EventPublisher` port; *refused* names events by id, *down* whole calls by number."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.down: Collection[int] = ()
        self.before_call: Hook = no_pause
        self.calls: list[list[Event]] = []
        self.taken: list[Event] = []

    def publish(self, events: Sequence[Event]) -> list[bool]:
        """Implement the port."""
        self.calls.append(list(events))
        self.before_call(len(self.calls))
        is_up = len(self.calls) not in self.down
        answer = [is_up and event.event_id not in self.refused for event in events]
        self.taken += [event for event, done in zip(events, answer, strict=True) if done]
        return answer
