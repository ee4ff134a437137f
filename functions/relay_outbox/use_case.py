"""
Relaying the outbox.
"""

from datetime import datetime

from shared.domain.ports import EventPublisher, Outbox
from shared.finalization.publish import deliver_all


def relay_outbox(now: datetime, publisher: EventPublisher, outbox: Outbox) -> int:
    """
    Deliver everything due, the oldest first, and return how many events the bus did not take.

    Those stay and come again next minute; none holds up the others.
    """
    return deliver_all(outbox.due(now), publisher, outbox)
