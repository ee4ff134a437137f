"""Viewing sessions: whole snapshots, the right course rules, and no record before all are there."""

import pytest

from functions.view_session.use_case import (
    Page,
    RecordsView,
    view_records,
    view_session,
    view_sheet,
)
from shared.domain.errors import Busy, NotFound
from shared.domain.session import SessionStatus, Snapshot
from testing.builders import (
    SESSION_ID,
    a_course,
    a_cuid,
    a_plan,
    a_sheet,
    a_snapshot,
    an_absentee,
    an_attendee,
    attendees,
)
from testing.fakes import FakeWiring, no_pause


def a_world(snapshot: Snapshot) -> FakeWiring:
    """Return a world with a session and its course."""
    return FakeWiring(snapshot, courses=[a_course()])


def view(world: FakeWiring, session_id: str = SESSION_ID) -> tuple[Snapshot, object, int | None]:
    """Look at a session."""
    seen = view_session(session_id, world.sessions, world.courses, world.records, no_pause)
    return seen.snapshot, seen.course, seen.written


def finalized(*people: int, absent: tuple[int, ...] = ()) -> FakeWiring:
    """Return a world in which a session with these people was finalized."""
    roster = sorted([*people, *absent])
    rows = (an_absentee(n) if n in absent else an_attendee(n) for n in roster)
    world = a_world(a_snapshot(*rows))
    world.finalizations.commit(a_plan(world.sessions.stored(SESSION_ID)))
    return world


NOTHING = RecordsView([], [], None)


def page(world: FakeWiring, limit: int, after: str | None = None) -> RecordsView:
    """Look at some of the records."""
    asked = Page(limit, after or "")
    return view_records(SESSION_ID, asked, world.sessions, world.records, no_pause)


def people(seen: RecordsView) -> list[str]:
    """Return whose records are shown."""
    return [record.personnel_id for record in seen.records]


def test_view_session_shows_session_roster_and_course() -> None:
    """The view has everything to work with."""
    snapshot = a_snapshot(*attendees(3))

    assert view(a_world(snapshot)) == (snapshot, a_course(), None)


def test_view_session_shows_the_course_as_it_is_now() -> None:
    """Before Finalize the preview follows the course's current rules."""
    world = a_world(a_snapshot())
    changed = world.courses.put(a_course(requires_verify=True))

    assert view(world)[1] == changed


def test_view_session_shows_the_course_as_it_was_when_finalized() -> None:
    """Afterwards the view shows the rules that the records were written under."""
    world = finalized(1)
    world.courses.put(a_course(requires_verify=True, title="Renamed"))

    assert view(world)[1] == a_course()


def test_view_session_reads_again_what_it_saw_torn() -> None:
    """The preview counts exactly what Finalize would write."""
    whole = a_snapshot(*attendees(3))
    world = a_world(whole)
    world.sessions.torn = [Snapshot(whole.session, whole.attendees[1:])] * 2

    assert view(world)[0] == whole


def test_view_session_gives_up_on_what_it_only_sees_torn() -> None:
    """A preview that might be wrong is not shown."""
    whole = a_snapshot(*attendees(3))
    world = a_world(whole)
    world.sessions.torn = [Snapshot(whole.session, whole.attendees[1:])] * 99

    with pytest.raises(Busy):
        view(world)


def test_view_session_says_how_far_a_large_finalization_is() -> None:
    """The view says how many records are written so far."""
    world = a_world(a_snapshot(*attendees(150)))
    plan = a_plan(world.sessions.stored(SESSION_ID))
    world.finalizations.lock(plan)
    world.records.add(*plan.records[:50])

    assert view(world)[2] == 50


def test_view_session_knows_no_unknown_session() -> None:
    """There is nothing to look at."""
    with pytest.raises(NotFound):
        view(a_world(a_snapshot()), "nowhere")


def test_view_sheet_is_the_accepted_one() -> None:
    """It is the exact version that the session points at."""
    assert view_sheet(SESSION_ID, a_world(a_snapshot(sheet=a_sheet(3))).sessions) == a_sheet(3)


