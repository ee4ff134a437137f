"""
The outbox: events owed after a commit, kept until the bus has taken them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.domain.events import Event

# Few enough to ask them all each minute, enough that no shard is a hot partition.
SHARDS = tuple(str(number) for number in range(8))

# The request that commits publishes at once; the relay leaves it time to do so.
GRACE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """
    An event owed to other modules; *due* orders the entries of a shard, the oldest first.
    """

    shard: str
    due: str
    event: Event


def entries_for(session_id: str, events: Sequence[Event]) -> tuple[OutboxEntry, ...]:
    """
    The entries that owe *events* to the bus.
    """
    shard = SHARDS[hashlib.sha256(session_id.encode()).digest()[0] % len(SHARDS)]
    return tuple(
        OutboxEntry(
            shard, f"{_stamp(event.occurred_at + GRACE)}#{number:04d}#{event.event_id}", event
        )
        for number, event in enumerate(events)
    )


def due_before(now: datetime) -> str:
    """
    A key above that of every entry due by *now*, and below all others.
    """
    return f"{_stamp(now)}#~"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
