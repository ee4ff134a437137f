"""A roster larger than one page of a Query, changed while it is read."""

from collections.abc import Callable

import pytest

from functions.finalize_session.use_case import finalize_session
from functions.register_course.use_case import register_course
from functions.register_session.use_case import Registration, register_session
from functions.save_attendance.use_case import Draft, save_attendance
from shared.domain.attendance import Mark
from shared.domain.roster import Enrolment
from shared.storage.limits import AWS
from testing.builders import (
    SESSION_ID,
    a_change,
    a_command,
    a_course,
    a_cuid,
    a_sheet,
    a_transition,
    changed,
    some_details,
)
from testing.fakes import no_hurry
from tests.model.cloud import Cloud
from tests.model.gate import Gate
from tests.model.world import Account

# A page ends at 1 MB, so somewhere among the last four.
FIRST, REST = (1, 2), (6, 7, 8, 9)
LONG = "x" * 380_000

Deed = Callable[[Account], None]


def send_roster(world: Account, *numbers: int) -> None:
    """Register the session with these people."""
    roster = [Enrolment(a_cuid(number), f"Person {number}") for number in numbers]
    change_id = f"put-{numbers}"
    wanted = Registration(SESSION_ID, some_details(), None, roster, None, a_change(change_id))
    register_session(wanted, world.sessions, world.courses, world.pause, no_hurry)


def mark(world: Account, number: int, *, present: bool, remarks: str | None = None) -> None:
    """Save one person's mark."""
    marks = [Mark(a_cuid(number), present, has_passed=True, remarks=remarks)]
    draft = Draft(SESSION_ID, marks, None, a_change(f"patch-{number}-{present}"))
    save_attendance(draft, world.sessions, world.pause, no_hurry)


def send_away(world: Account) -> None:
    """Mark a person absent after all."""
    mark(world, 1, present=False)


def swap(world: Account) -> None:
    """Mark a person absent, and add another."""
    mark(world, 1, present=False)
    send_roster(world, 1, 3, *REST)


def leave_and_come_back(world: Account) -> None:
    """Remove a person from the roster and add them again, and mark them absent."""
    send_roster(world, 1, *REST)
    send_roster(world, 1, 2, *REST)
    mark(world, 2, present=False)


@pytest.fixture
def world(cloud: Cloud, gate: Gate) -> Account:
    """Return a session that everyone attended, with a roster of two pages."""
    world = Account(cloud, gate, AWS)
    register_course(a_course(), a_change(), world.courses, world.pause)
    send_roster(world, *FIRST, *REST)
    for number in FIRST:
        mark(world, number, present=True)
    for number in REST:
        mark(world, number, present=True, remarks=LONG)
    session = world.sessions.load(SESSION_ID)
    world.sessions.save(a_transition(changed(session, "sheet", sheet=a_sheet()), session.version))
    return world


@pytest.mark.parametrize("deed", [send_away, swap, leave_and_come_back])
def test_finalize_reads_again_what_changed_between_two_pages(world: Account, deed: Deed) -> None:
    """Every change that was accepted while the roster was being read is in the records."""
    with world.gate.intruded(2, lambda: deed(world)) as trap:
        finalize_session(SESSION_ID, a_command(), None, world, lambda: True)

    attendees = world.sessions.read(SESSION_ID).attendees
    present = {attendee.personnel_id for attendee in attendees if attendee.is_present}
    people = [a_cuid(number) for number in (1, 2, 3, *REST)]
    assert trap.sprung
    assert {person for person in people if world.records.of_person(person)} == present
