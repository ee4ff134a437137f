"""
Telling the other modules, and forgetting only what the bus has taken.
"""

from collections.abc import Sequence

from shared.domain.errors import Busy
from shared.domain.events import Event
from shared.domain.outbox import OutboxEntry
from shared.domain.ports import EventPublisher, Outbox


def announce(
    events: Sequence[Event], entry: OutboxEntry, publisher: EventPublisher, outbox: Outbox
) -> bool:
    """
    Publish *events* and say whether the outbox *entry* that owed them is gone.

    It goes only after the bus took every one: a crash in between repeats events and loses none.
    """
    if not all(publisher.publish(events)):
        return False
    try:
        outbox.remove(entry)
    except Busy:
        return False
    return True