def test_view_sheet_is_refused_while_there_is_none() -> None:
    """A sheet that was not accepted is not shown."""
    with pytest.raises(NotFound, match="no accepted attendance sheet yet"):
        view_sheet(SESSION_ID, a_world(a_snapshot(sheet=None)).sessions)


def test_view_sheet_knows_no_unknown_session() -> None:
    """A session that does not exist has no sheet."""
    with pytest.raises(NotFound):
        view_sheet("nowhere", a_world(a_snapshot()).sessions)


def test_view_records_shows_those_who_were_there() -> None:
    """Records are in the order of the people's ids; an absent person has none."""
    seen = page(finalized(3, 1, absent=(2,)), limit=10)

    assert people(seen) == [a_cuid(1), a_cuid(3)]
    assert (seen.missing, seen.after) == ([], None)


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (5, [5]), (9, [5])])
def test_view_records_goes_on_where_it_stopped(limit: int, sizes: list[int]) -> None:
    """Every person is on exactly one page, and the last page says that it is the last."""
    world = finalized(1, 2, 3, 5, 6, absent=(4, 7))
    after: str | None = None
    found: list[str] = []

    for size in sizes:
        seen = page(world, limit, after)
        after = seen.after
        assert len(seen.records) == size
        found += people(seen)

    assert after is None
    assert found == [a_cuid(number) for number in (1, 2, 3, 5, 6)]


def test_view_records_continues_after_a_person_without_a_record() -> None:
    """A cursor need not be a person who has a record."""
    seen = page(finalized(1, 2, 3), 10, after=f"{a_cuid(1)}x")

    assert people(seen) == [a_cuid(2), a_cuid(3)]


def test_view_records_names_those_whose_record_is_gone() -> None:
    """On every page, the missing records are named, so that the rest is not taken for all."""
    world = finalized(1, 2, 3, 4, absent=(5,))
    for number in (2, 4):
        world.records.forget(a_cuid(number))

    first, second = page(world, 3), page(world, 3, after=a_cuid(3))

    assert (people(first), first.missing) == ([a_cuid(1), a_cuid(3)], [a_cuid(2)])
    assert (people(second), second.missing) == ([], [a_cuid(4)])


@pytest.mark.parametrize("status", [SessionStatus.IN_PROGRESS, SessionStatus.SCHEDULED])
def test_view_records_of_an_open_session_are_none(status: SessionStatus) -> None:
    """Records are written by Finalize only, and an empty page has no next one (spec §1)."""
    world = a_world(a_snapshot(*attendees(3), status=status))

    assert page(world, 1) == NOTHING


def test_view_records_of_a_session_being_finalized_are_none() -> None:
    """Readers see all of them, or none."""
    world = a_world(a_snapshot(*attendees(150)))
    plan = a_plan(world.sessions.stored(SESSION_ID))
    world.finalizations.lock(plan)
    world.records.add(*plan.records)

    assert page(world, 10) == NOTHING


def test_view_records_knows_no_unknown_session() -> None:
    """A session that does not exist has no records."""
    with pytest.raises(NotFound):
        view_records("nowhere", Page(10), FakeWiring().sessions, FakeWiring().records, no_pause)


@pytest.mark.parametrize(("fit", "shown"), [(1, [1]), (2, [1, 3]), (3, [1, 3, 4])])
def test_view_records_shows_as_many_as_an_answer_can_carry(fit: int, shown: list[int]) -> None:
    """A page of large records ends earlier, and the next one goes on behind it."""
    world = finalized(1, 2, 3, 4, 5)
    world.records.forget(a_cuid(2))
    asked = Page(4, fitting=lambda found: min(fit, len(found)))

    seen = view_records(SESSION_ID, asked, world.sessions, world.records, no_pause)
    rest = page(world, 9, after=seen.after)

    assert people(seen) == [a_cuid(number) for number in shown]
    assert people(seen) + people(rest) == [a_cuid(number) for number in (1, 3, 4, 5)]
    assert seen.missing + rest.missing == [a_cuid(2)]
