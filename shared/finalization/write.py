"""
Writing a finalization plan. The one place that chooses how, and that knows the order of the steps.
"""

from shared.domain.contention import GoOn
from shared.domain.plan import Plan
from shared.domain.ports import FinalizationStore
from shared.domain.session import Session, SessionStatus


def write(plan: Plan, store: FinalizationStore, go_on: GoOn) -> Session:
    """
    Write what *plan* lacks and return the completed session: all of it to all readers at once.

    What fits goes in one transaction. What does not is sealed, staged and completed: the seal is
    the point of no return, staged records count for nobody, and completing makes them all count.
    After a crash anyone who reads the sealed session computes the same plan and goes on.

    Raises:
        LostRace: The session is no longer the one the plan was made for; nothing was written.
        OutOfTime: The session is sealed, and the outbox owes its completion.
        Busy: Contention or throttling lasted.
    """
    if plan.before.status is SessionStatus.COMPLETED:
        return plan.before
    if plan.before.status is not SessionStatus.FINALIZING:
        if store.fits_one_transaction(plan):
            store.commit(plan)
            return plan.completed
        store.seal(plan)
        plan = plan.after_seal()
    store.stage(plan.records, go_on)
    # Only now: every record was acknowledged, so whoever sees the session completed sees them all.
    store.complete(plan)
    return plan.completed
