"""The Finalize gate: all or nothing, once, whatever happens meanwhile."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from functions.finalize_session.use_case import Outcome, finalize_session
from functions.relay_outbox.use_case import relay_outbox
from shared.domain.errors import (
    Busy,
    EvidenceBeingChecked,
    EvidenceMissing,
    FinalizationInProgress,
    NotFound,
    RosterIncomplete,
    SessionCancelled,
    SessionFinalized,
    StaleView,
    TrainingError,
)
from shared.domain.outbox import GRACE
from shared.domain.plan import Plan
from shared.domain.records import Record
from shared.domain.session import Session, SessionStatus, Snapshot, View
from tests.builders import (
    COURSE_ID,
    NOW,
    SESSION_ID,
    a_course,
    a_cuid,
    a_locked_session,
    a_plan,
    a_request,
    a_snapshot,
    an_absentee,
    an_attendee,
    an_upload,
    attendees,
)
from tests.fakes import Crash, World, always, at, crash

# What one transaction carries, and one more.
FITS, TOO_MANY = 97, 98
PEOPLE = (an_attendee(1), an_attendee(2, has_passed=False), an_absentee(3))


def a_world(*people: Any, **fields: Any) -> World:  # noqa: ANN401 - as the builders
    """Return a world with one session and its course."""
    return World(a_snapshot(*(people or PEOPLE), **fields), courses=[a_course()])


def finalize(
    world: World,
    seen: Sequence[View] | None = None,
    session_id: str = SESSION_ID,
    **fields: Any,  # noqa: ANN401
) -> Outcome:
    """Press Finalize."""
    return finalize_session(session_id, a_request(**fields), seen, world.courses, world.finalizing)


def session(world: World) -> Session:
    """Return the session as stored."""
    return world.sessions.load(SESSION_ID)


def visible(world: World) -> list[Record]:
    """Return the records a reader sees."""
    snapshot = world.sessions.stored(SESSION_ID)
    people = [attendee.personnel_id for attendee in snapshot.attendees]
    return world.records.of_session(snapshot.session, people)


def assert_untouched(world: World, before: Snapshot) -> None:
    """Check that nothing was written and nobody was told."""
    assert world.sessions.stored(SESSION_ID) == before
    assert world.records.everything == set()
    assert world.outbox.owed == set()
    assert world.publisher.calls == []


def test_finalize_writes_session_and_records() -> None:
    """Everybody who was there gets a record, and the session is closed."""
    world = a_world()
    plan = a_plan(a_snapshot(*PEOPLE))

    outcome = finalize(world)

    assert outcome.session == session(world) == plan.completed
    assert world.records.everything == set(plan.records)


def test_finalize_tells_the_other_modules() -> None:
    """Everything owed was taken, so that nothing is owed any more."""
    world = a_world()

    outcome = finalize(world)

    assert world.publisher.taken == list(a_plan(a_snapshot(*PEOPLE)).events)
    assert world.outbox.owed == set()
    assert (outcome.owes, outcome.is_repeat) == (False, False)


def test_finalize_leaves_the_roster_as_it_is() -> None:
    """The rows the records rest on are not touched."""
    world = a_world()

    finalize(world)

    assert world.sessions.stored(SESSION_ID).attendees == PEOPLE


def test_finalize_of_nobody_present_writes_no_record() -> None:
    """A session nobody came to is closed all the same, and its roster is judged anew."""
    world = a_world(an_absentee(1))

    outcome = finalize(world)

    assert outcome.session.status is SessionStatus.COMPLETED
    assert world.records.everything == set()
    assert len(world.publisher.taken) == 2


def test_finalize_under_a_course_that_requires_verification_leaves_competencies() -> None:
    """The course's rules at the moment of finalizing decide the kind of records."""
    world = a_world()
    world.courses.save(a_course(requires_verify=True))

    outcome = finalize(world)

    counts = outcome.session.finalization.counts if outcome.session.finalization else None
    assert counts is not None
    assert (counts.training_records, counts.competency_records) == (0, 2)


