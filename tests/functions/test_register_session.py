"""Registering a session: created or replaced, with its whole roster, whatever the roster's size."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from functions.finalize_session.use_case import finalize_session
from functions.register_session.use_case import Registered, Registration, register_session
from functions.save_attendance.use_case import Draft, save_attendance
from shared.domain.errors import (
    Busy,
    FieldError,
    FinalizationInProgress,
    InvalidRequest,
    RosterIncomplete,
    SessionFinalized,
    StaleView,
    TrainingError,
)
from shared.domain.roster import Enrolment
from shared.domain.session import Attendee, Session, SessionStatus, Snapshot, View
from tests.builders import (
    COURSE_ID,
    SESSION_ID,
    a_change,
    a_course,
    a_cuid,
    a_mark,
    a_rejection,
    a_request,
    a_session,
    a_sheet,
    a_snapshot,
    an_absentee,
    an_attendee,
    an_enrolment,
    an_upload,
    attendees,
    changed,
    some_details,
)
from tests.fakes import Crash, World, always, at, crash, no_pause

PLANNED = some_details(title="Rescue at height")


def a_world(*snapshots: Snapshot) -> World:
    """Return a world with these sessions and the default course."""
    return World(*snapshots, courses=[a_course()])


def register(
    world: World,
    roster: Iterable[Enrolment] = (),
    request_id: str = "put-1",
    seen: Sequence[View] | None = None,
    status: SessionStatus | None = None,
    **details: Any,  # noqa: ANN401 - as the builders
) -> Registered:
    """Send the whole session."""
    wanted = Registration(
        SESSION_ID, some_details(**details), status, list(roster), seen, a_change(request_id)
    )
    return register_session(wanted, world.sessions, world.courses, no_pause)


def people(count: int) -> list[Enrolment]:
    """Name so many people."""
    return [an_enrolment(number) for number in range(1, count + 1)]


def stored(world: World) -> Snapshot:
    """Return the session and its rows."""
    return world.sessions.stored(SESSION_ID)


def ids(rows: Iterable[Attendee]) -> list[str]:
    """Return who they are."""
    return [row.personnel_id for row in rows]


def test_register_creates_a_scheduled_session() -> None:
    """A session nobody knew is planned, and its roster seated without marks."""
    world = a_world()

    registered = register(world, people(2), title="Rescue at height")

    session = stored(world).session
    assert registered == Registered(session, a_course(), is_new=True)
    assert (session.status, session.details) == (SessionStatus.SCHEDULED, PLANNED)
    assert stored(world).attendees == (an_absentee(1), an_absentee(2))


def test_register_creates_a_session_that_has_nothing_yet() -> None:
    """No sheet, no upload, no decision: version 1 begins empty."""
    world = a_world()

    session = register(world, people(2)).session

    assert session.version == 1
    assert (session.sheet, session.pending, session.rejection) == (None, None, None)
    assert (session.finalization, session.roster_change) == (None, None)


def test_register_creates_a_session_in_the_state_asked_for() -> None:
    """A session may be registered when it is under way already."""
    world = a_world()

    assert (
        register(world, status=SessionStatus.IN_PROGRESS).session.status
        is SessionStatus.IN_PROGRESS
    )


def test_register_replaces_the_details() -> None:
    """A session that is there takes all details as sent, as its next version."""
    world = a_world(a_snapshot(version=7))

    registered = register(world, title="Rescue at height", location=None)

    session = stored(world).session
    assert not registered.is_new
    assert registered.session == session
    assert session.details == some_details(title="Rescue at height", location=None)
    assert session.version == 8


def test_register_keeps_the_marks_of_people_who_stay() -> None:
    """Sending the roster again costs nobody what was noted about them (DESIGN §6)."""
    marked = an_attendee(1, has_passed=False, remarks="left at noon", revision=3)
    world = a_world(a_snapshot(marked, an_attendee(2)))

    register(world, [an_enrolment(1), an_enrolment(3)])

    assert stored(world).attendees == (marked, an_absentee(3, revision=8))


@pytest.mark.parametrize("roster", [[], people(3), people(250)])
def test_register_leaves_a_whole_snapshot(roster: list[Enrolment]) -> None:
    """However many joined or left, the sums that prove a read whole agree."""
    world = a_world(a_snapshot(*attendees(120)))

    register(world, roster)

    assert stored(world).is_whole
    assert ids(stored(world).attendees) == [person.personnel_id for person in roster]


def test_register_keeps_the_state_unless_told() -> None:
    """A session under way is not set back to planned by a corrected title."""
    world = a_world(a_snapshot(status=SessionStatus.IN_PROGRESS))

    assert register(world).session.status is SessionStatus.IN_PROGRESS


@pytest.mark.parametrize(
    "status", [SessionStatus.SCHEDULED, SessionStatus.IN_PROGRESS, SessionStatus.CANCELLED]
)
@pytest.mark.parametrize(
    "before", [SessionStatus.SCHEDULED, SessionStatus.IN_PROGRESS, SessionStatus.CANCELLED]
)
def test_register_sets_the_state_it_is_told(before: SessionStatus, status: SessionStatus) -> None:
    """A session is cancelled, and set back if it took place after all."""
    world = a_world(a_snapshot(status=before))

    assert register(world, status=status).session.status is status


def test_register_leaves_the_evidence_alone() -> None:
    """Sheet, upload and refusal are not the planner's to change."""
    evidence = {"sheet": a_sheet(1), "pending": an_upload(3), "rejection": a_rejection(2)}
    world = a_world(a_snapshot(**evidence))

    session = register(world, people(1)).session

    assert (session.sheet, session.pending, session.rejection) == tuple(evidence.values())


