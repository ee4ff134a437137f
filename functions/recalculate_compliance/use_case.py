"""
Recalculating compliance: read what records there are, judge, write the verdict.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.compliance import Compliance, verdict
from shared.domain.contention import Pause, until_settled
from shared.domain.ports import ComplianceStore, RecordStore, SessionStore
from shared.domain.session import SessionStatus


class SessionNotCompleted(Exception):
    """
    The event came before the session was seen completed: to be tried again, never to be dropped.
    """


@dataclass(frozen=True, slots=True)
class Recalculating:
    """
    What a recalculation works with.
    """

    sessions: SessionStore
    records: RecordStore
    compliance: ComplianceStore
    expiring_soon: timedelta
    now: Callable[[], datetime]
    pause: Pause


def require_completed(session_id: str, sessions: SessionStore) -> None:
    """
    Raises:
        SessionNotCompleted: Its records do not count yet.
    """
    if sessions.load(session_id).status is not SessionStatus.COMPLETED:
        raise SessionNotCompleted(session_id)


def recalculate(personnel_id: str, course_id: str, using: Recalculating) -> Compliance:
    """
    Judge one person's standing in one course from all their records, and write it.

    Safe to repeat and in any order: the outcome depends on the records alone. The standing is read
    before the records and written only as its successor, so that a calculation that saw fewer
    records never wins.

    Raises:
        Busy: Others recalculate the same person all the time.
    """

    def attempt() -> Compliance:
        earlier = _earlier(personnel_id, course_id, using.compliance)
        now = using.now()
        records = [
            record
            for record in using.records.of_person(personnel_id)
            if record.course_id == course_id
        ]
        calculated = Compliance(
            personnel_id=personnel_id,
            course_id=course_id,
            verdict=verdict(records, now.date(), using.expiring_soon),
            calculated_at=now,
            revision=earlier + 1,
        )
        using.compliance.save(calculated)
        return calculated

    return until_settled(attempt, using.pause)


def _earlier(personnel_id: str, course_id: str, compliance: ComplianceStore) -> int:
    standings = compliance.of_person(personnel_id)
    return next((known.revision for known in standings if known.course_id == course_id), 0)


def courses_of(personnel_id: str, using: Recalculating) -> set[str]:
    """
    The courses in which this person has a standing or a record.
    """
    standings = using.compliance.of_person(personnel_id)
    records = using.records.of_person(personnel_id)
    return {known.course_id for known in standings} | {record.course_id for record in records}