REFUSALS: dict[str, tuple[dict[str, Any], type[TrainingError]]] = {
    "no sheet": ({"sheet": None}, EvidenceMissing),
    "newer sheet": ({"pending": an_upload(5, uploaded_at=NOW)}, EvidenceBeingChecked),
    "half a roster": ({"roster_change": "put-1"}, RosterIncomplete),
    "cancelled": ({"status": SessionStatus.CANCELLED}, SessionCancelled),
    "no sheet, cancelled": ({"status": SessionStatus.CANCELLED, "sheet": None}, SessionCancelled),
}


@pytest.mark.parametrize(("state", "refusal"), REFUSALS.values(), ids=REFUSALS.keys())
def test_finalize_is_refused_and_nothing_is_written(
    state: dict[str, Any], refusal: type[TrainingError]
) -> None:
    """What stands against it is said, and everything stays as it is."""
    world = a_world(**state)
    before = world.sessions.stored(SESSION_ID)

    with pytest.raises(refusal):
        finalize(world)

    assert_untouched(world, before)


@pytest.mark.parametrize("status", [SessionStatus.COMPLETED, SessionStatus.FINALIZING])
def test_finalize_is_refused_by_a_session_locked_without_a_decision(status: SessionStatus) -> None:
    """A locked session is locked, whoever locked it and however."""
    world = a_world(status=status)

    with pytest.raises((SessionFinalized, FinalizationInProgress)):
        finalize(world)


def test_finalize_knows_no_unknown_session() -> None:
    """There is nothing to finalize."""
    with pytest.raises(NotFound):
        finalize(a_world(), session_id="nowhere")


def test_finalize_needs_the_course() -> None:
    """Without its rules nobody knows what to write."""
    world = World(a_snapshot(*PEOPLE))

    with pytest.raises(NotFound):
        finalize(world)

    assert_untouched(world, a_snapshot(*PEOPLE))


@pytest.mark.parametrize("view", [View(6), View(8), View(6, 4), View(7, 3), View(7, 5)])
def test_finalize_is_refused_on_an_outdated_view(view: View) -> None:
    """Another version, or other course rules: the dialog showed something else."""
    world = a_world(version=7)

    with pytest.raises(StaleView):
        finalize(world, [view])

    assert_untouched(world, a_snapshot(*PEOPLE, version=7))


def test_finalize_is_refused_if_the_course_changed_after_the_view() -> None:
    """Whoever saw training records in the dialog does not get competencies."""
    world = a_world(version=7)
    seen = [View(7, world.courses.load(COURSE_ID).revision)]
    world.courses.save(a_course(requires_verify=True))

    with pytest.raises(StaleView):
        finalize(world, seen)

    assert_untouched(world, a_snapshot(*PEOPLE, version=7))


@pytest.mark.parametrize("view", [View(7), View(7, 4)])
def test_finalize_accepts_a_current_view(view: View) -> None:
    """What the client saw is what there is."""
    assert finalize(a_world(version=7), [view]).session.status is SessionStatus.COMPLETED


def test_finalize_again_with_the_same_key_gets_the_first_answer() -> None:
    """A client that did not hear the answer asks again and hears it."""
    world = a_world()
    first = finalize(world, key="key-1")

    again = finalize(world, key="key-1", finalization_id="fin-2", at=NOW + timedelta(hours=1))

    assert again.session == first.session
    assert (again.is_repeat, again.owes) == (True, False)
    assert len(world.publisher.calls) == 1


def test_finalize_again_with_the_same_key_does_not_mind_its_own_change() -> None:
    """The condition was about the state before the first request."""
    world = a_world(version=7)
    finalize(world, [View(7, 4)], key="key-1")

    again = finalize(world, [View(7, 4)], key="key-1", finalization_id="fin-2")

    assert again.is_repeat


@pytest.mark.parametrize(("first", "second"), [("key-1", "key-2"), ("key-1", None), (None, None)])
def test_finalize_again_is_refused(first: str | None, second: str | None) -> None:
    """There is one finalization, and no key is the same as no other."""
    world = a_world()
    finalize(world, key=first)
    stored = world.sessions.stored(SESSION_ID), world.records.everything

    with pytest.raises(SessionFinalized):
        finalize(world, key=second, finalization_id="fin-2")

    assert (world.sessions.stored(SESSION_ID), world.records.everything) == stored
    assert len(world.publisher.calls) == 1


