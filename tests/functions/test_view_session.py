"""Looking at sessions: whole, under the right rules, and no record before all are there."""

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
from tests.builders import (
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
from tests.fakes import World, no_pause


def a_world(snapshot: Snapshot) -> World:
    """Return a world with a session and its course."""
    return World(snapshot, courses=[a_course()])


def view(world: World, session_id: str = SESSION_ID) -> tuple[Snapshot, object, int | None]:
    """Look at a session."""
    seen = view_session(session_id, world.sessions, world.courses, world.records, no_pause)
    return seen.snapshot, seen.course, seen.written


def finalized(*people: int, absent: tuple[int, ...] = ()) -> World:
    """Return a world in which a session with these people was finalized."""
    roster = sorted([*people, *absent])
    rows = (an_absentee(n) if n in absent else an_attendee(n) for n in roster)
    world = a_world(a_snapshot(*rows))
    world.finalizations.commit(a_plan(world.sessions.stored(SESSION_ID)))
    return world


NOTHING = RecordsView([], [], None)


def page(world: World, limit: int, after: str | None = None) -> RecordsView:
    """Look at some of the records."""
    asked = Page(limit, after or "")
    return view_records(SESSION_ID, asked, world.sessions, world.records, no_pause)


def people(seen: RecordsView) -> list[str]:
    """Return whose records are shown."""
    return [record.personnel_id for record in seen.records]


def test_view_session_shows_session_roster_and_course() -> None:
    """All there is to work on."""
    snapshot = a_snapshot(*attendees(3))

    assert view(a_world(snapshot)) == (snapshot, a_course(), None)


def test_view_session_shows_the_course_as_it_is_now() -> None:
    """Before Finalize the preview follows the course's present rules."""
    world = a_world(a_snapshot())
    changed = world.courses.save(a_course(requires_verify=True))

    assert view(world)[1] == changed


def test_view_session_shows_the_course_as_it_was_when_finalized() -> None:
    """Afterwards the rules are those the records were written under."""
    world = finalized(1)
    world.courses.save(a_course(requires_verify=True, title="Renamed"))

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
    """Whoever waits sees it progress."""
    world = a_world(a_snapshot(*attendees(150)))
    plan = a_plan(world.sessions.stored(SESSION_ID))
    world.finalizations.seal(plan)
    world.records.add(*plan.records[:50])

    assert view(world)[2] == 50


def test_view_session_knows_no_unknown_session() -> None:
    """There is nothing to look at."""
    with pytest.raises(NotFound):
        view(a_world(a_snapshot()), "nowhere")


def test_view_sheet_is_the_accepted_one() -> None:
    """The exact version the session points at."""
    assert view_sheet(SESSION_ID, a_world(a_snapshot(sheet=a_sheet(3))).sessions) == a_sheet(3)


def test_view_sheet_is_refused_while_there_is_none() -> None:
    """What was not accepted is not handed out."""
    with pytest.raises(NotFound, match="no accepted attendance sheet yet"):
        view_sheet(SESSION_ID, a_world(a_snapshot(sheet=None)).sessions)


def test_view_sheet_knows_no_unknown_session() -> None:
    """There is no sheet of nothing."""
    with pytest.raises(NotFound):
        view_sheet("nowhere", a_world(a_snapshot()).sessions)


def test_view_records_shows_those_who_were_there() -> None:
    """In the order of the people's ids; whoever was absent has none."""
    seen = page(finalized(3, 1, absent=(2,)), limit=10)

    assert people(seen) == [a_cuid(1), a_cuid(3)]
    assert (seen.missing, seen.after) == ([], None)


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (5, [5]), (9, [5])])
def test_view_records_goes_on_where_it_stopped(limit: int, sizes: list[int]) -> None:
    """Page by page everybody once, and the last page says that it is."""
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


def test_view_records_goes_on_behind_somebody_who_has_none() -> None:
    """A cursor only says where to go on."""
    seen = page(finalized(1, 2, 3), 10, after=f"{a_cuid(1)}x")

    assert people(seen) == [a_cuid(2), a_cuid(3)]


def test_view_records_names_those_whose_record_is_gone() -> None:
    """Nobody takes the records that are left for the whole class, on whichever page they look."""
    world = finalized(1, 2, 3, 4, absent=(5,))
    for number in (2, 4):
        world.records.forget(a_cuid(number))

    first, second = page(world, 3), page(world, 3, after=a_cuid(3))

    assert (people(first), first.missing) == ([a_cuid(1), a_cuid(3)], [a_cuid(2)])
    assert (people(second), second.missing) == ([], [a_cuid(4)])


@pytest.mark.parametrize("status", [SessionStatus.IN_PROGRESS, SessionStatus.SCHEDULED])
def test_view_records_of_an_open_session_are_none(status: SessionStatus) -> None:
    """Records are not created in real time, and a page of none has no next one (spec §1)."""
    world = a_world(a_snapshot(*attendees(3), status=status))

    assert page(world, 1) == NOTHING


def test_view_records_of_a_session_being_finalized_are_none() -> None:
    """All of them, or none."""
    world = a_world(a_snapshot(*attendees(150)))
    plan = a_plan(world.sessions.stored(SESSION_ID))
    world.finalizations.seal(plan)
    world.records.add(*plan.records)

    assert page(world, 10) == NOTHING


def test_view_records_knows_no_unknown_session() -> None:
    """There are no records of nothing."""
    with pytest.raises(NotFound):
        view_records("nowhere", Page(10), World().sessions, World().records, no_pause)
