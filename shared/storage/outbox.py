"""
The outbox in DynamoDB: its key is the queue.
"""

import heapq
from collections.abc import Iterator
from datetime import datetime

from shared.domain.outbox import SHARDS, OutboxEntry, due_before
from shared.storage.mapping import outbox_entry_from
from shared.storage.models import OutboxItem
from shared.storage.writes import answered


class DynamoOutbox:
    """
    Keeps the `Outbox` port.
    """

    def due(self, now: datetime) -> Iterator[OutboxEntry]:
        with answered():
            yield from heapq.merge(
                *(self._shard(shard, now) for shard in SHARDS), key=lambda entry: entry.due
            )

    def remove(self, entry: OutboxEntry) -> None:
        with answered():
            OutboxItem(entry.shard, entry.due).delete()

    @staticmethod
    def _shard(shard: str, now: datetime) -> Iterator[OutboxEntry]:
        items = OutboxItem.query(shard, OutboxItem.due < due_before(now), consistent_read=True)
        return (outbox_entry_from(item) for item in items)
