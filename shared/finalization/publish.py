"""
Handing owed events to the bus, and forgetting only what it took.
"""

from collections.abc import Iterable, Sequence

from shared.domain.errors import Busy
from shared.domain.outbox import OutboxEntry
from shared.domain.ports import EventPublisher, Outbox

# One PutEvents call.
PORTION = 10


def deliver(entries: Sequence[OutboxEntry], publisher: EventPublisher, outbox: Outbox) -> int:
    """
    Publish *entries* and return how many are still owed.

    An entry goes only after the bus took it: a crash in between repeats an event, it never loses
    one.
    """
    taken = publisher.publish([entry.event for entry in entries])
    delivered = [entry for entry, done in zip(entries, taken, strict=True) if done]
    return len(entries) - sum(_forget(entry, outbox) for entry in delivered)


def deliver_all(entries: Iterable[OutboxEntry], publisher: EventPublisher, outbox: Outbox) -> int:
    """
    Deliver *entries* in portions, so that a long queue is worked off even if time runs out; return
    what is left.
    """
    left, portion = 0, []
    for entry in entries:
        portion.append(entry)
        if len(portion) == PORTION:
            left += deliver(portion, publisher, outbox)
            portion = []
    return left + deliver(portion, publisher, outbox)


def _forget(entry: OutboxEntry, outbox: Outbox) -> bool:
    try:
        outbox.remove(entry)
    except Busy:
        return False
    return True
