"""
What other modules are told about a finalized session.

Each event's id follows from the finalization, so that whoever hears it twice can tell.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.session import Attendee, Finalization, Session

_EVENT_IDS = uuid.UUID("0b7c3b1e-6a0d-4f6e-9a57-2f5f2f0a9c61")

# One event names at most so many people, so that it stays far below EventBridge's size limit.
PEOPLE_PER_EVENT = 500


@dataclass(frozen=True, slots=True)
class SessionFinalized:
    """
    The session is closed and its records exist.
    """

    event_id: str
    session_id: str
    course_id: str
    finalization_id: str
    occurred_at: datetime
    records: int


@dataclass(frozen=True, slots=True)
class ComplianceRecalculationRequested:
    """
    These people's compliance may have changed.
    """

    event_id: str
    session_id: str
    course_id: str
    finalization_id: str
    occurred_at: datetime
    personnel_ids: tuple[str, ...]


Event = SessionFinalized | ComplianceRecalculationRequested


def finalization_events(
    session: Session, decision: Finalization, attendees: Sequence[Attendee]
) -> tuple[Event, ...]:
    """
    The events a finalized *session* owes: one that says so, and the recalculation for the whole
    roster.

    People who were absent are named too: that they hold no record is a result (DESIGN §5.9).
    """
    about = (
        session.session_id,
        decision.course.course_id,
        decision.finalization_id,
        decision.finalized_at,
    )
    people = [attendee.personnel_id for attendee in attendees]
    parts = [people[i : i + PEOPLE_PER_EVENT] for i in range(0, len(people), PEOPLE_PER_EVENT)]
    closed = SessionFinalized(
        _event_id(decision.finalization_id, "finalized"), *about, records=decision.counts.records
    )
    requested = (
        ComplianceRecalculationRequested(
            _event_id(decision.finalization_id, f"recalculation-{number}"), *about, tuple(part)
        )
        for number, part in enumerate(parts)
    )
    return (closed, *requested)


def _event_id(finalization_id: str, name: str) -> str:
    return str(uuid.uuid5(_EVENT_IDS, f"{finalization_id}/{name}"))
