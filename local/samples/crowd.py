"""A class of any size: the whole yard is inducted at once."""

from collections.abc import Sequence

from local.samples.data import FORKLIFT, Mark, Person, Session, sessions


def person(number: int) -> Person:
    """The person with this *number*; ids sort as the numbers do."""
    return {
        "personnelId": f"cm5yard{number:06d}whole",
        "name": f"Yard Worker {number}",
        "jobTitle": "Stevedore",
    }


def induction(course_id: str, people: Sequence[Person]) -> Session:
    """A session of these *people*, a body for ``PUT /sessions/{sessionId}``."""
    return {
        "courseId": course_id,
        "title": "Site Induction, the whole yard",
        "status": "IN_PROGRESS",
        "startsAt": "2026-11-13T07:00:00+01:00",
        "endsAt": "2026-11-13T08:30:00+01:00",
        "timezone": "Europe/Berlin",
        "location": "Warehouse A, Berth 7, Hamburg",
        "trainer": sessions()[FORKLIFT]["trainer"],
        "attendees": list(people),
    }


def mark(whom: Person, *, present: bool = True, passed: bool = True) -> Mark:
    """A row of ``PATCH /sessions/{sessionId}/attendance``."""
    return {"personnelId": whom["personnelId"], "isPresent": present, "hasPassed": passed}
