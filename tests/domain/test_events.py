"""What other modules are told about a finalized session."""

import uuid
from dataclasses import replace

import pytest

from shared.contracts.events import detail_text
from shared.domain.events import ComplianceRecalculationRequested, SessionFinalized
from shared.domain.plan import Plan
from testing.builders import (
    COURSE_ID,
    NOW,
    SESSION_ID,
    a_command,
    a_cuid,
    a_plan,
    a_snapshot,
    an_absentee,
    an_attendee,
    attendees,
)


def requests(plan: Plan) -> list[ComplianceRecalculationRequested]:
    """Return the recalculations among the plan's events."""
    return [event for event in plan.events if isinstance(event, ComplianceRecalculationRequested)]


def test_events_begin_with_the_session_closed() -> None:
    """One event says that the session is finalized, and how many records there are."""
    plan = a_plan(a_snapshot(*attendees(2), an_absentee(3)))

    closed = plan.events[0]

    assert isinstance(closed, SessionFinalized)
    assert closed.records == 2
    assert sum(isinstance(event, SessionFinalized) for event in plan.events) == 1


def test_events_ask_for_the_whole_roster() -> None:
    """People who were absent are named too: to hold no record is a result (DESIGN §5.9)."""
    plan = a_plan(a_snapshot(an_attendee(1), an_attendee(2, has_passed=False), an_absentee(3)))

    (request,) = requests(plan)

    assert request.personnel_ids == (a_cuid(1), a_cuid(2), a_cuid(3))


@pytest.mark.parametrize(
    ("people", "sizes"),
    [
        (0, []),
        (1, [1]),
        (499, [499]),
        (500, [500]),
        (501, [500, 1]),
        (1000, [500, 500]),
        (1203, [500, 500, 203]),
    ],
)
def test_events_name_at_most_500_people_each(people: int, sizes: list[int]) -> None:
    """Each event stays far below the limit of the bus; no one is named twice or left out."""
    plan = a_plan(a_snapshot(*attendees(people)))

    named = [request.personnel_ids for request in requests(plan)]

    assert [len(part) for part in named] == sizes
    assert [person for part in named for person in part] == [
        p.personnel_id for p in attendees(people)
    ]


def test_events_all_say_what_they_are_about() -> None:
    """Session, course, finalization and moment are on every event."""
    plan = a_plan(a_snapshot(*attendees(501)), command=a_command(finalization_id="fin-3"))

    about = {(e.session_id, e.course_id, e.finalization_id, e.occurred_at) for e in plan.events}

    assert about == {(SESSION_ID, COURSE_ID, "fin-3", NOW)}


def test_event_ids_are_the_same_for_the_same_finalization() -> None:
    """A consumer can recognize an event that it receives twice."""
    one = a_plan(a_snapshot(*attendees(501)))
    again = a_plan(a_snapshot(*attendees(501)))

    assert [event.event_id for event in one.events] == [event.event_id for event in again.events]


def test_event_ids_differ_within_and_between_finalizations() -> None:
    """No two events share an id."""
    plans = [
        a_plan(a_snapshot(*attendees(501)), command=a_command(finalization_id=name))
        for name in ("fin-1", "fin-2")
    ]

    ids = [event.event_id for plan in plans for event in plan.events]

    assert len(set(ids)) == len(ids) == 6


def test_event_ids_are_uuids_that_never_change() -> None:
    """An event id that a consumer stored before a release is still right after it."""
    plan = a_plan(a_snapshot(an_attendee(1)))

    ids = [event.event_id for event in plan.events]

    assert ids == [
        "ccb59f58-e318-511d-89a0-3a759a24558e",
        "c8b5d1c2-0554-571c-8061-0e0a2a69c6c9",
    ]
    assert {uuid.UUID(event_id).version for event_id in ids} == {5}


def test_events_fit_the_bus_whatever_the_ids() -> None:
    """EventBridge and SQS take 256 KB: of the longest ids an event names fewer people."""
    people = [replace(person, personnel_id=f"c{n:0254}") for n, person in enumerate(attendees(500))]
    wide = [replace(p, personnel_id="c" + "\U0001f600" * 248 + p.personnel_id[-6:]) for p in people]

    asked = requests(a_plan(a_snapshot(*wide)))

    assert [person for request in asked for person in request.personnel_ids] == [
        person.personnel_id for person in wide
    ]
    assert all(len(detail_text(request).encode()) < 220_000 for request in asked)
    assert len(requests(a_plan(a_snapshot(*people)))) == 1
