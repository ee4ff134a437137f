"""
The events that tell other modules about a finalized session.

Delivery is at least once. An event's id follows from the finalization, so that a consumer
recognizes a repeat.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.batches import batches_within
from shared.domain.session import Attendee, DecidedSession

_EVENT_IDS = uuid.UUID("0b7c3b1e-6a0d-4f6e-9a57-2f5f2f0a9c61")

# The most people one event names, and the most bytes of their ids: EventBridge takes 256 KB in an
# entry, and SQS as much in a message, which is the entry with its envelope.
PEOPLE_PER_EVENT = 500
BYTES_PER_EVENT = 200_000


@dataclass(frozen=True, slots=True)
class SessionFinalized:
    """The session is closed and its records exist."""

    event_id: str
    session_id: str
    course_id: str
    finalization_id: str
    occurred_at: datetime
    records: int


@dataclass(frozen=True, slots=True)
class ComplianceRecalculationRequested:
    """These people's compliance may have changed."""

    event_id: str
    session_id: str
    course_id: str
    finalization_id: str
    occurred_at: datetime
    personnel_ids: tuple[str, ...]


Event = SessionFinalized | ComplianceRecalculationRequested


def finalization_events(
    decided: DecidedSession, attendees: Sequence[Attendee]
) -> tuple[Event, ...]:
    """
    The events of a finalized session: SessionFinalized, and recalculation for the whole roster.

    People who were absent are named too: to hold no record is a result (DESIGN §5.9).
    """
    decision = decided.decision
    about = (
        decided.session.session_id,
        decision.course.course_id,
        decision.finalization_id,
        decision.finalized_at,
    )
    people = [attendee.personnel_id for attendee in attendees]
    closed = SessionFinalized(
        _event_id(decision.finalization_id, "finalized"), *about, records=decision.counts.records
    )
    requested = (
        ComplianceRecalculationRequested(
            _event_id(decision.finalization_id, f"recalculation-{number}"), *about, tuple(batch)
        )
        for number, batch in enumerate(_batches(people))
    )
    return (closed, *requested)


def _batches(people: Iterable[str]) -> Iterator[list[str]]:
    return batches_within(
        people, _bytes_of, most_items=PEOPLE_PER_EVENT, most_bytes=BYTES_PER_EVENT
    )


def _bytes_of(person: str) -> int:
    """With the quotes and the comma around it, and every character that JSON escapes."""
    return len(json.dumps(person, ensure_ascii=False).encode()) + 1


def _event_id(finalization_id: str, name: str) -> str:
    return str(uuid.uuid5(_EVENT_IDS, f"{finalization_id}/{name}"))