@pytest.mark.parametrize("view", [View(6), View(7)])
def test_finalize_of_a_cancelled_session_is_refused_as_cancelled(view: View) -> None:
    """Nothing a stale client could load again would help."""
    with pytest.raises(SessionCancelled):
        finalize(a_world(version=7, status=SessionStatus.CANCELLED), [view])


def test_finalize_again_is_refused_as_finalized_before_anything_else() -> None:
    """A stale view of a finalized session is answered with what matters."""
    world = a_world(version=7)
    finalize(world)

    with pytest.raises(SessionFinalized):
        finalize(world, [View(7)], finalization_id="fin-2")


def test_finalize_stands_even_if_nobody_can_be_told() -> None:
    """The records exist; what is owed to other modules is kept for the relay."""
    world = a_world()
    world.publisher.down = {1}

    outcome = finalize(world)

    assert outcome.session.status is SessionStatus.COMPLETED
    assert outcome.owes
    assert world.outbox.owed == {SESSION_ID}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_finalize_owes_until_every_event_is_taken(number: int) -> None:
    """A bus that took all but one event has not been told."""
    world = a_world(*attendees(97), *(an_absentee(n) for n in range(98, 600)))
    plan = a_plan(world.sessions.stored(SESSION_ID))
    world.publisher.refused = {plan.events[number].event_id}

    assert finalize(world).owes
    assert world.outbox.owed == {SESSION_ID}
    assert len(world.publisher.taken) == len(plan.events) - 1


def test_finalize_stands_even_if_the_outbox_cannot_forget() -> None:
    """Everybody was told; that it is not noted only means that they are told again."""
    world = a_world()

    def throttled() -> None:
        raise Busy

    world.outbox.before_remove = always(throttled)

    outcome = finalize(world)

    assert outcome.owes
    assert outcome.session.status is SessionStatus.COMPLETED


def test_finalize_after_a_lost_race_takes_in_what_won_it() -> None:
    """A PATCH accepted at the last moment is in the records (K1, K2)."""
    world = a_world(an_absentee(1), version=7)
    patched = a_snapshot(an_attendee(1, revision=2), version=8, audit_head="patch-8")
    world.sessions.before_write = at(1, lambda: world.sessions.put(patched))

    outcome = finalize(world)

    assert outcome.session.version == 9
    assert [record.personnel_id for record in world.records.everything] == [a_cuid(1)]


def test_finalize_after_a_lost_race_is_refused_if_the_view_went_with_it() -> None:
    """Whoever set a condition is told that it no longer holds."""
    world = a_world(an_absentee(1), version=7)
    patched = a_snapshot(an_attendee(1, revision=2), version=8, audit_head="patch-8")
    world.sessions.before_write = at(1, lambda: world.sessions.put(patched))

    with pytest.raises(StaleView):
        finalize(world, [View(7)])

    assert_untouched(world, patched)


def test_finalize_after_a_lost_race_is_refused_if_the_sheet_is_in_doubt() -> None:
    """An upload announced at the last moment is waited for."""
    world = a_world(version=7)
    uploading = a_snapshot(
        *PEOPLE, version=8, audit_head="u", pending=an_upload(5, uploaded_at=NOW)
    )
    world.sessions.before_write = at(1, lambda: world.sessions.put(uploading))

    with pytest.raises(EvidenceBeingChecked):
        finalize(world)

    assert_untouched(world, uploading)


def rival_wins(world: World, **fields: Any) -> Plan:  # noqa: ANN401 - as the builders
    """Let another finalization come first, and return its plan."""
    rival = a_plan(
        world.sessions.stored(SESSION_ID),
        request=a_request(finalization_id="fin-rival", **fields),
    )
    world.sessions.before_write = at(1, lambda: world.finalizations.commit(rival))
    return rival


def test_finalize_lost_to_another_finalization_is_refused() -> None:
    """Two presses at once: one wins, the other is told, and there is one set of records (K2)."""
    world = a_world()
    rival = rival_wins(world)

    with pytest.raises(SessionFinalized):
        finalize(world)

    assert session(world) == rival.completed
    assert world.records.everything == set(rival.records)
    assert world.publisher.calls == []


def test_finalize_lost_to_the_same_request_gets_its_answer() -> None:
    """A request sent twice at once has one answer."""
    world = a_world()
    rival = rival_wins(world, key="key-1")

    outcome = finalize(world, key="key-1")

    assert outcome.session == rival.completed
    assert outcome.is_repeat


