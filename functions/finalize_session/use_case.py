"""Finalizing a session: one decision is written completely, then its events are published."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from shared.application.finalize import FinalizationPorts, Outcome, finish
from shared.application.other_uses import other_uses
from shared.application.ports.parts import WithCourses, WithSheetUses
from shared.application.retry import retry_on_conflict
from shared.application.snapshot import whole_snapshot
from shared.application.time_left import HasTimeLeft
from shared.domain.outbox import GRACE
from shared.domain.plan import FinalizeCommand, plan_finalization, plan_of
from shared.domain.session import Finalization, SessionStatus, Snapshot
from shared.domain.session_conditions import ExpectedVersion, require_current

__all__ = ["Outcome", "finalize_session"]


class FinalizeSessionPorts(FinalizationPorts, WithCourses, WithSheetUses, Protocol):
    """The ports of finalizing."""


def finalize_session(
    session_id: str,
    command: FinalizeCommand,
    expected: Sequence[ExpectedVersion] | None,
    ports: FinalizeSessionPorts,
    has_time_left: HasTimeLeft,
) -> Outcome:
    """
    Turn the drafted session into records, once (spec §4 C).

    Idempotent: a repeat with the same Idempotency-Key gets the first outcome. If publishing fails,
    the session is finalized all the same: the events stay in the outbox and the relay delivers
    them. What is warned of is decided once, with the rest.

    Raises:
        NotFound: There is no such session.
        EvidenceMissing, Refused: The session's state forbids it; nothing was written.
        StaleView: The client's expected version is outdated; nothing was written.
        Busy: Every attempt met a conflict, or the database is throttled.
    """

    def attempt() -> Outcome:
        snapshot = whole_snapshot(session_id, ports.sessions, ports.pause)
        if snapshot.session.finalization is not None:
            return _already_decided(snapshot, command, ports, has_time_left)
        snapshot.session.require_open()
        course = ports.courses.load(snapshot.session.details.course_id)
        require_current(expected, snapshot.session, course)
        others = other_uses(snapshot.session, ports.sheet_uses)
        plan = plan_finalization(snapshot, course, command, others)
        return finish(plan, ports, has_time_left)

    return retry_on_conflict(attempt, ports.pause)


def _already_decided(
    snapshot: Snapshot,
    command: FinalizeCommand,
    ports: FinalizationPorts,
    has_time_left: HasTimeLeft,
) -> Outcome:
    """
    Answer a command on a session that is already decided.

    A repeat of the request that decided it finishes a locked session; so does any request once the
    relay should have done so.
    """
    decision = snapshot.session.decided().decision
    is_repeat = _is_same(decision, command)
    outcome = Outcome(snapshot.session, owes=False)
    is_overdue = command.change.at >= decision.finalized_at + GRACE
    if snapshot.session.status is SessionStatus.FINALIZING and (is_repeat or is_overdue):
        outcome = finish(plan_of(snapshot), ports, has_time_left)
    if not is_repeat:
        outcome.session.require_unlocked()
    return replace(outcome, is_repeat=True)


def _is_same(decision: Finalization, command: FinalizeCommand) -> bool:
    if decision.finalization_id == command.finalization_id:
        return True
    return command.key is not None and decision.request_key == command.key
