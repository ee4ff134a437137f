"""
The Finalize gate: one decision, one transaction, then the news.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.contention import until_settled
from shared.domain.outbox import OutboxEntry
from shared.domain.plan import Request, plan_finalization
from shared.domain.ports import (
    CourseStore,
    EventPublisher,
    FinalizationStore,
    Outbox,
    Pause,
    SessionStore,
)
from shared.domain.session import Session, View, require_current
from shared.finalization.publish import deliver
from shared.finalization.snapshot import whole_snapshot
from shared.finalization.write import write


@dataclass(frozen=True, slots=True)
class Finalizing:
    """
    The ports a finalization works with.
    """

    sessions: SessionStore
    courses: CourseStore
    finalizations: FinalizationStore
    publisher: EventPublisher
    outbox: Outbox
    pause: Pause


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    The finalized session; *is_repeat* if it was finalized before, by the same request key. *owed*
    events were not taken by the bus yet.
    """

    session: Session
    is_repeat: bool = False
    owed: int = 0


def finalize_session(
    session_id: str, request: Request, seen: Sequence[View] | None, using: Finalizing
) -> Outcome:
    """
    Turn the drafted session into records, once (spec §4 C).

    The same Idempotency-Key again gets the first outcome. If publishing fails the session is
    finalized all the same: the outbox owes the events, and the relay delivers them.

    Raises:
        NotFound: There is no such session.
        EvidenceMissing, Refused: Something stands against it; nothing was written.
        StaleView: The client decided on an outdated view; nothing was written.
        Busy: Others change the session all the time; nothing was written.
    """
    outcome, entries = until_settled(
        lambda: _attempt(session_id, request, seen, using), using.pause
    )
    owed = deliver(entries, using.publisher, using.outbox)
    return Outcome(outcome.session, outcome.is_repeat, owed)


def _attempt(
    session_id: str, request: Request, seen: Sequence[View] | None, using: Finalizing
) -> tuple[Outcome, tuple[OutboxEntry, ...]]:
    snapshot = whole_snapshot(session_id, using.sessions, using.pause)
    if _is_repeat(snapshot.session, request):
        return Outcome(snapshot.session, is_repeat=True), ()
    snapshot.session.require_open()
    course = using.courses.load(snapshot.session.details.course_id)
    require_current(seen, snapshot.session, course)
    plan = plan_finalization(snapshot, course, request)
    return Outcome(plan.session), write(plan, using.finalizations)


def _is_repeat(session: Session, request: Request) -> bool:
    decision = session.finalization
    return decision is not None and request.key is not None and decision.request_key == request.key