def test_finalize_gives_up_when_rivals_never_cease() -> None:
    """Contention that outlasts the attempts is said; nothing was written."""
    world = a_world()

    def patch() -> None:
        version = session(world).version + 1
        world.sessions.put(a_snapshot(*PEOPLE, version=version, audit_head=f"patch-{version}"))

    world.sessions.before_write = always(patch)

    with pytest.raises(Busy):
        finalize(world)

    assert world.records.everything == set()
    assert session(world).status is SessionStatus.IN_PROGRESS


def test_finalize_reads_again_what_it_saw_torn() -> None:
    """A read that saw a PATCH's session without its row never reaches the records (DESIGN §7.1)."""
    world = a_world(an_attendee(1, has_passed=False, revision=2))
    world.sessions.torn = [Snapshot(session(world), (an_attendee(1, revision=1),))] * 3

    outcome = finalize(world)

    assert outcome.session.finalization is not None
    assert outcome.session.finalization.counts.failed == 1


def test_finalize_never_writes_what_it_only_saw_torn() -> None:
    """If whole reads never come, nothing is written."""
    world = a_world()
    before = world.sessions.stored(SESSION_ID)
    world.sessions.torn = [Snapshot(before.session, before.attendees[1:])] * 99

    with pytest.raises(Busy):
        finalize(world)

    assert_untouched(world, before)


def test_finalize_writes_what_fits_in_one_change() -> None:
    """97 records, the session, its entry and what is owed are what one transaction carries."""
    world = a_world(*attendees(FITS), version=7)

    outcome = finalize(world)

    assert outcome.session.version == 8
    assert world.finalizations.batches == 0
    assert len(visible(world)) == FITS


@pytest.mark.parametrize("people", [TOO_MANY, 1203])
def test_finalize_of_a_large_session_writes_all_of_it(people: int) -> None:
    """What no transaction carries is sealed, staged and completed, and told about once."""
    world = a_world(*attendees(people), version=7)

    outcome = finalize(world)

    assert (outcome.session.status, outcome.session.version) == (SessionStatus.COMPLETED, 9)
    assert outcome.session == session(world)
    assert len(visible(world)) == people
    assert world.publisher.taken == list(a_plan(a_snapshot(*attendees(people))).events)
    assert world.outbox.owed == set()


def test_finalize_shows_no_record_before_all_are_there() -> None:
    """Whoever reads while it is written sees a session in progress and no record."""
    world = a_world(*attendees(TOO_MANY))
    seen: list[tuple[SessionStatus, int, int]] = []

    def look(_: int) -> None:
        seen.append((session(world).status, len(visible(world)), len(world.records.everything)))

    world.finalizations.before_batch = look

    finalize(world)

    assert seen == [(SessionStatus.FINALIZING, 0, written) for written in (0, 25, 50, 75)]


def test_finalize_that_runs_out_of_time_leaves_the_rest_to_the_relay() -> None:
    """The session is locked and its completion is owed; nobody sees half of it."""
    world = a_world(*attendees(TOO_MANY))
    world.time = iter([True, True])

    outcome = finalize(world)

    assert outcome.session.status is SessionStatus.FINALIZING
    assert outcome.session == session(world)
    assert outcome.owes
    assert world.outbox.owed == {SESSION_ID}
    assert (visible(world), world.publisher.calls) == ([], [])


def sealed(**fields: Any) -> World:  # noqa: ANN401 - as the builders
    """Return a world in which a large session was sealed and then left alone."""
    world = a_world(*attendees(TOO_MANY))
    world.time = iter([True])
    finalize(world, **fields)
    world.time = iter([True] * 99)
    return world


def test_finalize_again_with_the_same_key_finishes_what_was_left() -> None:
    """The client that repeats its request need not wait for the relay."""
    world = sealed(key="key-1")

    again = finalize(world, key="key-1", finalization_id="fin-2")

    assert again.session == session(world)
    assert (again.session.status, again.is_repeat) == (SessionStatus.COMPLETED, True)
    assert {record.finalization_id for record in visible(world)} == {"fin-1"}
    assert len(visible(world)) == TOO_MANY


