"""
Carrying a decided finalization to its end, from wherever it stands.

The request that decided it, a client that repeats its request, and the relay all come through here.
"""

from dataclasses import dataclass

from shared.domain.contention import GoOn, OutOfTime, Pause
from shared.domain.outbox import entry_for
from shared.domain.plan import Plan, plan_of
from shared.domain.ports import EventPublisher, FinalizationStore, Outbox, SessionStore
from shared.domain.session import Session, SessionStatus
from shared.finalization.publish import announce
from shared.finalization.snapshot import whole_snapshot
from shared.finalization.write import write


@dataclass(frozen=True, slots=True)
class Finalizing:
    """
    The ports a finalization works with.
    """

    sessions: SessionStore
    finalizations: FinalizationStore
    publisher: EventPublisher
    outbox: Outbox
    pause: Pause
    go_on: GoOn


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    How far a finalization got; *owes* if the outbox still holds work for it.
    """

    session: Session
    owes: bool
    is_repeat: bool = False


def finish(plan: Plan, using: Finalizing) -> Outcome:
    """
    Write what *plan* still lacks, then tell the other modules.

    Raises:
        LostRace: The session is no longer the one the plan was made for; nothing was written.
        Busy: Contention or throttling lasted.
    """
    try:
        session = write(plan, using.finalizations, using.go_on)
    except OutOfTime:
        return Outcome(_sealed(plan), owes=True)
    entry = entry_for(session.session_id, plan.decision)
    told = announce(plan.events, entry, using.publisher, using.outbox)
    return Outcome(session, owes=not told)


def _sealed(plan: Plan) -> Session:
    sealed = plan.before.status is SessionStatus.FINALIZING
    return plan.before if sealed else plan.seal_step.after


def resume(session_id: str, using: Finalizing) -> Outcome:
    """
    Finish a session that was decided on: complete it if it is sealed, and tell what is still owed.

    Raises:
        NotFound: There is no such session.
        ValueError: It was never decided on, which only an outbox entry made by hand can cause.
        Busy: Contention or throttling lasted.
    """
    snapshot = whole_snapshot(session_id, using.sessions, using.pause)
    if snapshot.session.finalization is None:
        raise ValueError(f"session {session_id} was never finalized")
    return finish(plan_of(snapshot, snapshot.session.finalization), using)
