"""Saving attendance: a draft, accepted in whole transactions."""

import json
from collections.abc import Iterable, Sequence
from itertools import repeat

import pytest

from functions.finalize_session.use_case import finalize_session
from functions.save_attendance.use_case import Draft, save_attendance
from shared.domain.attendance import Mark
from shared.domain.errors import (
    Busy,
    FinalizationInProgress,
    NotFound,
    RosterTooLarge,
    SavedInPart,
    SessionAlreadyFinalized,
    SessionCancelled,
    StaleView,
    TrainingError,
    UnknownAttendees,
)
from shared.domain.roster import ROSTER_BYTES, weighed
from shared.domain.session import Session, SessionStatus, Snapshot
from shared.domain.session_conditions import ExpectedVersion
from testing.builders import (
    SESSION_ID,
    a_change,
    a_command,
    a_course,
    a_mark,
    a_snapshot,
    an_absentee,
    an_attendee,
    changed,
)
from testing.fakes import Crash, FakeWiring, always, at, crash, no_pause


def a_world(count: int = 3, version: int = 7) -> FakeWiring:
    """Return a world with a session and that many people without marks."""
    roster = (an_absentee(number) for number in range(1, count + 1))
    return FakeWiring(a_snapshot(*roster, version=version), courses=[a_course()])


def save(
    world: FakeWiring,
    marks: Iterable[Mark],
    seen: Sequence[ExpectedVersion] | None = None,
    request_id: str = "p-1",
) -> Session:
    """Send the grid."""
    draft = Draft(SESSION_ID, list(marks), seen, a_change(request_id))
    return save_attendance(draft, world.sessions, no_pause, world.has_time_left)


def marks(count: int) -> list[Mark]:
    """Mark so many people present."""
    return [a_mark(number) for number in range(1, count + 1)]


def stored(world: FakeWiring) -> Snapshot:
    """Return the session and its rows."""
    return world.sessions.stored(SESSION_ID)


def test_save_attendance_marks_people() -> None:
    """The marks are on the rows, and the session has its next version."""
    world = a_world(2)

    session = save(world, [a_mark(1, remarks="late"), a_mark(2, has_passed=False)])

    assert stored(world).attendees == (
        an_attendee(1, remarks="late", revision=2),
        an_attendee(2, has_passed=False, revision=2),
    )
    assert session == stored(world).session
    assert session.version == 8


def test_save_attendance_takes_a_part_of_the_roster() -> None:
    """A part can be saved; everyone else stays as they are (spec §4 B)."""
    world = a_world(3)

    save(world, [a_mark(2)])

    assert stored(world).attendees == (an_absentee(1), an_attendee(2, revision=2), an_absentee(3))


def test_save_attendance_of_no_one_changes_nothing() -> None:
    """An empty list is accepted and changes nothing."""
    world = a_world()
    before = stored(world)

    session = save(world, [])

    assert session == before.session
    assert stored(world) == before


@pytest.mark.parametrize("count", [1, 98, 250])
def test_save_attendance_of_what_is_stored_changes_nothing(count: int) -> None:
    """Marks that say what the rows say get no version and leave no entry."""
    world = a_world(count)
    save(world, marks(count))
    before, writes = stored(world), world.sessions.writes

    session = save(world, marks(count), [ExpectedVersion(before.session.version)])

    assert session == before.session
    assert (stored(world), world.sessions.writes) == (before, writes)


def test_save_attendance_writes_only_the_batches_that_change_something() -> None:
    """One new remark in a whole grid is one change, wherever it stands."""
    world = a_world(250)
    before = save(world, marks(250))
    grid = marks(250)
    grid[150] = a_mark(151, remarks="left at noon")

    session = save(world, grid)

    assert session.version == before.version + 1
    assert stored(world).attendees[150].remarks == "left at noon"


@pytest.mark.parametrize("sent", [[], [a_mark(1)]])
def test_save_attendance_of_what_is_stored_still_checks_its_condition(sent: list[Mark]) -> None:
    """An outdated view is refused, whether or not anything would change."""
    world = FakeWiring(a_snapshot(an_attendee(1), version=7))

    with pytest.raises(StaleView):
        save(world, sent, [ExpectedVersion(6)])


