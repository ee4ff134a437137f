"""The trail in memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from shared.domain.audit import (
    GENESIS,
    Action,
    AuditEntry,
    ChainPosition,
    ChangeContext,
    FieldChange,
    new_entry,
)
from testing.fakes.hooks import Hook, no_pause
from testing.origins import an_origin


class FakeTrail:
    """The `AuditTrail` port; *on_new* is told each new entry, as the table's stream tells it."""

    def __init__(self, on_new: Callable[[AuditEntry], object] = lambda _: None) -> None:
        self._entries: dict[tuple[str, int], AuditEntry] = {}
        self._on_new = on_new
        self.before_append: Hook = no_pause
        self.appends = 0

    def entries(self, session_id: str, after: int = 0) -> Iterator[AuditEntry]:
        """Implement the port."""
        numbers = sorted(number for name, number in self._entries if name == session_id)
        return (self._entries[session_id, number] for number in numbers if number > after)

    def latest_first(self, session_id: str) -> Iterator[AuditEntry]:
        """Implement the port."""
        return reversed([*self.entries(session_id)])

    def append(
        self, session_id: str, action: Action, change: ChangeContext, changed: Sequence[FieldChange]
    ) -> AuditEntry:
        """Implement the port."""
        self.appends += 1
        self.before_append(self.appends)
        *_, last = (AuditEntry(session_id, 0, "", GENESIS), *self.entries(session_id))
        end = ChainPosition(session_id, last.sequence + 1, last.sha256)
        entry = new_entry(end, action, change, changed)
        self.add(entry)
        return entry

    def append_once(
        self,
        session_id: str,
        action: Action,
        change: ChangeContext,
        changed: Sequence[FieldChange],
        after: int,
    ) -> AuditEntry:
        """Implement the port."""
        there = (entry for entry in self.entries(session_id, after) if entry.action is action)
        return next(there, None) or self.append(session_id, action, change, changed)

    def add(self, entry: AuditEntry) -> None:
        """Write *entry*, as a transition does."""
        if not self.is_taken(entry):
            self._on_new(entry)
        # A forged one may have another origin, or be from before there were any.
        origin = entry.origin or an_origin(entry.sha256)
        self._entries[entry.session_id, entry.sequence] = replace(entry, origin=origin)

    def remove(self, session_id: str, sequence: int) -> None:
        """Delete an entry, which no function may do."""
        del self._entries[session_id, sequence]

    def holds(self, entry: AuditEntry) -> bool:
        """Say whether exactly this entry was written."""
        return self._entries.get((entry.session_id, entry.sequence)) == entry

    def is_taken(self, entry: AuditEntry) -> bool:
        """Say whether there is an entry of that number."""
        return (entry.session_id, entry.sequence) in self._entries
