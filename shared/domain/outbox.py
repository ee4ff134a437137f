"""
The outbox: finalizations that still owe work, kept until all of it is done.

One entry stands for a whole finalization. Completing a sealed session and telling the other modules
follow from the session itself, so an entry only names it, however many people it has.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.domain.session import Finalization

# Few enough to ask them all each minute, enough that no shard is a hot partition.
SHARDS = tuple(str(number) for number in range(8))

# The request that finalizes does the work at once; the relay leaves it time to do so.
GRACE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """
    A finalization that owes work; *due* orders the entries of a shard, the oldest first.
    """

    shard: str
    due: str
    session_id: str


def entry_for(session_id: str, decision: Finalization) -> OutboxEntry:
    """
    The one entry a finalization can have, so that whoever finishes the work knows which to remove.
    """
    return OutboxEntry(
        shard=SHARDS[hashlib.sha256(session_id.encode()).digest()[0] % len(SHARDS)],
        due=f"{_stamp(decision.finalized_at + GRACE)}#{decision.finalization_id}",
        session_id=session_id,
    )


def due_before(now: datetime) -> str:
    """
    A key above that of every entry due by *now*, and below all others.
    """
    return f"{_stamp(now)}#~"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
