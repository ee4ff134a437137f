"""Recalculating: safe to repeat, in any order, and never a step back."""

from datetime import date, datetime, timedelta

import pytest

from functions.recalculate_compliance.use_case import (
    Recalculating,
    SessionNotCompleted,
    courses_of,
    recalculate,
    require_completed,
)
from shared.domain.compliance import Colour, Compliance, Verdict
from shared.domain.errors import Busy, NotFound
from shared.domain.records import Record, RecordStatus, Result
from shared.domain.session import SessionStatus, Snapshot
from tests.builders import (
    COURSE_ID,
    NOW,
    SESSION_ID,
    a_cuid,
    a_locked_session,
    a_record,
    a_session,
    a_standing,
    attendees,
)
from tests.fakes import World, always, at, no_pause

PERSON = a_cuid(1)
SOON = timedelta(days=30)


def a_world(*records: Record) -> World:
    """Return a world in which the records' session is completed, and everybody was there."""
    world = World(Snapshot(a_locked_session(SessionStatus.COMPLETED), attendees(2)))
    world.records.add(*records)
    return world


def using(world: World, now: datetime = NOW) -> Recalculating:
    """Return what a recalculation works with."""
    return Recalculating(
        world.sessions, world.records, world.compliance, SOON, lambda: now, no_pause
    )


def stored(world: World) -> Compliance:
    """Return the person's one standing."""
    (standing,) = world.compliance.of_person(PERSON)
    return standing


@pytest.mark.parametrize(
    ("expiry_date", "colour"),
    [
        (date(2027, 3, 10), Colour.GREEN),
        (date(2026, 4, 9), Colour.AMBER),
        (date(2026, 3, 9), Colour.RED),
        (None, Colour.GREEN),
    ],
)
def test_recalculate_judges_and_writes(expiry_date: date | None, colour: Colour) -> None:
    """What is judged is what is stored, with the moment it was."""
    world = a_world(a_record(expiry_date=expiry_date))

    calculated = recalculate(PERSON, COURSE_ID, using(world))

    assert calculated == stored(world)
    assert calculated.verdict.colour is colour
    assert calculated.calculated_at == NOW


def test_recalculate_of_somebody_without_records_is_red() -> None:
    """Whoever was absent is judged too: that they hold no record is a result."""
    world = a_world()

    calculated = recalculate(PERSON, COURSE_ID, using(world))

    assert calculated == Compliance(PERSON, COURSE_ID, Verdict(Colour.RED), NOW, revision=1)


def test_recalculate_ignores_other_courses_and_people() -> None:
    """A pass in one course covers no other, and nobody else."""
    world = a_world(a_record(1, course_id="other"), a_record(2))

    assert recalculate(PERSON, COURSE_ID, using(world)).verdict.colour is Colour.RED


def test_recalculate_keeps_standings_of_other_courses() -> None:
    """Each course has a standing of its own."""
    world = a_world(a_record())
    world.compliance.put(a_standing(course_id="other", revision=5))

    recalculate(PERSON, COURSE_ID, using(world))

    revisions = {known.course_id: known.revision for known in world.compliance.of_person(PERSON)}
    assert revisions == {"other": 5, COURSE_ID: 1}


def test_recalculate_does_not_count_records_of_a_session_being_finalized() -> None:
    """A record counts once its session is completed."""
    world = World(Snapshot(a_locked_session(SessionStatus.FINALIZING), attendees(2)))
    world.records.add(a_record())

    assert recalculate(PERSON, COURSE_ID, using(world)).verdict.colour is Colour.RED


def test_recalculate_does_not_count_a_failure() -> None:
    """A failed attempt is proof of the attempt and grants nothing (spec §1)."""
    world = a_world(a_record(result=Result.FAILED, status=RecordStatus.FAILED))

    assert recalculate(PERSON, COURSE_ID, using(world)).verdict.colour is Colour.RED


def test_recalculate_again_comes_to_the_same() -> None:
    """An event heard twice changes nothing but the count of calculations."""
    world = a_world(a_record())
    first = recalculate(PERSON, COURSE_ID, using(world))

    again = recalculate(PERSON, COURSE_ID, using(world))

    assert again.verdict == first.verdict
    assert (first.revision, again.revision) == (1, 2)


def test_recalculate_follows_a_record_that_was_deleted() -> None:
    """Taking a record away by hand takes its cover away (DESIGN §5.8)."""
    world = a_world()
    world.compliance.put(a_standing(revision=1))

    recalculate(PERSON, COURSE_ID, using(world))

    assert stored(world).verdict == Verdict(Colour.RED)


def test_recalculate_never_overwrites_one_that_saw_more() -> None:
    """Who read fewer records and comes to write later reads again."""
    world = a_world()

    def overtaken() -> None:
        world.records.add(a_record())
        recalculate(PERSON, COURSE_ID, using(world))

    world.compliance.before_write = at(1, overtaken)

    recalculate(PERSON, COURSE_ID, using(world))

    assert stored(world).verdict.colour is Colour.GREEN
    assert stored(world).revision == 2


def test_recalculate_after_a_lost_race_looks_at_the_clock_again() -> None:
    """The verdict is as of the moment it is written for."""
    world = a_world(a_record())
    moments = iter([NOW, NOW + timedelta(days=1)])
    world.compliance.before_write = at(1, lambda: world.compliance.put(a_standing()))
    late = Recalculating(
        world.sessions, world.records, world.compliance, SOON, lambda: next(moments), no_pause
    )

    assert recalculate(PERSON, COURSE_ID, late).calculated_at == NOW + timedelta(days=1)


def test_recalculate_gives_up_when_rivals_never_cease() -> None:
    """Contention that lasts is raised, so that the event is delivered again."""
    world = a_world(a_record())

    def outrun() -> None:
        known = [standing.revision for standing in world.compliance.of_person(PERSON)]
        world.compliance.put(a_standing(revision=max(known, default=0) + 1))

    world.compliance.before_write = always(outrun)

    with pytest.raises(Busy):
        recalculate(PERSON, COURSE_ID, using(world))


def test_require_completed_accepts_a_completed_session() -> None:
    """Its records count."""
    require_completed(SESSION_ID, a_world().sessions)


@pytest.mark.parametrize("status", set(SessionStatus) - {SessionStatus.COMPLETED})
def test_require_completed_has_everything_else_tried_again(status: SessionStatus) -> None:
    """An event that came early is never dropped."""
    world = World(Snapshot(a_session(status=status), ()))

    with pytest.raises(SessionNotCompleted, match=SESSION_ID):
        require_completed(SESSION_ID, world.sessions)


def test_require_completed_knows_no_unknown_session() -> None:
    """An event about nothing ends in the dead-letter queue, where somebody looks at it."""
    with pytest.raises(NotFound):
        require_completed("nowhere", World().sessions)


def test_courses_of_a_person_are_those_with_a_record_or_a_standing() -> None:
    """A deleted record leaves its standing, which has to follow; a new record has none yet."""
    world = a_world(a_record(1, course_id="recorded"))
    world.compliance.put(a_standing(course_id="judged"))

    assert courses_of(PERSON, using(world)) == {"recorded", "judged"}


def test_courses_of_nobody_known_are_none() -> None:
    """There is nothing to recalculate."""
    assert courses_of(a_cuid(9), using(a_world(a_record()))) == set()
