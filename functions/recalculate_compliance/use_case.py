"""Recalculating compliance: read the records, judge them, write the verdict."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from shared.application.completed import require_completed
from shared.application.ports.parts import WithCompliance, WithPause, WithRecords, WithSessions
from shared.application.ports.records import ComplianceStore
from shared.application.retry import retry_on_conflict
from shared.application.time_left import HasTimeLeft
from shared.application.walk import Walk, walk
from shared.domain.compliance import Compliance, verdict_at


class RecalculateCompliancePorts(WithSessions, WithRecords, WithCompliance, WithPause, Protocol):
    """The ports of a recalculation."""

    @property
    def expiring_soon(self) -> timedelta:
        """How long before its last day a pass becomes AMBER."""

    def now(self) -> datetime: ...


class NotOfThisSession(Exception):
    """
    A request names a course or a person that its session has nothing to do with: no decision asked
    for that. It is not carried out, and ends in the dead-letter queue, whose alarm rings.
    """


def recalculate_session(
    session_id: str,
    course_id: str,
    personnel_ids: Sequence[str],
    ports: RecalculateCompliancePorts,
    has_time_left: HasTimeLeft,
) -> Walk[str, Compliance]:
    """
    Recalculate these people, as the decision of their session asks for, while there is time; a
    failure with one of them does not stop the others. Whoever is not on the roster is a failure.

    Raises:
        SessionNotCompleted: The session is not seen completed yet.
        NotOfThisSession: It is not about that course.
    """
    session = ports.sessions.load(session_id)
    require_completed(session)
    if session.completed().decision.course.course_id != course_id:
        raise NotOfThisSession(f"{session_id} is not about that course")
    enrolled = {one.personnel_id for one in ports.sessions.attendees(session_id, personnel_ids)}

    def visit(person: str) -> Compliance:
        if person not in enrolled:
            raise NotOfThisSession(f"not on the roster of {session_id}")
        return recalculate(person, course_id, ports)

    return walk(personnel_ids, visit, has_time_left)


def recalculate_courses(
    personnel_id: str, ports: RecalculateCompliancePorts, has_time_left: HasTimeLeft
) -> Walk[str, Compliance]:
    """Recalculate one person in every course with a standing or a record, in the same way."""
    courses = sorted(courses_of(personnel_id, ports))
    return walk(courses, lambda course: recalculate(personnel_id, course, ports), has_time_left)


def recalculate(personnel_id: str, course_id: str, ports: RecalculateCompliancePorts) -> Compliance:
    """
    Judge one person's standing in one course from all their records, and write it.

    Idempotent, and independent of order: the verdict depends on the records alone. The stored
    revision is read before the records, and the write is conditional on it, so that a calculation
    that saw fewer records never replaces one that saw more.

    Raises:
        Busy: Every attempt met another calculation of the same standing.
    """

    def attempt() -> Compliance:
        revision = _stored_revision(personnel_id, course_id, ports.compliance)
        now = ports.now()
        records = [
            record
            for record in ports.records.of_person(personnel_id)
            if record.course_id == course_id
        ]
        calculated = Compliance(
            personnel_id=personnel_id,
            course_id=course_id,
            verdict=verdict_at(records, now, ports.expiring_soon),
            calculated_at=now,
            revision=revision + 1,
        )
        ports.compliance.save(calculated)
        return calculated

    return retry_on_conflict(attempt, ports.pause)


def _stored_revision(personnel_id: str, course_id: str, compliance: ComplianceStore) -> int:
    standings = compliance.of_person(personnel_id)
    return next((known.revision for known in standings if known.course_id == course_id), 0)


def courses_of(personnel_id: str, ports: RecalculateCompliancePorts) -> set[str]:
    """The courses in which this person has a standing or a record."""
    standings = ports.compliance.of_person(personnel_id)
    records = ports.records.of_person(personnel_id)
    return {known.course_id for known in standings} | {record.course_id for record in records}
