"""A person's standing, judged at the time of the question."""

from datetime import date, timedelta

from functions.view_compliance.use_case import Standing, view_compliance
from shared.domain.compliance import Colour, Verdict, verdict_on
from shared.domain.session import SessionStatus, Snapshot
from testing.builders import (
    COURSE_ID,
    NOW,
    SESSION_DATE,
    a_cuid,
    a_locked_session,
    a_record,
    a_standing,
    an_attendee,
)
from testing.fakes import FakeWiring

PERSON = a_cuid(1)


def a_world() -> FakeWiring:
    """Return a world in which the default session is completed, and the person was present."""
    return FakeWiring(Snapshot(a_locked_session(SessionStatus.COMPLETED), (an_attendee(1),)))


def view(world: FakeWiring, as_of: date = SESSION_DATE) -> list[Standing]:
    """Ask for the person's standing."""
    soon = timedelta(days=30)
    return view_compliance(
        PERSON, lambda records: verdict_on(records, as_of, soon), world.records, world.compliance
    )


def test_view_compliance_of_an_unknown_person_is_empty() -> None:
    """A person who was on no roster has no standing."""
    assert view(a_world()) == []


def test_view_compliance_judges_by_the_records() -> None:
    """The answer has the verdict, the record it rests on, and when it was last calculated."""
    world = a_world()
    world.records.add(a_record())
    world.compliance.put(a_standing(calculated_at=NOW))

    expected = Verdict(Colour.GREEN, a_record().record_id, date(2027, 3, 10))
    assert view(world) == [Standing(COURSE_ID, expected, NOW, (a_record(),))]


def test_view_compliance_does_not_wait_for_the_recalculation() -> None:
    """A record that was just written already counts."""
    world = a_world()
    world.records.add(a_record())

    (standing,) = view(world)

    assert (standing.verdict.colour, standing.calculated_at) == (Colour.GREEN, None)


def test_view_compliance_shows_courses_in_which_the_person_holds_no_record() -> None:
    """A person who was absent is RED, not unknown (K5)."""
    world = a_world()
    world.compliance.put(a_standing(verdict=Verdict(Colour.RED), calculated_at=NOW))

    assert view(world) == [Standing(COURSE_ID, Verdict(Colour.RED), NOW, ())]


def test_view_compliance_lets_a_pass_expire_by_itself() -> None:
    """A stored GREEN becomes RED the day after its last day, without any write (K27)."""
    world = a_world()
    world.records.add(a_record(expiry_date=date(2027, 3, 10)))
    world.compliance.put(a_standing())

    assert view(world, date(2027, 3, 10))[0].verdict.colour is Colour.AMBER
    assert view(world, date(2027, 3, 11))[0].verdict.colour is Colour.RED


def test_view_compliance_still_shows_what_expired_long_ago() -> None:
    """A person who was trained once is not shown as never trained (K5)."""
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
    """No one is covered by a record that readers cannot see yet."""
    world = FakeWiring(Snapshot(a_locked_session(SessionStatus.FINALIZING), (an_attendee(1),)))
    world.records.add(a_record())

    assert view(world) == []