def test_save_attendance_is_not_fooled_by_a_row_read_too_old() -> None:
    """
    A read may show a row as it was before an accepted change: what seems to change nothing then
    changes it back.
    """
    world = FakeWiring(a_snapshot(an_attendee(1, revision=2), version=8))
    world.sessions.old_rows = [[an_absentee(1, is_marked=True)]] * 2

    session = save(world, [a_mark(1, is_present=False)], [ExpectedVersion(8)])

    assert stored(world).attendees == (an_absentee(1, is_marked=True, revision=3),)
    assert session.version == 9


def test_save_attendance_tells_who_was_marked_absent() -> None:
    """To mark somebody absent whom nobody had marked is a change, though it shows the same."""
    world = a_world(2, version=7)

    session = save(world, [a_mark(1, is_present=False)])

    assert session.version == 8
    assert [row.was_marked for row in stored(world).attendees] == [True, False]


def test_save_attendance_is_refused_if_the_session_was_locked_before_a_whole_read() -> None:
    """Marks that change nothing are refused by a locked session, too."""
    world = FakeWiring(a_snapshot(an_attendee(1), version=7))
    locked = a_snapshot(an_attendee(1), version=8, status=SessionStatus.COMPLETED)
    world.sessions.before_read = at(1, lambda: world.sessions.put(locked))

    with pytest.raises(SessionAlreadyFinalized):
        save(world, marks(1))


def test_save_attendance_makes_no_record() -> None:
    """Only Finalize writes records (spec §1)."""
    world = a_world()

    save(world, marks(3))

    assert world.records.everything == set()


@pytest.mark.parametrize("count", [1, 98, 99, 250])
def test_save_attendance_leaves_a_whole_snapshot(count: int) -> None:
    """However many are marked, the sums that prove a snapshot whole agree."""
    world = a_world(count)

    save(world, marks(count))

    assert stored(world).is_whole
    assert all(row.is_present for row in stored(world).attendees)


@pytest.mark.parametrize(("count", "writes"), [(1, 1), (98, 1), (99, 2), (196, 2), (250, 3)])
def test_save_attendance_takes_as_many_changes_as_the_marks_need(count: int, writes: int) -> None:
    """Each change is as large as one transaction allows, and each is a version."""
    world = a_world(count, version=7)

    session = save(world, marks(count))

    assert world.sessions.writes == writes
    assert session.version == 7 + writes


def test_save_attendance_leaves_an_entry_with_each_change() -> None:
    """Each transaction names its request, and no two entries are the same."""
    world = a_world(250)

    last = save(world, marks(250), request_id="p-1").audit_head

    entries = [json.loads(entry.content) for entry in world.trail.entries(SESSION_ID)]
    assert [entry["requestId"] for entry in entries] == ["p-1"] * 3
    assert len({entry.sha256 for entry in world.trail.entries(SESSION_ID)} | {last}) == 3


