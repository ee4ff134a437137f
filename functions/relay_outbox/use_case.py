"""Relaying the outbox: finish every finalization that still has work to do."""

from dataclasses import dataclass
from datetime import datetime

from shared.application.finalize import FinalizationPorts, Outcome, resume
from shared.application.time_left import HasTimeLeft
from shared.application.walk import walk
from shared.domain.outbox import OutboxEntry, UnreadableEntry


@dataclass(frozen=True, slots=True)
class Relayed:
    """
    The result of a run: entries done, entries left, and the failures, each with the id of its
    session, or with the entry's key if the entry cannot be read.
    """

    done: int
    left: int
    failures: tuple[tuple[str, Exception], ...]


def relay_outbox(now: datetime, ports: FinalizationPorts, has_time_left: HasTimeLeft) -> Relayed:
    """
    Do all work that is due, oldest first, while there is time.

    An entry whose work fails stays and is retried next minute; it does not stop the others.

    Raises:
        Busy: The database does not list the due entries.
    """
    entries = list(ports.outbox.due(now))
    resumed = walk(entries, lambda entry: _resume(entry, ports, has_time_left), has_time_left)
    done = sum(not outcome.owes for _, outcome in resumed.done)
    failures = tuple((_name(entry), failure) for entry, failure in resumed.failures)
    return Relayed(done, len(entries) - done, failures)


def _resume(
    entry: OutboxEntry | UnreadableEntry, ports: FinalizationPorts, has_time_left: HasTimeLeft
) -> Outcome:
    if isinstance(entry, UnreadableEntry):
        raise ValueError(f"outbox entry {entry.key} cannot be read")  # noqa: TRY004 - no wrong type
    return resume(entry.session_id, ports, has_time_left)


def _name(entry: OutboxEntry | UnreadableEntry) -> str:
    return entry.key if isinstance(entry, UnreadableEntry) else entry.session_id
