"""
The Finalize gate: one decision, written whole, then the news.
"""

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.contention import until_settled
from shared.domain.outbox import GRACE
from shared.domain.plan import Request, plan_finalization, plan_of
from shared.domain.ports import CourseStore
from shared.domain.session import Finalization, SessionStatus, Snapshot, View, require_current
from shared.finalization.resume import Finalizing, Outcome, finish
from shared.finalization.snapshot import whole_snapshot

__all__ = ["Outcome", "finalize_session"]


def finalize_session(
    session_id: str,
    request: Request,
    seen: Sequence[View] | None,
    courses: CourseStore,
    using: Finalizing,
) -> Outcome:
    """
    Turn the drafted session into records, once (spec §4 C).

    The same Idempotency-Key again gets the first outcome. If publishing fails the session is
    finalized all the same: the outbox owes the events, and the relay delivers them.

    Raises:
        NotFound: There is no such session.
        EvidenceMissing, Refused: Something stands against it; nothing was written.
        StaleView: The client decided on an outdated view; nothing was written.
        Busy: Others change the session all the time, or the database is throttled.
    """

    def attempt() -> Outcome:
        snapshot = whole_snapshot(session_id, using.sessions, using.pause)
        if snapshot.session.finalization is not None:
            return _meet(snapshot, snapshot.session.finalization, request, using)
        snapshot.session.require_open()
        course = courses.load(snapshot.session.details.course_id)
        require_current(seen, snapshot.session, course)
        return finish(plan_finalization(snapshot, course, request), using)

    return until_settled(attempt, using.pause)


def _meet(
    snapshot: Snapshot, decision: Finalization, request: Request, using: Finalizing
) -> Outcome:
    """
    Meet a session that is decided on already.

    Whoever repeats the deciding request, or comes when it should long be done, finishes it.
    """
    is_repeat = _is_same(decision, request)
    outcome = Outcome(snapshot.session, owes=False)
    is_overdue = request.change.at >= decision.finalized_at + GRACE
    if snapshot.session.status is SessionStatus.FINALIZING and (is_repeat or is_overdue):
        outcome = finish(plan_of(snapshot, decision), using)
    if not is_repeat:
        outcome.session.require_unlocked()
    return replace(outcome, is_repeat=True)


def _is_same(decision: Finalization, request: Request) -> bool:
    if decision.finalization_id == request.finalization_id:
        return True
    return request.key is not None and decision.request_key == request.key
