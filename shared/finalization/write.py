"""
Writing a finalization plan. The one place that chooses how.
"""

from shared.domain.errors import SessionTooLarge
from shared.domain.outbox import OutboxEntry, entries_for
from shared.domain.plan import Plan
from shared.domain.ports import FinalizationStore


def write(plan: Plan, store: FinalizationStore) -> tuple[OutboxEntry, ...]:
    """
    Write the whole *plan* or nothing, and return the outbox entries that now owe its events.

    Raises:
        SessionTooLarge: One transaction does not carry it.
        LostRace: The session is no longer the one the plan was made for.
        Busy: Contention or throttling lasted.
    """
    entries = entries_for(plan.session.session_id, plan.events)
    if not store.fits_one_transaction(plan, entries):
        raise SessionTooLarge(len(plan.records))
    store.commit(plan, entries)
    return entries
