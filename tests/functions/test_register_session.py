"""Registering a session: created or replaced, with its whole roster of any size."""

import json
from collections.abc import Iterable, Sequence
from itertools import repeat
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
    NotFound,
    RosterIncomplete,
    RosterTooLarge,
    SavedInPart,
    SessionAlreadyFinalized,
    StaleView,
    TrainingError,
)
from shared.domain.roster import ROSTER_BYTES, Enrolment, weighed
from shared.domain.session import Attendee, Session, SessionStatus, Snapshot
from shared.domain.session_conditions import ExpectedVersion
from testing.builders import (
    COURSE_ID,
    SESSION_ID,
    a_change,
    a_command,
    a_course,
    a_cuid,
    a_mark,
    a_rejection,
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
from testing.fakes import Crash, FakeWiring, always, at, crash, no_hurry, no_pause

PLANNED = some_details(title="Rescue at height")


def a_world(*snapshots: Snapshot) -> FakeWiring:
    """Return a world with these sessions and the default course."""
    return FakeWiring(*snapshots, courses=[a_course()])


def register(
    world: FakeWiring,
    roster: Iterable[Enrolment] = (),
    request_id: str = "put-1",
    seen: Sequence[ExpectedVersion] | None = None,
    status: SessionStatus | None = None,
    **details: Any,  # noqa: ANN401 - as the builders
) -> Registered:
    """Send the whole session."""
    wanted = Registration(
        SESSION_ID, some_details(**details), status, list(roster), seen, a_change(request_id)
    )
    return register_session(wanted, world.sessions, world.courses, no_pause, world.has_time_left)


def people(count: int) -> list[Enrolment]:
    """Name so many people."""
    return [an_enrolment(number) for number in range(1, count + 1)]


def stored(world: FakeWiring) -> Snapshot:
    """Return the session and its rows."""
    return world.sessions.stored(SESSION_ID)


def ids(rows: Iterable[Attendee]) -> list[str]:
    """Return who they are."""
    return [row.personnel_id for row in rows]


def test_register_creates_a_scheduled_session() -> None:
    """An unknown session is created as scheduled, and everyone on its roster has no marks yet."""
    world = a_world()

    registered = register(world, people(2), title="Rescue at height")

    session = stored(world).session
    assert registered == Registered(session, a_course(), is_new=True)
    assert (session.status, session.details) == (SessionStatus.SCHEDULED, PLANNED)
    assert stored(world).attendees == (an_absentee(1), an_absentee(2))


def test_register_creates_a_session_that_has_nothing_yet() -> None:
    """Version 1 has no sheet, no upload and no decision."""
    world = a_world()

    session = register(world, people(2)).session

    assert session.version == 1
    assert (session.sheet, session.pending, session.rejection) == (None, None, None)
    assert (session.finalization, session.roster_change) == (None, None)


def test_register_creates_a_session_in_the_state_asked_for() -> None:
    """A session may be registered when it has already begun."""
    world = a_world()

    assert (
        register(world, status=SessionStatus.IN_PROGRESS).session.status
        is SessionStatus.IN_PROGRESS
    )


def test_register_replaces_the_details() -> None:
    """An existing session takes all details as sent, as its next version."""
    world = a_world(a_snapshot(version=7))

    registered = register(world, title="Rescue at height", location=None)

    session = stored(world).session
    assert not registered.is_new
    assert registered.session == session
    assert session.details == some_details(title="Rescue at height", location=None)
    assert session.version == 8


def test_register_keeps_the_marks_of_people_who_stay() -> None:
    """Sending the roster again keeps the marks of people who stay (DESIGN §6)."""
    marked = an_attendee(1, has_passed=False, remarks="left at noon", revision=3)
    world = a_world(a_snapshot(marked, an_attendee(2)))

    register(world, [an_enrolment(1), an_enrolment(3)])

    assert stored(world).attendees == (marked, an_absentee(3, revision=8))


@pytest.mark.parametrize("roster", [[], people(3), people(250)])
def test_register_leaves_a_whole_snapshot(roster: list[Enrolment]) -> None:
    """However many join or leave, the sums that prove a snapshot whole agree."""
    world = a_world(a_snapshot(*attendees(120)))

    register(world, roster)

    assert stored(world).is_whole
    assert ids(stored(world).attendees) == [person.personnel_id for person in roster]


def test_register_keeps_the_state_unless_told() -> None:
    """Correcting the title of a session that has begun does not change its state."""
    world = a_world(a_snapshot(status=SessionStatus.IN_PROGRESS))

    assert register(world).session.status is SessionStatus.IN_PROGRESS


@pytest.mark.parametrize(
    "status", [SessionStatus.SCHEDULED, SessionStatus.IN_PROGRESS, SessionStatus.CANCELLED]
)
@pytest.mark.parametrize(
    "before", [SessionStatus.SCHEDULED, SessionStatus.IN_PROGRESS, SessionStatus.CANCELLED]
)
def test_register_sets_the_state_it_is_told(before: SessionStatus, status: SessionStatus) -> None:
    """A session can be cancelled, and planned again."""
    world = a_world(a_snapshot(status=before))

    assert register(world, status=status).session.status is status


def test_register_leaves_the_evidence_alone() -> None:
    """Registering never changes sheet, upload or rejection."""
    evidence = {"sheet": a_sheet(1), "pending": an_upload(3), "rejection": a_rejection(2)}
    world = a_world(a_snapshot(**evidence))

    session = register(world, people(1)).session

    assert (session.sheet, session.pending, session.rejection) == tuple(evidence.values())


def test_register_of_the_same_roster_writes_no_row() -> None:
    """Rows without a change keep their revision."""
    world = a_world(a_snapshot(*attendees(2)))

    register(world, people(2))

    assert stored(world).attendees == attendees(2)
    assert stored(world).is_whole


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (SessionStatus.COMPLETED, SessionAlreadyFinalized),
        (SessionStatus.FINALIZING, FinalizationInProgress),
    ],
)
def test_register_is_refused_by_a_locked_session(
    status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """A finalized session can neither lose people nor be cancelled (K14)."""
    before = a_snapshot(*attendees(2), status=status)
    world = a_world(before)

    with pytest.raises(refusal):
        register(world, [], status=SessionStatus.CANCELLED)

    assert stored(world) == before


def test_register_needs_a_known_course() -> None:
    """A session without a course could never be finalized."""
    world = FakeWiring()

    with pytest.raises(InvalidRequest) as refusal:
        register(world)

    assert refusal.value.errors == (FieldError("/courseId", "There is no such course."),)
    assert COURSE_ID in refusal.value.detail
    assert world.sessions.writes == 0


def test_register_refuses_people_who_are_named_twice() -> None:
    """Each repetition is named by its place, and nothing is saved (K11)."""
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
    """The session was changed after the client loaded it: nothing is overwritten."""
    before = a_snapshot(*attendees(2), version=7)
    world = a_world(before)

    with pytest.raises(StaleView):
        register(world, [], seen=[ExpectedVersion(6)])

    assert stored(world) == before


def test_register_accepts_a_current_view() -> None:
    """The condition holds, so the session is replaced."""
    world = a_world(a_snapshot(version=7))

    assert register(world, people(1), seen=[ExpectedVersion(7)]).session.version == 8


def test_register_of_what_is_stored_changes_nothing() -> None:
    """The same session sent again gets no version and leaves no entry."""
    world = a_world(a_snapshot(version=7))
    register(world, people(120))
    before, writes = stored(world), world.sessions.writes

    again = register(world, people(120))

    assert (again.session, again.is_new) == (before.session, False)
    assert (stored(world), world.sessions.writes) == (before, writes)


def test_register_of_what_is_stored_is_refused_on_an_outdated_view() -> None:
    """The client learns that it saw another session, even if it would change nothing."""
    with pytest.raises(StaleView):
        register(a_world(a_snapshot(version=7)), seen=[ExpectedVersion(6)])


def test_register_is_refused_if_what_the_client_saw_is_not_there() -> None:
    """A condition on a session that does not exist fails."""
    with pytest.raises(StaleView):
        register(a_world(), seen=[ExpectedVersion(1)])


@pytest.mark.parametrize(("count", "writes"), [(0, 1), (98, 1), (99, 2), (196, 2), (250, 3)])
def test_register_takes_as_many_changes_as_the_roster_needs(count: int, writes: int) -> None:
    """Each change is as large as one transaction allows, and each is a version."""
    world = a_world()

    session = register(world, people(count)).session

    assert world.sessions.writes == session.version == writes
    assert len(stored(world).attendees) == count


def test_register_marks_a_large_roster_incomplete_until_the_end() -> None:
    """Readers in between see that the roster is incomplete."""
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


def interrupted(*snapshots: Snapshot, roster: list[Enrolment]) -> FakeWiring:
    """Return a world in which a replacement died after its first batch."""
    world = a_world(*snapshots)
    world.sessions.before_write = at(2, crash)
    with pytest.raises(Crash):
        register(world, roster)
    return world


def test_register_interrupted_blocks_finalize() -> None:
    """An incomplete roster never becomes records."""
    world = interrupted(a_snapshot(*attendees(120)), roster=people(10))

    with pytest.raises(RosterIncomplete):
        finalize_session(SESSION_ID, a_command(), None, world, world.has_time_left)

    assert world.records.everything == set()


@pytest.mark.parametrize("count", [150, 10, 0])
def test_register_interrupted_is_completed_by_sending_it_again(count: int) -> None:
    """Repeating the request does what is left to do."""
    world = interrupted(a_snapshot(*attendees(120)), roster=[an_enrolment(500)])
    roster = people(count)

    session = register(world, roster, request_id="put-2").session

    assert session.roster_change is None
    assert stored(world).is_whole
    assert ids(stored(world).attendees) == [person.personnel_id for person in roster]


def test_register_interrupted_does_not_block_attendance() -> None:
    """Marks can be saved meanwhile; the roster stays marked incomplete."""
    world = interrupted(roster=people(150))

    draft = Draft(SESSION_ID, [a_mark(1)], None, a_change("patch-1"))
    session = save_attendance(draft, world.sessions, no_pause, no_hurry)

    assert session.roster_change == "put-1"
    assert stored(world).attendees[0] == an_attendee(1, revision=2)


def rival_marks(world: FakeWiring, number: int) -> None:
    """Mark a person just before a write, as another client would."""
    save_attendance(
        Draft(SESSION_ID, [a_mark(number)], None, a_change("patch-9")),
        world.sessions,
        no_pause,
        no_hurry,
    )


def test_register_after_a_lost_race_keeps_the_mark_that_won_it() -> None:
    """A PATCH accepted at the last moment is not overwritten."""
    world = a_world(a_snapshot(an_absentee(1)))
    world.sessions.before_write = at(1, lambda: rival_marks(world, 1))

    register(world, people(2))

    assert stored(world).attendees == (an_attendee(1, revision=2), an_absentee(2, revision=9))


def test_register_never_seats_who_comes_back_at_a_revision_they_had() -> None:
    """
    The new row has other marks than the old one. At another revision, a read that missed both the
    leaving and the coming back does not count as whole.
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
    """Until something was written, the condition is checked at each attempt."""
    world = a_world(a_snapshot(an_absentee(1), version=7))
    world.sessions.before_write = at(1, lambda: rival_marks(world, 1))

    with pytest.raises(StaleView):
        register(world, people(2), seen=[ExpectedVersion(7)])

    assert ids(stored(world).attendees) == [a_cuid(1)]


def test_register_goes_on_after_a_conflict_between_batches() -> None:
    """A PATCH between two batches delays the replacement and is kept."""
    world = a_world()
    world.sessions.before_write = at(2, lambda: rival_marks(world, 1))

    registered = register(world, people(150))

    assert registered.is_new
    assert registered.session.roster_change is None
    assert stored(world).attendees[0] == an_attendee(1, revision=2)
    assert len(stored(world).attendees) == 150
    assert stored(world).is_whole


def test_register_applies_its_condition_to_the_first_batch_only() -> None:
    """Later batches follow our own change, which is no conflict."""
    world = a_world(a_snapshot(an_absentee(1), version=7))
    world.sessions.before_write = at(2, lambda: rival_marks(world, 1))

    session = register(world, people(150), seen=[ExpectedVersion(7)]).session

    assert session.roster_change is None
    assert len(stored(world).attendees) == 150


def test_register_gives_way_to_a_later_replacement() -> None:
    """Of two concurrent replacements the one that began last stands; the other is refused."""
    world = a_world()
    world.sessions.before_write = at(2, lambda: register(world, people(3), request_id="put-2"))

    with pytest.raises(Busy):
        register(world, people(150), request_id="put-1")

    assert ids(stored(world).attendees) == ids(attendees(3))
    assert stored(world).session.roster_change is None


def test_register_gives_way_to_a_later_replacement_that_is_not_done_yet() -> None:
    """The roster belongs to the replacement that marked it incomplete last."""
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
    """A finalization that came first is final."""
    world = a_world(a_snapshot(*attendees(2)))
    world.sessions.before_write = at(
        1,
        lambda: finalize_session(SESSION_ID, a_command(), None, world, world.has_time_left),
    )

    with pytest.raises(SessionAlreadyFinalized):
        register(world, people(3))

    assert stored(world).attendees == attendees(2)


def test_register_is_not_new_if_another_request_created_it_first() -> None:
    """Of two concurrent requests that create a session, the second one replaces it."""
    world = a_world()
    world.sessions.before_write = at(1, lambda: register(world, people(1), request_id="put-2"))

    registered = register(world, people(2), request_id="put-1")

    assert registered.session.version == 2
    assert not registered.is_new


def test_register_gives_up_when_rivals_never_cease() -> None:
    """A conflict that outlasts all attempts is reported as busy."""
    world = a_world(a_snapshot())

    def outrun() -> None:
        session: Session = stored(world).session
        world.sessions.put(Snapshot(changed(session, "rival"), ()))

    world.sessions.before_write = always(outrun)

    with pytest.raises(Busy):
        register(world, people(1))


def test_register_reads_again_what_it_saw_torn() -> None:
    """Rows of an accepted change that a read missed are not taken for absent."""
    whole = a_snapshot(an_attendee(1), an_attendee(2))
    world = a_world(whole)
    world.sessions.torn = [Snapshot(whole.session, (an_attendee(1),))]

    register(world, people(2))

    assert stored(world).attendees == whole.attendees


def test_register_leaves_an_entry_with_each_change() -> None:
    """Each transaction names its request, and no two entries are the same."""
    world = a_world(a_snapshot())

    last = register(world, people(250), request_id="put-1").session.audit_head

    entries = [json.loads(entry.content) for entry in world.trail.entries(SESSION_ID)]
    assert [entry["requestId"] for entry in entries] == ["put-1"] * 3
    assert len({entry.sha256 for entry in world.trail.entries(SESSION_ID)} | {last}) == 3


def test_register_leaves_other_sessions_alone() -> None:
    """Only the roster of the session named is replaced."""
    other = Snapshot(
        a_session(session_id="other", roster_count=1, attendance_sum=attendees(1)[0].fingerprint),
        attendees(1),
    )
    world = a_world(other)

    register(world, people(2))

    assert world.sessions.stored("other") == other


# So many names of that length weigh more than a roster may.
LONG = "z" * 300
TOO_MANY = ROSTER_BYTES // len(LONG)


def long_names(*numbers: int) -> list[Enrolment]:
    """Name people at length."""
    return [an_enrolment(number, name=LONG) for number in numbers]


def test_register_refuses_more_than_can_be_read_again() -> None:
    """A roster that no answer could show is refused whole."""
    world = a_world()

    with pytest.raises(RosterTooLarge):
        register(world, long_names(*range(TOO_MANY)))

    with pytest.raises(NotFound):
        stored(world)


def test_register_replaces_a_large_roster_by_another() -> None:
    """Neither is too large, and both together are on no roster at any moment."""
    part = TOO_MANY // 2
    world = a_world()
    register(world, long_names(*range(part)))

    registered = register(world, long_names(*range(part, 2 * part)), request_id="put-2")

    assert registered.session == weighed(stored(world))
    assert len(stored(world).attendees) == part


def test_register_weighs_a_roster_of_the_first_release() -> None:
    """From then on the session knows what its rows weigh."""
    world = a_world(a_snapshot(*attendees(3), roster_bytes=None))

    registered = register(world, people(2))

    assert registered.session.roster_bytes is not None
    assert registered.session == weighed(stored(world))


def test_register_that_runs_out_of_time_says_what_is_saved() -> None:
    """It answers in time, instead of being cut off; the roster cannot be finalized like this."""
    world = a_world()
    world.time = repeat(True, 2)

    with pytest.raises(SavedInPart) as stop:
        register(world, people(250))

    session = stored(world).session
    assert (stop.value.saved, stop.value.version) == (196, session.version)
    assert "196 of 250" in stop.value.detail
    assert len(stored(world).attendees) == 196
    assert stored(world).is_whole
    assert session.roster_change == "put-1"


def test_register_that_is_sent_again_goes_on_where_the_time_was_over() -> None:
    """The same request with the new version completes the roster, and repeats no row."""
    world = a_world()
    world.time = repeat(True, 2)
    with pytest.raises(SavedInPart) as stop:
        register(world, people(250))
    world.time = repeat(True)

    seen = [ExpectedVersion(stop.value.version)]
    registered = register(world, people(250), request_id="put-2", seen=seen)

    assert registered.session.roster_change is None
    assert world.sessions.writes == 3
    assert stored(world).attendees == tuple(
        an_absentee(number, revision=stored(world).attendees[number - 1].revision)
        for number in range(1, 251)
    )


def test_register_without_any_time_saves_nothing() -> None:
    """There is no session yet, and no version to name."""
    world = a_world()
    world.time = repeat(True, 0)

    with pytest.raises(SavedInPart) as stop:
        register(world, people(1))

    assert (stop.value.saved, stop.value.version) == (0, None)
