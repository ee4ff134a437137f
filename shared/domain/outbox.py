"""
The outbox: finalizations that still owe work, kept until all of it is done.

One entry stands for a whole finalization, of any number of people. It only names the session: how
to complete it and which events to publish follow from the stored session.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.session import Finalization

# The request that finalizes does the work itself; the relay waits this long before it helps.
GRACE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, order=True)
class OutboxEntry:
    """A finalization with work due from *due* on; the entry that is due first sorts first."""

    due: datetime
    finalization_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """A stored entry that is damaged; only its key is certain."""

    key: str


def entry_for(session_id: str, decision: Finalization) -> OutboxEntry:
    """The only entry a finalization has; computed again, it is the one to remove when done."""
    return OutboxEntry(decision.finalized_at + GRACE, decision.finalization_id, session_id)
