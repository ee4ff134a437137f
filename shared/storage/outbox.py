"""The outbox in DynamoDB: its sort key orders the entries as a queue."""

import hashlib
import heapq
from collections.abc import Iterator
from datetime import UTC, datetime

from shared.domain.outbox import OutboxEntry, UnreadableEntry
from shared.storage.limits import AWS, Limits
from shared.storage.models import OutboxItem
from shared.storage.writes import busy_if_unanswered

_STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"


class DynamoOutbox:
    """Implements the `Outbox` port."""

    def __init__(self, limits: Limits = AWS) -> None:
        self._limits = limits

    def due(self, now: datetime) -> Iterator[OutboxEntry | UnreadableEntry]:
        with busy_if_unanswered():
            shards = range(self._limits.outbox_shards)
            items = (self._shard(str(shard), now) for shard in shards)
            yield from map(outbox_entry_from, heapq.merge(*items, key=lambda item: item.due))

    def remove(self, entry: OutboxEntry) -> None:
        with busy_if_unanswered():
            outbox_item(entry, self._limits).delete()

    @staticmethod
    def _shard(shard: str, now: datetime) -> Iterator[OutboxItem]:
        # "~" sorts behind every finalization id.
        until = OutboxItem.due <= f"{_stamp(now)}#~"
        return OutboxItem.query(shard, until, consistent_read=True)


def outbox_item(entry: OutboxEntry, limits: Limits) -> OutboxItem:
    """The item of *entry*; its sort key begins with the time, so a shard lists the oldest first."""
    return OutboxItem(
        shard_of(entry.session_id, limits.outbox_shards),
        f"{_stamp(entry.due)}#{entry.finalization_id}",
        session_id=entry.session_id,
    )


def shard_of(session_id: str, shards: int) -> str:
    """The shard of a session; the same in every release, so that its entry can be removed."""
    return str(hashlib.sha256(session_id.encode()).digest()[0] % shards)


def outbox_entry_from(item: OutboxItem) -> OutboxEntry | UnreadableEntry:
    """The entry in *item*. An unreadable one is returned, because raising would hide the others."""
    stamp, _, finalization_id = item.due.partition("#")
    try:
        due = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return UnreadableEntry(item.due)
    if item.session_id is None:
        return UnreadableEntry(item.due)
    return OutboxEntry(due, finalization_id, item.session_id)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_STAMP)
