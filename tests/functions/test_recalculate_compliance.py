"""Recalculation is idempotent, works in any order, and never goes back to older records."""

from datetime import UTC, date, datetime, timedelta

import pytest

from functions.recalculate_compliance.use_case import (
    NotOfThisSession,
    courses_of,
    recalculate,
    recalculate_session,
)
from shared.application.completed import SessionNotCompleted, require_completed
from shared.domain.compliance import Colour, Compliance, Verdict
from shared.domain.errors import Busy
from shared.domain.records import Record, RecordStatus, Result
from shared.domain.session import SessionStatus, Snapshot
from testing.builders import (
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
from testing.fakes import FakeWiring, always, at

PERSON = a_cuid(1)
SOON = timedelta(days=30)


def a_world(*records: Record) -> FakeWiring:
    """Return a world in which the records' session is completed, and everyone was present."""
    world = FakeWiring(Snapshot(a_locked_session(SessionStatus.COMPLETED), attendees(2)))
    world.records.add(*records)
    return world


def stored(world: FakeWiring) -> Compliance:
    """Return the person's only standing."""
    (standing,) = world.compliance.of_person(PERSON)
    return standing


def test_request_is_carried_out_for_the_roster_of_its_session_alone() -> None:
    """Whoever can publish on the bus gives no stranger a standing; the others get theirs."""
    world = a_world(a_record())

    judged = recalculate_session(
        SESSION_ID, COURSE_ID, [a_cuid(9), PERSON], world, world.has_time_left
    )

    assert [(person, type(failure)) for person, failure in judged.failures] == [
        (a_cuid(9), NotOfThisSession)
    ]
    assert [person for person, _ in judged.done] == [PERSON]
    assert world.compliance.of_person(a_cuid(9)) == []


def test_request_about_another_course_is_refused() -> None:
    """Nobody gets a standing in a course that the session did not teach, or that is none."""
    world = a_world(a_record())

    with pytest.raises(NotOfThisSession):
        recalculate_session(SESSION_ID, "never-taught", [PERSON], world, world.has_time_left)

    assert world.compliance.of_person(PERSON) == []


@pytest.mark.parametrize(
    ("expiry_date", "colour"),
    [
        (date(2027, 3, 10), Colour.GREEN),
        (date(2026, 4, 9), Colour.AMBER),
        (date(2026, 3, 10), Colour.AMBER),
        (date(2026, 3, 9), Colour.RED),
        (None, Colour.GREEN),
    ],
)
def test_recalculate_judges_and_writes(expiry_date: date | None, colour: Colour) -> None:
    """The verdict is stored with the moment of its calculation."""
    world = a_world(a_record(expiry_date=expiry_date))

    calculated = recalculate(PERSON, COURSE_ID, world)

    assert calculated == stored(world)
    assert calculated.verdict.colour is colour
    assert calculated.calculated_at == NOW


def test_recalculate_judges_by_the_day_where_the_training_took_place() -> None:
    """Trained until 07:00 in Tokyo and finalized at 07:10: GREEN, though it is yesterday in UTC."""
    world = a_world(a_record(time_zone="Asia/Tokyo", expiry_date=None))
    world.now = lambda: datetime(2026, 3, 9, 22, 10, tzinfo=UTC)

    assert recalculate(PERSON, COURSE_ID, world).verdict.colour is Colour.GREEN


def test_recalculate_stores_when_the_colour_changes() -> None:
    """Whoever reads the stored row knows how long it may be relied on."""
    world = a_world(a_record(expiry_date=date(2027, 3, 10)))

    recalculate(PERSON, COURSE_ID, world)

    # Thirty days before the last day, at midnight in Berlin.
    assert stored(world).verdict.changes_at == datetime(2027, 2, 7, 23, 0, tzinfo=UTC)


def test_recalculate_of_a_person_without_records_is_red() -> None:
    """People who were absent are judged too: to hold no record is a result."""
    world = a_world()

    calculated = recalculate(PERSON, COURSE_ID, world)

    assert calculated == Compliance(PERSON, COURSE_ID, Verdict(Colour.RED), NOW, revision=1)


def test_recalculate_ignores_other_courses_and_people() -> None:
    """A pass in one course covers no other course and no other person."""
    world = a_world(a_record(1, course_id="other"), a_record(2))

    assert recalculate(PERSON, COURSE_ID, world).verdict.colour is Colour.RED


def test_recalculate_keeps_standings_of_other_courses() -> None:
    """Each course has a standing of its own."""
    world = a_world(a_record())
    world.compliance.put(a_standing(course_id="other", revision=5))

    recalculate(PERSON, COURSE_ID, world)

    revisions = {known.course_id: known.revision for known in world.compliance.of_person(PERSON)}
    assert revisions == {"other": 5, COURSE_ID: 1}


def test_recalculate_does_not_count_records_of_a_session_being_finalized() -> None:
    """A record counts once its session is completed."""
    world = FakeWiring(Snapshot(a_locked_session(SessionStatus.FINALIZING), attendees(2)))
    world.records.add(a_record())

    assert recalculate(PERSON, COURSE_ID, world).verdict.colour is Colour.RED


def test_recalculate_does_not_count_a_failure() -> None:
    """A failed attempt is proof of the attempt and gives no cover (spec §1)."""
    world = a_world(a_record(result=Result.FAILED, status=RecordStatus.FAILED))

    assert recalculate(PERSON, COURSE_ID, world).verdict.colour is Colour.RED


def test_recalculate_again_comes_to_the_same() -> None:
    """A repeated event changes only the number of calculations."""
    world = a_world(a_record())
    first = recalculate(PERSON, COURSE_ID, world)

    again = recalculate(PERSON, COURSE_ID, world)

    assert again.verdict == first.verdict
    assert (first.revision, again.revision) == (1, 2)


def test_recalculate_follows_a_record_that_was_deleted() -> None:
    """A record deleted by hand no longer covers its person (DESIGN §5.8)."""
    world = a_world()
    world.compliance.put(a_standing(revision=1))

    recalculate(PERSON, COURSE_ID, world)

    assert stored(world).verdict == Verdict(Colour.RED)


def test_recalculate_never_overwrites_one_that_saw_more() -> None:
    """A calculation that read fewer records and is written later has to read again."""
    world = a_world()

    def overtaken() -> None:
        world.records.add(a_record())
        recalculate(PERSON, COURSE_ID, world)

    world.compliance.before_write = at(1, overtaken)

    recalculate(PERSON, COURSE_ID, world)

    assert stored(world).verdict.colour is Colour.GREEN
    assert stored(world).revision == 2


def test_recalculate_after_a_lost_race_looks_at_the_clock_again() -> None:
    """The verdict is as of the moment it is written for."""
    world = a_world(a_record())
    moments = iter([NOW, NOW + timedelta(days=1)])
    world.compliance.before_write = at(1, lambda: world.compliance.put(a_standing()))
    world.now = lambda: next(moments)

    assert recalculate(PERSON, COURSE_ID, world).calculated_at == NOW + timedelta(days=1)


def test_recalculate_gives_up_when_rivals_never_cease() -> None:
    """Conflicts that outlast all attempts are raised, so that the event is delivered again."""
    world = a_world(a_record())

    def outrun() -> None:
        known = [standing.revision for standing in world.compliance.of_person(PERSON)]
        world.compliance.put(a_standing(revision=max(known, default=0) + 1))

    world.compliance.before_write = always(outrun)

    with pytest.raises(Busy):
        recalculate(PERSON, COURSE_ID, world)


def test_require_completed_accepts_a_completed_session() -> None:
    """Its records count."""
    require_completed(a_world().sessions.load(SESSION_ID))


@pytest.mark.parametrize("status", set(SessionStatus) - {SessionStatus.COMPLETED})
def test_require_completed_has_everything_else_tried_again(status: SessionStatus) -> None:
    """An event that arrives too early is retried, never dropped."""
    world = FakeWiring(Snapshot(a_session(status=status), ()))

    with pytest.raises(SessionNotCompleted, match=SESSION_ID):
        require_completed(world.sessions.load(SESSION_ID))


def test_courses_of_a_person_are_those_with_a_record_or_a_standing() -> None:
    """A deleted record leaves a standing to recalculate; a new record has none yet."""
    world = a_world(a_record(1, course_id="recorded"))
    world.compliance.put(a_standing(course_id="judged"))

    assert courses_of(PERSON, world) == {"recorded", "judged"}


def test_courses_of_an_unknown_person_are_none() -> None:
    """There is nothing to recalculate for an unknown person."""
    assert courses_of(a_cuid(9), a_world(a_record())) == set()
