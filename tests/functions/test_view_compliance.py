"""A person's standing, judged when somebody asks."""

from datetime import date, timedelta

from functions.view_compliance.use_case import Standing, view_compliance
from shared.domain.compliance import Colour, Verdict
from shared.domain.session import SessionStatus, Snapshot
from tests.builders import (
    COURSE_ID,
    NOW,
    SESSION_DATE,
    a_cuid,
    a_locked_session,
    a_record,
    a_standing,
    an_attendee,
)
from tests.fakes import World

PERSON = a_cuid(1)


def a_world() -> World:
    """Return a world in which the default session is completed, and the person was there."""
    return World(Snapshot(a_locked_session(SessionStatus.COMPLETED), (an_attendee(1),)))


def view(world: World, as_of: date = SESSION_DATE) -> list[Standing]:
    """Ask for the person's standing."""
    return view_compliance(PERSON, as_of, timedelta(days=30), world.records, world.compliance)


def test_view_compliance_of_nobody_known_is_empty() -> None:
    """Whoever was on no roster has no standing."""
    assert view(a_world()) == []


def test_view_compliance_judges_by_the_records() -> None:
    """The verdict rests on the record, which is shown, and says when it was last calculated."""
    world = a_world()
    world.records.add(a_record())
    world.compliance.put(a_standing(calculated_at=NOW))

    expected = Verdict(Colour.GREEN, a_record().record_id, date(2027, 3, 10))
    assert view(world) == [Standing(COURSE_ID, expected, NOW, (a_record(),))]


def test_view_compliance_does_not_wait_for_the_recalculation() -> None:
    """A record that was just written counts already."""
    world = a_world()
    world.records.add(a_record())

    (standing,) = view(world)

    assert (standing.verdict.colour, standing.calculated_at) == (Colour.GREEN, None)


def test_view_compliance_shows_courses_in_which_the_person_holds_no_record() -> None:
    """Whoever was absent is RED, not unknown (K5)."""
    world = a_world()
    world.compliance.put(a_standing(verdict=Verdict(Colour.RED), calculated_at=NOW))

    assert view(world) == [Standing(COURSE_ID, Verdict(Colour.RED), NOW, ())]


def test_view_compliance_lets_a_pass_expire_by_itself() -> None:
    """What was stored as GREEN is RED the day after its last, without anybody writing (K27)."""
    world = a_world()
    world.records.add(a_record(expiry_date=date(2027, 3, 10)))
    world.compliance.put(a_standing())

    assert view(world, date(2027, 3, 10))[0].verdict.colour is Colour.AMBER
    assert view(world, date(2027, 3, 11))[0].verdict.colour is Colour.RED


def test_view_compliance_still_shows_what_expired_long_ago() -> None:
    """A person trained once is not shown as never trained (K5)."""
    world = a_world()
    world.records.add(a_record(expiry_date=date(2027, 3, 10)))

    assert [standing.course_id for standing in view(world, date(2031, 1, 1))] == [COURSE_ID]


def test_view_compliance_answers_for_a_past_day() -> None:
    """On the day of the accident, before the training, the person was not covered."""
    world = a_world()
    world.records.add(a_record())

    assert view(world, SESSION_DATE - timedelta(days=1))[0].verdict.colour is Colour.RED


def test_view_compliance_keeps_courses_apart_and_in_order() -> None:
    """Each course is judged by its own records, and the list is sorted."""
    world = a_world()
    world.records.add(a_record(1, course_id="b"))
    world.compliance.put(a_standing(course_id="a"))
    world.compliance.put(a_standing(course_id="c"))

    colours = [(standing.course_id, standing.verdict.colour) for standing in view(world)]

    assert colours == [("a", Colour.RED), ("b", Colour.GREEN), ("c", Colour.RED)]


def test_view_compliance_does_not_count_records_of_a_session_being_finalized() -> None:
    """Nobody is covered by a record that is not there for everybody yet."""
    world = World(Snapshot(a_locked_session(SessionStatus.FINALIZING), (an_attendee(1),)))
    world.records.add(a_record())

    assert view(world) == []
