"""
Reconciling: does what is stored still agree with what was decided?
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from shared.domain.contention import Pause
from shared.domain.errors import NotFound
from shared.domain.ports import ComplianceStore, Outbox, RecordStore, SessionStore
from shared.domain.reconciliation import (
    Finding,
    missing_compliance,
    missing_records,
    stuck_entry,
    stuck_session,
)
from shared.domain.session import SessionStatus, SessionSummary, Snapshot
from shared.finalization.snapshot import whole_snapshot

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Reconciling:
    """
    The ports a reconciliation works with; all of them only read.
    """

    sessions: SessionStore
    records: RecordStore
    compliance: ComplianceStore
    outbox: Outbox
    pause: Pause


def reconcile_sessions(now: datetime, looking_back: timedelta, using: Reconciling) -> list[Finding]:
    """
    Check every session that started within *looking_back* and is locked, and the whole outbox.

    Nothing is repaired here: a repair is somebody's decision, and its reason belongs on record.
    """
    entries = (stuck_entry(entry, now) for entry in using.outbox.due(now))
    sessions = (
        finding
        for session_id in _locked_since(now - looking_back, using.sessions)
        for finding in _check(session_id, now, using)
    )
    return [finding for finding in (*entries, *sessions) if finding is not None]


def _locked_since(since: datetime, sessions: SessionStore) -> Iterator[str]:
    for status in (SessionStatus.FINALIZING, SessionStatus.COMPLETED):
        recent = takewhile(lambda found: found.starts_at >= since, _listed(status, sessions))
        yield from (summary.session_id for summary in recent)


def _listed(status: SessionStatus, sessions: SessionStore) -> Iterator[SessionSummary]:
    after: str | None = None
    while page := sessions.page([status], _PAGE, after):
        yield from page
        after = page[-1].position


def _check(session_id: str, now: datetime, using: Reconciling) -> Iterable[Finding | None]:
    """
    The list may lag behind; what counts is read from the session itself.
    """
    try:
        snapshot = whole_snapshot(session_id, using.sessions, using.pause)
    except NotFound:
        return []
    if snapshot.session.status is SessionStatus.COMPLETED:
        return _check_completed(snapshot, now, using)
    return [stuck_session(snapshot.session, now)]


def _check_completed(
    snapshot: Snapshot, now: datetime, using: Reconciling
) -> Iterable[Finding | None]:
    session, decision = snapshot.session, snapshot.session.finalization
    if decision is None:
        return []
    people = [attendee.personnel_id for attendee in snapshot.attendees]
    present = [attendee.personnel_id for attendee in snapshot.attendees if attendee.is_present]
    standings = using.compliance.in_course(decision.course.course_id, people)
    return [
        missing_records(session.session_id, decision, using.records.written(session, present)),
        missing_compliance(session.session_id, decision, people, standings, now),
    ]
