"""Saving attendance: a draft, accepted whole or not at all as far as one transaction goes."""

import json
from collections.abc import Iterable, Sequence

import pytest

from functions.finalize_session.use_case import finalize_session
from functions.save_attendance.use_case import Draft, save_attendance
from shared.domain.attendance import Mark
from shared.domain.errors import (
    Busy,
    FinalizationInProgress,
    NotFound,
    SessionCancelled,
    SessionFinalized,
    StaleView,
    TrainingError,
    UnknownAttendees,
)
from shared.domain.session import Session, SessionStatus, Snapshot, View
from tests.builders import (
    SESSION_ID,
    a_change,
    a_course,
    a_mark,
    a_request,
    a_snapshot,
    an_absentee,
    an_attendee,
    changed,
)
from tests.fakes import Crash, World, always, at, crash, no_pause


def a_world(count: int = 3, version: int = 7) -> World:
    """Return a world with a session and so many people nobody has marked."""
    roster = (an_absentee(number) for number in range(1, count + 1))
    return World(a_snapshot(*roster, version=version), courses=[a_course()])


def save(
    world: World, marks: Iterable[Mark], seen: Sequence[View] | None = None, request_id: str = "p-1"
) -> Session:
    """Send the grid."""
    return save_attendance(
        Draft(SESSION_ID, list(marks), seen, a_change(request_id)), world.sessions, no_pause
    )


def marks(count: int) -> list[Mark]:
    """Mark so many people present."""
    return [a_mark(number) for number in range(1, count + 1)]


def stored(world: World) -> Snapshot:
    """Return the session and its rows."""
    return world.sessions.stored(SESSION_ID)


def test_save_attendance_marks_people() -> None:
    """What was sent is on the rows, and the session is one version further."""
    world = a_world(2)

    session = save(world, [a_mark(1, remarks="late"), a_mark(2, has_passed=False)])

    assert stored(world).attendees == (
        an_attendee(1, remarks="late", revision=2),
        an_attendee(2, has_passed=False, revision=2),
    )
    assert session == stored(world).session
    assert session.version == 8


def test_save_attendance_takes_a_part_of_the_roster() -> None:
    """Partial work can be saved; everybody else stays as they are (spec §4 B)."""
    world = a_world(3)

    save(world, [a_mark(2)])

    assert stored(world).attendees == (an_absentee(1), an_attendee(2, revision=2), an_absentee(3))


def test_save_attendance_of_nobody_changes_nothing() -> None:
    """An empty list is fine, and no change."""
    world = a_world()
    before = stored(world)

    session = save(world, [])

    assert session == before.session
    assert stored(world) == before


def test_save_attendance_makes_no_record() -> None:
    """Records come from Finalize and from nothing else (spec §1)."""
    world = a_world()

    save(world, marks(3))

    assert world.records.everything == set()


@pytest.mark.parametrize("count", [1, 98, 99, 250])
def test_save_attendance_leaves_a_whole_snapshot(count: int) -> None:
    """However many are marked, the sums that prove a read whole agree."""
    world = a_world(count)

    save(world, marks(count))

    assert stored(world).is_whole
    assert all(row.is_present for row in stored(world).attendees)


@pytest.mark.parametrize(("count", "writes"), [(1, 1), (98, 1), (99, 2), (196, 2), (250, 3)])
def test_save_attendance_takes_as_many_changes_as_the_marks_need(count: int, writes: int) -> None:
    """Each carries what one transaction does, and each is a version."""
    world = a_world(count, version=7)

    session = save(world, marks(count))

    assert world.sessions.writes == writes
    assert session.version == 7 + writes


def test_save_attendance_leaves_an_entry_with_each_change() -> None:
    """Every transaction says by which request it was, and no two entries are the same."""
    world = a_world(250)

    last = save(world, marks(250), request_id="p-1").audit_head

    entries = [json.loads(entry.content) for entry in world.trail.entries(SESSION_ID)]
    assert [entry["requestId"] for entry in entries] == ["p-1"] * 3
    assert len({entry.sha256 for entry in world.trail.entries(SESSION_ID)} | {last}) == 3


