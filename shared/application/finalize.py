"""
The protocol of Finalize: write a plan, publish its events, and continue both after a crash.

The request that finalizes, a client that repeats it, and the relay all use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.application.ports.messaging import EventPublisher, Outbox
from shared.application.ports.parts import (
    WithFinalizations,
    WithOutbox,
    WithPause,
    WithPublisher,
    WithSessions,
)
from shared.application.ports.records import FinalizationStore
from shared.application.snapshot import whole_snapshot
from shared.application.time_left import HasTimeLeft, OutOfTime
from shared.domain.errors import Busy
from shared.domain.events import Event
from shared.domain.outbox import OutboxEntry, entry_for
from shared.domain.plan import Plan, plan_of
from shared.domain.session import Session, SessionStatus


class FinalizationPorts(
    WithSessions, WithFinalizations, WithPublisher, WithOutbox, WithPause, Protocol
):
    """What a finalization is written, published and remembered with."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a finalization got; *owes* if the outbox still holds work for it."""

    session: Session
    owes: bool
    is_repeat: bool = False


def finish(plan: Plan, ports: FinalizationPorts, has_time_left: HasTimeLeft) -> Outcome:
    """
    Write what is still missing of *plan*, then publish its events.

    Raises:
        ConcurrentChange: The session is no longer the one the plan was made for; nothing was
            written.
        Busy: Contention or throttling lasted.
    """
    try:
        session = write(plan, ports.finalizations, has_time_left)
    except OutOfTime:
        return Outcome(_locked(plan), owes=True)
    entry = entry_for(session.session_id, plan.decision)
    published = publish_owed(plan.events, entry, ports.publisher, ports.outbox)
    return Outcome(session, owes=not published)


def _locked(plan: Plan) -> Session:
    locked = plan.before.status is SessionStatus.FINALIZING
    return plan.before if locked else plan.lock_transition.after


def resume(session_id: str, ports: FinalizationPorts, has_time_left: HasTimeLeft) -> Outcome:
    """
    Finish a decided session: complete it if it is locked, and publish the events it still owes.

    Raises:
        NotFound: There is no such session.
        SessionNotFinalized: Nothing was decided; only an outbox entry made by hand can name such a
            session.
        Busy: Contention or throttling lasted.
    """
    snapshot = whole_snapshot(session_id, ports.sessions, ports.pause)
    return finish(plan_of(snapshot), ports, has_time_left)


def write(plan: Plan, store: FinalizationStore, has_time_left: HasTimeLeft) -> Session:
    """
    Write what is still missing of *plan* and return the completed session. Readers see all of it or
    nothing.

    What fits goes in one transaction. What does not is locked, staged and completed: the lock is
    the point of no return, staged records do not count, and completing makes all of them count.
    After a crash the same plan is computed from the locked session and continued.

    Raises:
        ConcurrentChange: The session is no longer the one the plan was made for; nothing was
            written.
        OutOfTime: The session is locked, and the outbox owes its completion.
        Busy: Contention or throttling lasted.
    """
    if plan.before.status is SessionStatus.COMPLETED:
        return plan.before
    if plan.before.status is not SessionStatus.FINALIZING:
        if store.fits_one_transaction(plan):
            store.commit(plan)
            return plan.completed
        store.lock(plan)
        plan = plan.after_lock()
    store.stage(plan.records, has_time_left)
    # Only now that every record is acknowledged: a reader of the completed session finds them all.
    store.complete(plan)
    return plan.completed


def publish_owed(
    events: Sequence[Event], entry: OutboxEntry, publisher: EventPublisher, outbox: Outbox
) -> bool:
    """
    Publish *events* and say whether the outbox *entry* that owed them is removed.

    It is removed only after the bus took every event: a crash in between repeats events and loses
    none.
    """
    if not all(publisher.publish(events)):
        return False
    try:
        outbox.remove(entry)
    except Busy:
        return False
    return True
