"""Reconciling: whether what is stored still agrees with what was decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from shared.application.ports.parts import (
    WithCompliance,
    WithOutbox,
    WithPause,
    WithRecords,
    WithSessionIndex,
    WithSessions,
)
from shared.application.ports.sessions import SessionIndex
from shared.application.snapshot import settled_snapshot
from shared.application.time_left import HasTimeLeft
from shared.application.walk import walk
from shared.domain.errors import Busy, NotFound
from shared.domain.reconciliation import (
    Finding,
    inconsistent_roster,
    missing_compliance,
    missing_records,
    stuck_entry,
    stuck_session,
    unreadable_session,
)
from shared.domain.session import SessionStatus, Snapshot


class ReconcileSessionsPorts(
    WithSessionIndex, WithSessions, WithRecords, WithCompliance, WithOutbox, WithPause, Protocol
):
    """What a reconciliation reads; it writes nothing."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """
    The findings; the sessions for which no time was left; and those the database did not answer
    for, about which nothing is known.
    """

    findings: tuple[Finding, ...]
    not_reached: tuple[str, ...]
    unanswered: tuple[tuple[str, Exception], ...]


def reconcile_sessions(
    now: datetime,
    looking_back: timedelta,
    ports: ReconcileSessionsPorts,
    has_time_left: HasTimeLeft,
) -> Reconciled:
    """
    Check every session that started within *looking_back* and is locked, and the whole outbox.

    A session that cannot be checked is a finding itself, and does not stop the check of the others.
    Nothing is repaired here: a repair is a person's decision, and its reason must be recorded.

    Raises:
        Busy: The database does not list the sessions or the outbox.
    """
    stuck = [stuck_entry(entry, now) for entry in ports.outbox.due(now)]
    names = _locked_since(now - looking_back, ports.index)
    checks = walk(names, partial(_check, now=now, ports=ports), has_time_left)
    found = [finding for _, findings in checks.done for finding in findings]
    unreadable = [
        unreadable_session(name, failure)
        for name, failure in checks.failures
        if not isinstance(failure, Busy)
    ]
    return Reconciled(
        findings=tuple(finding for finding in (*stuck, *found, *unreadable) if finding is not None),
        not_reached=checks.not_reached,
        unanswered=tuple(one for one in checks.failures if isinstance(one[1], Busy)),
    )


def _locked_since(since: datetime, index: SessionIndex) -> list[str]:
    """Each session once, even if it is completed between the reads of the two lists."""
    names: dict[str, None] = {}
    for status in (SessionStatus.FINALIZING, SessionStatus.COMPLETED):
        names |= dict.fromkeys(index.started_since(status, since))
    return list(names)


def _check(session_id: str, now: datetime, ports: ReconcileSessionsPorts) -> list[Finding | None]:
    """The index is eventually consistent, so the status is read from the session itself."""
    try:
        snapshot = settled_snapshot(session_id, ports.sessions, ports.pause)
    except NotFound:
        return []
    return list(_findings(snapshot, now, ports))


def _findings(
    snapshot: Snapshot, now: datetime, ports: ReconcileSessionsPorts
) -> Iterator[Finding | None]:
    yield stuck_session(snapshot.session, now)
    yield inconsistent_roster(snapshot)
    if snapshot.is_whole and snapshot.session.status is SessionStatus.COMPLETED:
        yield from _check_completed(snapshot, now, ports)


def _check_completed(
    snapshot: Snapshot, now: datetime, ports: ReconcileSessionsPorts
) -> Iterator[Finding | None]:
    session, decision = snapshot.session, snapshot.session.decided().decision
    people = [attendee.personnel_id for attendee in snapshot.attendees]
    present = [attendee.personnel_id for attendee in snapshot.attendees if attendee.is_present]
    standings = ports.compliance.in_course(decision.course.course_id, people)
    yield missing_records(session.session_id, decision, ports.records.written(session, present))
    yield missing_compliance(session.session_id, decision, people, standings, now)