@pytest.mark.parametrize("place", [0, 50, 120])
def test_save_attendance_with_unknown_people_changes_nothing(place: int) -> None:
    """A mistyped id anywhere in the list, and not one mark is saved."""
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
        (SessionStatus.COMPLETED, SessionFinalized),
    ],
)
@pytest.mark.parametrize("sent", [[a_mark(1)], []])
def test_save_attendance_is_refused_by_a_closed_session(
    sent: list[Mark], status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """After the gate no mark is changed any more, and a cancelled session has none (K13, K14)."""
    before = a_snapshot(an_absentee(1), status=status)
    world = World(before)

    with pytest.raises(refusal):
        save(world, sent)

    assert stored(world) == before


def test_save_attendance_knows_no_unknown_session() -> None:
    """There is no grid to save."""
    with pytest.raises(NotFound):
        save(World(), marks(1))


@pytest.mark.parametrize("version", [6, 8])
def test_save_attendance_is_refused_on_an_outdated_view(version: int) -> None:
    """Somebody changed the session after it was opened: nothing is overwritten (K11)."""
    world = a_world(version=7)
    before = stored(world)

    with pytest.raises(StaleView):
        save(world, marks(1), [View(version)])

    assert stored(world) == before


def test_save_attendance_of_nobody_still_minds_its_condition() -> None:
    """Even an empty list is refused on an outdated view."""
    with pytest.raises(StaleView):
        save(a_world(version=7), [], [View(6)])


@pytest.mark.parametrize("view", [View(7), View(7, course_revision=1)])
def test_save_attendance_accepts_a_current_view(view: View) -> None:
    """The course's rules do not matter to a draft."""
    assert save(a_world(version=7), marks(1), [view]).version == 8


def test_save_attendance_closed_comes_before_outdated() -> None:
    """Whoever holds an old view of a finalized session learns what matters."""
    world = World(a_snapshot(an_absentee(1), status=SessionStatus.COMPLETED, version=9))

    with pytest.raises(SessionFinalized):
        save(world, marks(1), [View(7)])


def test_save_attendance_after_a_lost_race_keeps_both_changes() -> None:
    """Two people mark different rows at once; neither loses anything."""
    world = a_world(2)
    world.sessions.before_write = at(1, lambda: save(world, [a_mark(2)], request_id="p-rival"))

    session = save(world, [a_mark(1)])

    assert stored(world).attendees == (an_attendee(1, revision=2), an_attendee(2, revision=2))
    assert session.version == 9
    assert stored(world).is_whole


def test_save_attendance_after_a_lost_race_on_one_row_keeps_the_later_mark() -> None:
    """Without a condition the last one to save is heard, and both changes are counted."""
    world = a_world(1)
    rival = [a_mark(1, has_passed=False, remarks="left at noon")]
    world.sessions.before_write = at(1, lambda: save(world, rival, request_id="p-rival"))

    save(world, [a_mark(1)])

    assert stored(world).attendees == (an_attendee(1, remarks="left at noon", revision=3),)
    assert stored(world).is_whole


def test_save_attendance_after_a_lost_race_is_refused_if_the_view_went_with_it() -> None:
    """With a condition the first one to save is heard."""
    world = a_world(2, version=7)
    world.sessions.before_write = at(1, lambda: save(world, [a_mark(2)], request_id="p-rival"))

    with pytest.raises(StaleView):
        save(world, [a_mark(1)], [View(7)])

    assert stored(world).attendees[0] == an_absentee(1)


def test_save_attendance_applies_its_condition_to_the_first_portion_only() -> None:
    """Later portions follow our own change, which is no reason to refuse it."""
    world = a_world(150, version=7)

    session = save(world, marks(150), [View(7)])

    assert session.version == 9
    assert all(row.is_present for row in stored(world).attendees)


def test_save_attendance_goes_on_after_a_race_lost_between_portions() -> None:
    """A change between two portions delays the second, condition or not."""
    world = a_world(151, version=7)
    rival = [a_mark(151)]
    world.sessions.before_write = at(2, lambda: save(world, rival, request_id="p-rival"))

    save(world, marks(150), [View(7)])

    assert all(row.is_present for row in stored(world).attendees)
    assert stored(world).is_whole


def test_save_attendance_stops_where_the_session_was_finalized() -> None:
    """Marks of a portion came before the lock or not at all; the records say which."""
    world = a_world(150)
    world.sessions.before_write = at(
        2,
        lambda: finalize_session(SESSION_ID, a_request(), None, world.courses, world.finalizing),
    )

    with pytest.raises(SessionFinalized):
        save(world, marks(150))

    present = {row.personnel_id for row in stored(world).attendees if row.is_present}
    assert present == {record.personnel_id for record in world.records.everything}
    assert len(present) == 98


def test_save_attendance_interrupted_leaves_whole_portions() -> None:
    """A process that dies leaves what was accepted, whole, to be sent again."""
    world = a_world(150)
    world.sessions.before_write = at(2, crash)

    with pytest.raises(Crash):
        save(world, marks(150))

    assert stored(world).is_whole
    assert sum(row.is_present for row in stored(world).attendees) == 98


def test_save_attendance_refuses_whom_the_roster_lost_meanwhile() -> None:
    """Somebody taken off the roster between check and write is not brought back."""
    world = a_world(2, version=7)
    left = a_snapshot(an_absentee(1), version=8, audit_head="put-8")
    world.sessions.before_write = at(1, lambda: world.sessions.put(left))

    with pytest.raises(UnknownAttendees):
        save(world, marks(2))

    assert stored(world) == left


def test_save_attendance_gives_up_when_rivals_never_cease() -> None:
    """Contention that outlasts the attempts is said; nothing was saved."""
    world = a_world(1)

    def outrun() -> None:
        session = stored(world).session
        world.sessions.put(Snapshot(changed(session, f"r-{session.version}"), (an_absentee(1),)))

    world.sessions.before_write = always(outrun)

    with pytest.raises(Busy):
        save(world, marks(1))

    assert stored(world).attendees == (an_absentee(1),)


def test_save_attendance_does_not_write_on_a_row_read_before_its_change() -> None:
    """A row that changed under the session read with it makes the write lose, not the change."""
    world = a_world(1, version=7)
    before = stored(world)
    newer = Snapshot(before.session, (an_absentee(1, remarks="left at noon", revision=2),))
    world.sessions.before_write = at(1, lambda: world.sessions.put(newer))

    save(world, marks(1))

    assert stored(world).attendees == (an_attendee(1, remarks="left at noon", revision=3),)


def test_save_looks_each_row_up_twice() -> None:
    """Once for whether everybody is known, once for their portion: not once for each portion."""
    world = a_world(count=1_000)

    save(world, marks(1_000))

    assert world.sessions.writes == 11
    assert world.sessions.rows_looked_up == 2_000