def test_finalize_of_a_session_being_finalized_is_refused() -> None:
    """Somebody else presses while the records are being written."""
    world = sealed()
    stored = world.records.everything

    with pytest.raises(FinalizationInProgress):
        finalize(world, finalization_id="fin-2", at=NOW + GRACE - timedelta(seconds=1))

    assert world.records.everything == stored


def test_finalize_of_a_session_left_sealed_finishes_the_first_decision() -> None:
    """Whoever comes later finishes it, but the decision stays the first one's."""
    world = sealed()

    with pytest.raises(SessionFinalized):
        finalize(world, finalization_id="fin-2", at=NOW + GRACE)

    assert session(world).status is SessionStatus.COMPLETED
    assert {record.finalization_id for record in visible(world)} == {"fin-1"}


def test_finalize_of_a_session_left_sealed_may_run_out_of_time_too() -> None:
    """What is still not finished is still in progress."""
    world = sealed()
    world.time = iter([True])

    with pytest.raises(FinalizationInProgress):
        finalize(world, finalization_id="fin-2", at=NOW + GRACE)

    assert visible(world) == []


def test_finalize_that_lost_its_own_answer_does_not_refuse_itself() -> None:
    """A change of ours that another attempt of ours finds there is ours."""
    world = a_world(*attendees(TOO_MANY))
    plan = a_plan(world.sessions.stored(SESSION_ID))
    world.finalizations.seal(plan)

    outcome = finalize(world)

    assert outcome.session.status is SessionStatus.COMPLETED
    assert len(visible(world)) == TOO_MANY


CRASHES = [
    (2, "sessions", "before_write", 1),
    (2, "publisher", "before_call", 1),
    (2, "outbox", "before_remove", 1),
    (TOO_MANY, "sessions", "before_write", 1),
    (TOO_MANY, "finalizations", "before_batch", 1),
    (TOO_MANY, "finalizations", "before_batch", 3),
    (TOO_MANY, "sessions", "before_write", 2),
    (TOO_MANY, "publisher", "before_call", 1),
    (TOO_MANY, "outbox", "before_remove", 1),
]


def crashed(people: int, port: str, hook: str, number: int) -> World:
    """Return a world in which the process died just before that call."""
    world = a_world(*attendees(people))
    setattr(getattr(world, port), hook, at(number, crash))
    with pytest.raises(Crash):
        finalize(world, key="key-1")
    return world


@pytest.mark.parametrize(("people", "port", "hook", "number"), CRASHES)
def test_finalize_that_dies_leaves_all_records_or_none(
    people: int, port: str, hook: str, number: int
) -> None:
    """Whatever the moment of death: readers see a finalized session or an open one (K1)."""
    world = crashed(people, port, hook, number)

    is_completed = session(world).status is SessionStatus.COMPLETED
    assert len(visible(world)) == (people if is_completed else 0)


@pytest.mark.parametrize(("people", "port", "hook", "number"), CRASHES)
def test_finalize_that_died_is_repeated_by_the_client(
    people: int, port: str, hook: str, number: int
) -> None:
    """The same request again ends as if nothing had happened."""
    world = crashed(people, port, hook, number)

    outcome = finalize(world, key="key-1", finalization_id="fin-2")

    assert outcome.session.status is SessionStatus.COMPLETED
    assert len(visible(world)) == people
    assert len({record.finalization_id for record in visible(world)}) == 1


@pytest.mark.parametrize(("people", "port", "hook", "number"), CRASHES)
def test_finalize_that_died_is_finished_by_the_relay(
    people: int, port: str, hook: str, number: int
) -> None:
    """From the commit on everything is owed, and the relay brings it to its end."""
    world = crashed(people, port, hook, number)
    was_decided = session(world).finalization is not None

    relay_outbox(NOW + GRACE, world.finalizing)

    assert (len(visible(world)) == people) is was_decided
    assert bool(world.publisher.taken) is was_decided
    assert world.outbox.owed == set()


def test_finalized_session_of_somebody_else_is_left_alone() -> None:
    """A decision found there is never replaced."""
    locked = a_locked_session(SessionStatus.COMPLETED)
    world = World(Snapshot(locked, ()), courses=[a_course()])

    with pytest.raises(SessionFinalized):
        finalize(world, finalization_id="fin-2", at=NOW + timedelta(days=1))

    assert session(world) == locked