@pytest.mark.parametrize("place", [0, 50, 120])
def test_save_attendance_with_unknown_people_changes_nothing(place: int) -> None:
    """With one unknown id anywhere in the list, no mark is saved."""
    world = a_world(150)
    before = stored(world)
    sent = marks(150)
    sent[place] = a_mark(777)

    with pytest.raises(UnknownAttendees) as refusal:
        save(world, sent)

    assert [error.pointer for error in refusal.value.errors] == [f"/attendees/{place}/personnelId"]
    assert stored(world) == before


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (SessionStatus.CANCELLED, SessionCancelled),
        (SessionStatus.FINALIZING, FinalizationInProgress),
        (SessionStatus.COMPLETED, SessionAlreadyFinalized),
    ],
)
@pytest.mark.parametrize("sent", [[a_mark(1)], []])
def test_save_attendance_is_refused_by_a_closed_session(
    sent: list[Mark], status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """After the lock marks are final, and a cancelled session takes none (K13, K14)."""
    before = a_snapshot(an_absentee(1), status=status)
    world = FakeWiring(before)

    with pytest.raises(refusal):
        save(world, sent)

    assert stored(world) == before


def test_save_attendance_knows_no_unknown_session() -> None:
    """A session that does not exist is not found."""
    with pytest.raises(NotFound):
        save(FakeWiring(), marks(1))


@pytest.mark.parametrize("version", [6, 8])
def test_save_attendance_is_refused_on_an_outdated_view(version: int) -> None:
    """The session was changed after the client loaded it: nothing is overwritten (K11)."""
    world = a_world(version=7)
    before = stored(world)

    with pytest.raises(StaleView):
        save(world, marks(1), [ExpectedVersion(version)])

    assert stored(world) == before


def test_save_attendance_of_no_one_still_checks_its_condition() -> None:
    """An outdated view is refused even with an empty list."""
    with pytest.raises(StaleView):
        save(a_world(version=7), [], [ExpectedVersion(6)])


@pytest.mark.parametrize("view", [ExpectedVersion(7), ExpectedVersion(7, course_revision=1)])
def test_save_attendance_accepts_a_current_view(view: ExpectedVersion) -> None:
    """A draft does not depend on the course's rules."""
    assert save(a_world(version=7), marks(1), [view]).version == 8


def test_save_attendance_closed_comes_before_outdated() -> None:
    """A client with an old view of a finalized session learns that it is finalized."""
    world = FakeWiring(a_snapshot(an_absentee(1), status=SessionStatus.COMPLETED, version=9))

    with pytest.raises(SessionAlreadyFinalized):
        save(world, marks(1), [ExpectedVersion(7)])


def test_save_attendance_after_a_lost_race_keeps_both_changes() -> None:
    """Two people mark different rows at once, and both marks are saved."""
    world = a_world(2)
    world.sessions.before_write = at(1, lambda: save(world, [a_mark(2)], request_id="p-rival"))

    session = save(world, [a_mark(1)])

    assert stored(world).attendees == (an_attendee(1, revision=2), an_attendee(2, revision=2))
    assert session.version == 9
    assert stored(world).is_whole


def test_save_attendance_after_a_lost_race_on_one_row_keeps_the_later_mark() -> None:
    """Without a condition the last one to save wins, and both changes are counted."""
    world = a_world(1)
    rival = [a_mark(1, has_passed=False, remarks="left at noon")]
    world.sessions.before_write = at(1, lambda: save(world, rival, request_id="p-rival"))

    save(world, [a_mark(1)])

    assert stored(world).attendees == (an_attendee(1, remarks="left at noon", revision=3),)
    assert stored(world).is_whole


def test_save_attendance_after_a_lost_race_is_refused_if_the_view_went_with_it() -> None:
    """With a condition the first one to save wins."""
    world = a_world(2, version=7)
    world.sessions.before_write = at(1, lambda: save(world, [a_mark(2)], request_id="p-rival"))

    with pytest.raises(StaleView):
        save(world, [a_mark(1)], [ExpectedVersion(7)])

    assert stored(world).attendees[0] == an_absentee(1)


def test_save_attendance_applies_its_condition_to_the_first_batch_only() -> None:
    """Later batches follow our own change, which is no conflict."""
    world = a_world(150, version=7)

    session = save(world, marks(150), [ExpectedVersion(7)])

    assert session.version == 9
    assert all(row.is_present for row in stored(world).attendees)


def test_save_attendance_goes_on_after_a_conflict_between_batches() -> None:
    """A change between two batches delays the second, with or without a condition."""
    world = a_world(151, version=7)
    rival = [a_mark(151)]
    world.sessions.before_write = at(2, lambda: save(world, rival, request_id="p-rival"))

    save(world, marks(150), [ExpectedVersion(7)])

    assert all(row.is_present for row in stored(world).attendees)
    assert stored(world).is_whole


def test_save_attendance_stops_where_the_session_was_finalized() -> None:
    """The marks of a batch are saved before the lock or not at all, and the records agree."""
    world = a_world(150)
    world.sessions.before_write = at(
        2,
        lambda: finalize_session(SESSION_ID, a_command(), None, world, world.has_time_left),
    )

    with pytest.raises(SessionAlreadyFinalized):
        save(world, marks(150))

    present = {row.personnel_id for row in stored(world).attendees if row.is_present}
    assert present == {record.personnel_id for record in world.records.everything}
    assert len(present) == 98


def test_save_attendance_interrupted_leaves_whole_batches() -> None:
    """What was accepted before the process died is whole, and can be sent again."""
    world = a_world(150)
    world.sessions.before_write = at(2, crash)

    with pytest.raises(Crash):
        save(world, marks(150))

    assert stored(world).is_whole
    assert sum(row.is_present for row in stored(world).attendees) == 98


def test_save_attendance_refuses_whom_the_roster_lost_meanwhile() -> None:
    """A person removed between check and write is not put back on the roster."""
    world = a_world(2, version=7)
    left = a_snapshot(an_absentee(1), version=8, audit_head="put-8")
    world.sessions.before_write = at(1, lambda: world.sessions.put(left))

    with pytest.raises(UnknownAttendees):
        save(world, marks(2))

    assert stored(world) == left


def test_save_attendance_gives_up_when_rivals_never_cease() -> None:
    """Conflicts that outlast all attempts are reported as busy; nothing was saved."""
    world = a_world(1)

    def outrun() -> None:
        session = stored(world).session
        world.sessions.put(Snapshot(changed(session, f"r-{session.version}"), (an_absentee(1),)))

    world.sessions.before_write = always(outrun)

    with pytest.raises(Busy):
        save(world, marks(1))

    assert stored(world).attendees == (an_absentee(1),)


def test_save_attendance_does_not_write_on_a_row_read_before_its_change() -> None:
    """If a row changed after the session was read with it, the write fails and the change stays."""
    world = a_world(1, version=7)
    before = stored(world)
    newer = Snapshot(before.session, (an_absentee(1, remarks="left at noon", revision=2),))
    world.sessions.before_write = at(1, lambda: world.sessions.put(newer))

    save(world, marks(1))

    assert stored(world).attendees == (an_attendee(1, remarks="left at noon", revision=3),)


def test_save_looks_each_row_up_twice() -> None:
    """
    A row is read once to check that it exists and once for its batch, not once for
    each batch.
    """
    world = a_world(count=1_000)

    save(world, marks(1_000))

    assert world.sessions.writes == 11
    assert world.sessions.rows_looked_up == 2_000


# As many remarks of this length as fit one roster, and a few more.
LONG = "z" * 5_000
TOO_MANY = ROSTER_BYTES // len(LONG)


def test_save_attendance_refuses_more_than_can_be_read_again() -> None:
    """Remarks that would make the session unreadable are refused before any is saved."""
    world = a_world(TOO_MANY)
    before = stored(world)

    with pytest.raises(RosterTooLarge):
        save(world, [a_mark(number, remarks=LONG) for number in range(1, TOO_MANY + 1)])

    assert stored(world) == before


def test_save_attendance_counts_what_others_wrote_meanwhile() -> None:
    """Two requests that fit one by one and not together: the second one is refused."""
    world = a_world(TOO_MANY)
    half = TOO_MANY // 2
    first = [a_mark(number, remarks=LONG) for number in range(1, half + 1)]
    second = [a_mark(number, remarks=LONG) for number in range(half + 1, TOO_MANY + 1)]
    world.sessions.before_write = at(1, lambda: save(world, first, request_id="p-rival"))

    with pytest.raises(RosterTooLarge):
        save(world, second)

    assert (stored(world).session.roster_bytes or 0) <= ROSTER_BYTES
    assert stored(world).session == weighed(stored(world))


def test_save_attendance_shortens_what_is_too_long_already() -> None:
    """A roster of the first release may have more: it can be mended, and read in between."""
    rows = [an_absentee(number, remarks=LONG) for number in range(1, TOO_MANY + 1)]
    world = FakeWiring(a_snapshot(*rows, version=7, roster_bytes=None))

    session = save(world, [a_mark(1, remarks="late")])

    assert session == weighed(stored(world))
    assert (session.roster_bytes or 0) > ROSTER_BYTES


def test_save_attendance_that_runs_out_of_time_says_what_is_saved() -> None:
    """It answers in time, instead of being cut off with an unknown part of the grid saved."""
    world = a_world(250, version=7)
    world.time = repeat(True, 2)

    with pytest.raises(SavedInPart) as stop:
        save(world, marks(250), [ExpectedVersion(7)])

    present = [row.is_present for row in stored(world).attendees]
    assert present == [True] * 196 + [False] * 54
    assert (stop.value.saved, stop.value.version) == (196, 9)
    assert "196 of 250" in stop.value.detail


def test_save_attendance_that_is_sent_again_goes_on_where_the_time_was_over() -> None:
    """The same marks again, with the version of the refusal, save the rest."""
    world = a_world(250, version=7)
    world.time = repeat(True, 2)
    with pytest.raises(SavedInPart) as stop:
        save(world, marks(250), [ExpectedVersion(7)])
    world.time = repeat(True)

    save(world, marks(250), [ExpectedVersion(stop.value.version)], request_id="p-2")

    assert all(row.is_present for row in stored(world).attendees)
    assert stored(world).is_whole


def test_save_attendance_of_no_one_needs_no_time() -> None:
    """Nothing is left to save."""
    world = a_world(version=7)
    world.time = repeat(True, 0)

    assert save(world, []).version == 7