def test_register_of_the_same_roster_writes_no_row() -> None:
    """Rows nobody changed stay at their revision."""
    world = a_world(a_snapshot(*attendees(2)))

    register(world, people(2))

    assert stored(world).attendees == attendees(2)
    assert stored(world).is_whole


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (SessionStatus.COMPLETED, SessionFinalized),
        (SessionStatus.FINALIZING, FinalizationInProgress),
    ],
)
def test_register_is_refused_by_a_locked_session(
    status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """Nobody is taken off the roster of a finalized session, and nobody cancels it (K14)."""
    before = a_snapshot(*attendees(2), status=status)
    world = a_world(before)

    with pytest.raises(refusal):
        register(world, [], status=SessionStatus.CANCELLED)

    assert stored(world) == before


def test_register_needs_a_known_course() -> None:
    """A session of no course could never be finalized."""
    world = World()

    with pytest.raises(InvalidRequest) as refusal:
        register(world)

    assert refusal.value.errors == (FieldError("/courseId", "There is no such course."),)
    assert COURSE_ID in refusal.value.detail
    assert world.sessions.writes == 0


def test_register_refuses_people_who_are_named_twice() -> None:
    """Every repetition is named by its place; nothing was saved (K11)."""
    world = a_world()
    roster = [an_enrolment(number) for number in (1, 2, 1, 3, 2, 1)]

    with pytest.raises(InvalidRequest) as refusal:
        register(world, roster)

    assert [error.pointer for error in refusal.value.errors] == [
        "/attendees/2/personnelId",
        "/attendees/4/personnelId",
        "/attendees/5/personnelId",
    ]
    assert refusal.value.errors[0].detail == f"{a_cuid(1)} is listed twice."
    assert world.sessions.writes == 0


def test_register_is_refused_on_an_outdated_view() -> None:
    """Somebody changed the session after it was opened: nothing is overwritten."""
    before = a_snapshot(*attendees(2), version=7)
    world = a_world(before)

    with pytest.raises(StaleView):
        register(world, [], seen=[View(6)])

    assert stored(world) == before


def test_register_accepts_a_current_view() -> None:
    """The condition holds, so the session is replaced."""
    world = a_world(a_snapshot(version=7))

    assert register(world, seen=[View(7)]).session.version == 8


def test_register_is_refused_if_what_the_client_saw_is_not_there() -> None:
    """A condition on a session that does not exist cannot hold."""
    with pytest.raises(StaleView):
        register(a_world(), seen=[View(1)])


@pytest.mark.parametrize(("count", "writes"), [(0, 1), (98, 1), (99, 2), (196, 2), (250, 3)])
def test_register_takes_as_many_changes_as_the_roster_needs(count: int, writes: int) -> None:
    """Each change carries what one transaction does, and each is a version."""
    world = a_world()

    session = register(world, people(count)).session

    assert world.sessions.writes == session.version == writes
    assert len(stored(world).attendees) == count


def test_register_marks_a_large_roster_incomplete_until_the_end() -> None:
    """Whoever looks in between sees that half of it is missing."""
    world = a_world()
    seen: list[tuple[int, str | None, bool]] = []

    def look(number: int) -> None:
        if number > 1:
            now = stored(world)
            seen.append((len(now.attendees), now.session.roster_change, now.is_whole))

    world.sessions.before_write = look

    register(world, people(250), request_id="put-1")

    assert seen == [(98, "put-1", True), (196, "put-1", True)]
    assert stored(world).session.roster_change is None


def interrupted(*snapshots: Snapshot, roster: list[Enrolment]) -> World:
    """Return a world in which a replacement died after its first portion."""
    world = a_world(*snapshots)
    world.sessions.before_write = at(2, crash)
    with pytest.raises(Crash):
        register(world, roster)
    return world


def test_register_interrupted_blocks_finalize() -> None:
    """Half a roster never becomes records."""
    world = interrupted(a_snapshot(*attendees(120)), roster=people(10))

    with pytest.raises(RosterIncomplete):
        finalize_session(SESSION_ID, a_request(), None, world.courses, world.finalizing)

    assert world.records.everything == set()


@pytest.mark.parametrize("count", [150, 10, 0])
def test_register_interrupted_is_completed_by_sending_it_again(count: int) -> None:
    """The same request again does what is still to be done."""
    world = interrupted(a_snapshot(*attendees(120)), roster=[an_enrolment(500)])
    roster = people(count)

    session = register(world, roster, request_id="put-2").session

    assert session.roster_change is None
    assert stored(world).is_whole
    assert ids(stored(world).attendees) == [person.personnel_id for person in roster]


def test_register_interrupted_does_not_block_attendance() -> None:
    """The grid can be worked on meanwhile; the roster stays marked incomplete."""
    world = interrupted(roster=people(150))

    draft = Draft(SESSION_ID, [a_mark(1)], None, a_change("patch-1"))
    session = save_attendance(draft, world.sessions, no_pause)

    assert session.roster_change == "put-1"
    assert stored(world).attendees[0] == an_attendee(1, revision=2)


def rival_marks(world: World, number: int) -> None:
    """Let somebody mark a person just before a write."""
    save_attendance(
        Draft(SESSION_ID, [a_mark(number)], None, a_change("patch-9")), world.sessions, no_pause
    )


def test_register_after_a_lost_race_keeps_the_mark_that_won_it() -> None:
    """A PATCH accepted at the last moment is not overwritten."""
    world = a_world(a_snapshot(an_absentee(1)))
    world.sessions.before_write = at(1, lambda: rival_marks(world, 1))

    register(world, people(2))

    assert stored(world).attendees == (an_attendee(1, revision=2), an_absentee(2, revision=9))


def test_register_never_seats_who_comes_back_at_a_revision_they_had() -> None:
    """
    Their row stands for other marks than it once did, so that a read that missed their leaving and
    their coming back is not taken for whole.
    """
    world = a_world()
    register(world, people(1), request_id="put-1")
    rival_marks(world, 1)
    had = {1, 2}

    register(world, [], request_id="put-2")
    register(world, people(1), request_id="put-3")

    (row,) = stored(world).attendees
    assert row.revision > max(had)


def test_register_after_a_lost_race_is_refused_if_the_view_went_with_it() -> None:
    """Before anything was written, the condition is looked at again."""
    world = a_world(a_snapshot(an_absentee(1), version=7))
    world.sessions.before_write = at(1, lambda: rival_marks(world, 1))

    with pytest.raises(StaleView):
        register(world, people(2), seen=[View(7)])

    assert ids(stored(world).attendees) == [a_cuid(1)]


def test_register_goes_on_after_a_race_lost_between_portions() -> None:
    """A PATCH between two portions delays the replacement and is kept."""
    world = a_world()
    world.sessions.before_write = at(2, lambda: rival_marks(world, 1))

    registered = register(world, people(150))

    assert registered.is_new
    assert registered.session.roster_change is None
    assert stored(world).attendees[0] == an_attendee(1, revision=2)
    assert len(stored(world).attendees) == 150
    assert stored(world).is_whole


def test_register_applies_its_condition_to_the_first_portion_only() -> None:
    """Later portions follow our own change, which is no reason to refuse it."""
    world = a_world(a_snapshot(an_absentee(1), version=7))
    world.sessions.before_write = at(2, lambda: rival_marks(world, 1))

    session = register(world, people(150), seen=[View(7)]).session

    assert session.roster_change is None
    assert len(stored(world).attendees) == 150


def test_register_gives_way_to_a_later_replacement() -> None:
    """Two rosters sent at once: the one that began last stands, and the other is told."""
    world = a_world()
    world.sessions.before_write = at(2, lambda: register(world, people(3), request_id="put-2"))

    with pytest.raises(Busy):
        register(world, people(150), request_id="put-1")

    assert ids(stored(world).attendees) == ids(attendees(3))
    assert stored(world).session.roster_change is None


def test_register_gives_way_to_a_later_replacement_that_is_not_done_yet() -> None:
    """The roster belongs to whoever marked it incomplete last."""
    world = a_world()

    def begin_another() -> None:
        session = stored(world).session
        world.sessions.put(
            Snapshot(changed(session, "put-2-1", roster_change="put-2"), stored(world).attendees)
        )

    world.sessions.before_write = at(2, begin_another)

    with pytest.raises(Busy):
        register(world, people(150), request_id="put-1")

    assert stored(world).session.roster_change == "put-2"


def test_register_is_refused_if_the_session_was_locked_meanwhile() -> None:
    """A finalization that won the race is final."""
    world = a_world(a_snapshot(*attendees(2)))
    world.sessions.before_write = at(
        1,
        lambda: finalize_session(SESSION_ID, a_request(), None, world.courses, world.finalizing),
    )

    with pytest.raises(SessionFinalized):
        register(world, people(3))

    assert stored(world).attendees == attendees(2)


def test_register_is_not_new_if_somebody_else_created_it_first() -> None:
    """Two create the same session at once: the second replaced it."""
    world = a_world()
    world.sessions.before_write = at(1, lambda: register(world, people(1), request_id="put-2"))

    registered = register(world, people(2), request_id="put-1")

    assert registered.session.version == 2
    assert not registered.is_new


def test_register_gives_up_when_rivals_never_cease() -> None:
    """Contention that outlasts the attempts is said, not hidden."""
    world = a_world(a_snapshot())

    def outrun() -> None:
        session: Session = stored(world).session
        world.sessions.put(Snapshot(changed(session, "rival"), ()))

    world.sessions.before_write = always(outrun)

    with pytest.raises(Busy):
        register(world, people(1))


def test_register_reads_again_what_it_saw_torn() -> None:
    """Rows of an accepted change are not taken for missing."""
    whole = a_snapshot(an_attendee(1), an_attendee(2))
    world = a_world(whole)
    world.sessions.torn = [Snapshot(whole.session, (an_attendee(1),))]

    register(world, people(2))

    assert stored(world).attendees == whole.attendees


def test_register_leaves_an_entry_with_each_change() -> None:
    """Every transaction says by which request it was, and no two entries are the same."""
    world = a_world(a_snapshot())

    last = register(world, people(250), request_id="put-1").session.audit_head

    entries = [json.loads(entry.content) for entry in world.trail.entries(SESSION_ID)]
    assert [entry["requestId"] for entry in entries] == ["put-1"] * 3
    assert len({entry.sha256 for entry in world.trail.entries(SESSION_ID)} | {last}) == 3


def test_register_leaves_other_sessions_alone() -> None:
    """One roster is replaced, not all."""
    other = Snapshot(
        a_session(session_id="other", roster_count=1, attendance_sum=attendees(1)[0].fingerprint),
        attendees(1),
    )
    world = a_world(other)

    register(world, people(2))

    assert world.sessions.stored("other") == other
