"""Finalize: all or nothing, and once, under concurrent changes and failures."""

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
    SessionAlreadyFinalized,
    SessionCancelled,
    StaleView,
    TrainingError,
)
from shared.domain.outbox import GRACE
from shared.domain.plan import Plan
from shared.domain.records import Record
from shared.domain.session import Session, SessionStatus, Snapshot
from shared.domain.session_conditions import ExpectedVersion
from shared.domain.warning import WarningSlug
from testing.builders import (
    COURSE_ID,
    NOW,
    SESSION_ID,
    a_command,
    a_course,
    a_cuid,
    a_locked_session,
    a_plan,
    a_snapshot,
    an_absentee,
    an_attendee,
    an_upload,
    attendees,
)
from testing.fakes import Crash, FakeWiring, always, at, crash

# As many people as one transaction can write, and one more.
FITS, TOO_MANY = 97, 98
PEOPLE = (an_attendee(1), an_attendee(2, has_passed=False), an_absentee(3))


def a_world(*people: Any, **fields: Any) -> FakeWiring:  # noqa: ANN401 - as the builders
    """Return a world with one session and its course."""
    return FakeWiring(a_snapshot(*(people or PEOPLE), **fields), courses=[a_course()])


def finalize(
    world: FakeWiring,
    seen: Sequence[ExpectedVersion] | None = None,
    session_id: str = SESSION_ID,
    **fields: Any,  # noqa: ANN401
) -> Outcome:
    """Finalize the session."""
    return finalize_session(session_id, a_command(**fields), seen, world, world.has_time_left)


def session(world: FakeWiring) -> Session:
    """Return the session as stored."""
    return world.sessions.load(SESSION_ID)


def visible(world: FakeWiring) -> list[Record]:
    """Return the records a reader sees."""
    snapshot = world.sessions.stored(SESSION_ID)
    people = [attendee.personnel_id for attendee in snapshot.attendees]
    return world.records.of_session(snapshot.session, people)


def assert_untouched(world: FakeWiring, before: Snapshot) -> None:
    """Check that nothing was written and nothing was published."""
    assert world.sessions.stored(SESSION_ID) == before
    assert world.records.everything == set()
    assert world.outbox.owed == set()
    assert world.publisher.calls == []


def test_finalize_writes_session_and_records() -> None:
    """Every person present gets a record, and the session is completed."""
    world = a_world()
    plan = a_plan(a_snapshot(*PEOPLE))

    outcome = finalize(world)

    assert outcome.session == session(world) == plan.completed
    assert world.records.everything == set(plan.records)


def test_finalize_publishes_its_events() -> None:
    """Once the bus has taken every event, the outbox entry is gone."""
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


def test_finalize_keeps_what_it_warned_of_and_what_was_acknowledged() -> None:
    """Another session with the same sheet is looked up at that moment."""
    world = a_world()
    world.sessions.put(a_snapshot(session_id="other"))

    finalize(world, acknowledged={WarningSlug.SHEET_USED_ELSEWHERE})

    decision = session(world).decided().decision
    assert [warning.slug for warning in decision.warnings] == [
        WarningSlug.PEOPLE_UNMARKED,
        WarningSlug.SHEET_USED_ELSEWHERE,
    ]
    assert decision.acknowledged == (WarningSlug.SHEET_USED_ELSEWHERE,)


def test_finalize_again_with_the_same_key_acknowledges_nothing_more() -> None:
    """The first request made the decision; what its repetition says is not a part of it."""
    world = a_world()
    first = finalize(world, key="key-1")

    again = finalize(world, key="key-1", acknowledged={WarningSlug.PEOPLE_UNMARKED})

    assert again.is_repeat
    assert again.session == first.session
    assert session(world).decided().decision.acknowledged == ()


def test_finalize_completed_by_the_relay_keeps_what_it_warned_of() -> None:
    """Records that are written later rest on the same manifest, whatever was handed in since."""
    world = locked(acknowledged={WarningSlug.SHEET_USED_ELSEWHERE})
    decided = session(world).decided().decision
    world.sessions.put(a_snapshot(session_id="other"))

    relay_outbox(NOW + GRACE, world, world.has_time_left)

    assert session(world).status is SessionStatus.COMPLETED
    assert session(world).decided().decision == decided


def test_finalize_without_anyone_present_writes_no_record() -> None:
    """A session that no one attended is completed all the same, and compliance is asked for."""
    world = a_world(an_absentee(1))

    outcome = finalize(world)

    assert outcome.session.status is SessionStatus.COMPLETED
    assert world.records.everything == set()
    assert len(world.publisher.taken) == 2


def test_finalize_under_a_course_that_requires_verification_leaves_competencies() -> None:
    """The course's rules at the moment of finalizing decide the kind of the records."""
    world = a_world()
    world.courses.put(a_course(requires_verify=True))

    outcome = finalize(world)

    counts = outcome.session.finalization.counts if outcome.session.finalization else None
    assert counts is not None
    assert (counts.training_records, counts.competency_records) == (0, 2)


REFUSALS: dict[str, tuple[dict[str, Any], type[TrainingError]]] = {
    "no sheet": ({"sheet": None}, EvidenceMissing),
    "first sheet": (
        {"sheet": None, "pending": an_upload(5, uploaded_at=NOW)},
        EvidenceBeingChecked,
    ),
    "newer sheet": ({"pending": an_upload(5, uploaded_at=NOW)}, EvidenceBeingChecked),
    "half a roster": ({"roster_change": "put-1"}, RosterIncomplete),
    "cancelled": ({"status": SessionStatus.CANCELLED}, SessionCancelled),
    "no sheet, cancelled": ({"status": SessionStatus.CANCELLED, "sheet": None}, SessionCancelled),
}


@pytest.mark.parametrize(("state", "refusal"), REFUSALS.values(), ids=REFUSALS.keys())
def test_finalize_is_refused_and_nothing_is_written(
    state: dict[str, Any], refusal: type[TrainingError]
) -> None:
    """The refusal names what blocks it, and everything stays as it is."""
    world = a_world(**state)
    before = world.sessions.stored(SESSION_ID)

    with pytest.raises(refusal):
        finalize(world)

    assert_untouched(world, before)


@pytest.mark.parametrize("status", [SessionStatus.COMPLETED, SessionStatus.FINALIZING])
def test_finalize_is_refused_by_a_session_locked_without_a_decision(status: SessionStatus) -> None:
    """A locked session is refused, even if nothing says who locked it."""
    world = a_world(status=status)

    with pytest.raises((SessionAlreadyFinalized, FinalizationInProgress)):
        finalize(world)


def test_finalize_knows_no_unknown_session() -> None:
    """A session that does not exist is not found."""
    with pytest.raises(NotFound):
        finalize(a_world(), session_id="nowhere")


def test_finalize_needs_the_course() -> None:
    """Without the course's rules no record can be written."""
    world = FakeWiring(a_snapshot(*PEOPLE))

    with pytest.raises(NotFound):
        finalize(world)

    assert_untouched(world, a_snapshot(*PEOPLE))


@pytest.mark.parametrize(
    "view",
    [
        ExpectedVersion(6),
        ExpectedVersion(8),
        ExpectedVersion(6, 4),
        ExpectedVersion(7, 3),
        ExpectedVersion(7, 5),
    ],
)
def test_finalize_is_refused_on_an_outdated_view(view: ExpectedVersion) -> None:
    """The client saw another version, or other course rules."""
    world = a_world(version=7)

    with pytest.raises(StaleView):
        finalize(world, [view])

    assert_untouched(world, a_snapshot(*PEOPLE, version=7))


def test_finalize_is_refused_if_the_course_changed_after_the_view() -> None:
    """A client that saw training records in the dialog does not get competencies."""
    world = a_world(version=7)
    seen = [ExpectedVersion(7, world.courses.load(COURSE_ID).revision)]
    world.courses.put(a_course(requires_verify=True))

    with pytest.raises(StaleView):
        finalize(world, seen)

    assert_untouched(world, a_snapshot(*PEOPLE, version=7))


@pytest.mark.parametrize("view", [ExpectedVersion(7), ExpectedVersion(7, 4)])
def test_finalize_accepts_a_current_view(view: ExpectedVersion) -> None:
    """A client that saw the current state is let through."""
    assert finalize(a_world(version=7), [view]).session.status is SessionStatus.COMPLETED


def test_finalize_again_with_the_same_key_gets_the_first_answer() -> None:
    """A client that did not get the answer repeats the request and gets it."""
    world = a_world()
    first = finalize(world, key="key-1")

    again = finalize(world, key="key-1", finalization_id="fin-2", at=NOW + timedelta(hours=1))

    assert again.session == first.session
    assert (again.is_repeat, again.owes) == (True, False)
    assert len(world.publisher.calls) == 1


def test_finalize_again_with_the_same_key_does_not_mind_its_own_change() -> None:
    """The condition was about the state before the first request."""
    world = a_world(version=7)
    finalize(world, [ExpectedVersion(7, 4)], key="key-1")

    again = finalize(world, [ExpectedVersion(7, 4)], key="key-1", finalization_id="fin-2")

    assert again.is_repeat


@pytest.mark.parametrize(("first", "second"), [("key-1", "key-2"), ("key-1", None), (None, None)])
def test_finalize_again_is_refused(first: str | None, second: str | None) -> None:
    """There is one finalization; a request without a key is never a repetition."""
    world = a_world()
    finalize(world, key=first)
    stored = world.sessions.stored(SESSION_ID), world.records.everything

    with pytest.raises(SessionAlreadyFinalized):
        finalize(world, key=second, finalization_id="fin-2")

    assert (world.sessions.stored(SESSION_ID), world.records.everything) == stored
    assert len(world.publisher.calls) == 1


@pytest.mark.parametrize("view", [ExpectedVersion(6), ExpectedVersion(7)])
def test_finalize_of_a_cancelled_session_is_refused_as_cancelled(view: ExpectedVersion) -> None:
    """The client would gain nothing by loading the session again."""
    with pytest.raises(SessionCancelled):
        finalize(a_world(version=7, status=SessionStatus.CANCELLED), [view])


def test_finalize_again_is_refused_as_finalized_before_anything_else() -> None:
    """A client with an outdated view learns that the session is finalized."""
    world = a_world(version=7)
    finalize(world)

    with pytest.raises(SessionAlreadyFinalized):
        finalize(world, [ExpectedVersion(7)], finalization_id="fin-2")


def test_finalize_stands_even_if_no_event_can_be_published() -> None:
    """The records exist; the outbox entry stays for the relay."""
    world = a_world()
    world.publisher.down = {1}

    outcome = finalize(world)

    assert outcome.session.status is SessionStatus.COMPLETED
    assert outcome.owes
    assert world.outbox.owed == {SESSION_ID}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_finalize_keeps_its_outbox_entry_until_every_event_is_taken(number: int) -> None:
    """The outbox entry stays if the bus refused one of the events."""
    world = a_world(*attendees(97), *(an_absentee(n) for n in range(98, 600)))
    plan = a_plan(world.sessions.stored(SESSION_ID))
    world.publisher.refused = {plan.events[number].event_id}

    assert finalize(world).owes
    assert world.outbox.owed == {SESSION_ID}
    assert len(world.publisher.taken) == len(plan.events) - 1


def test_finalize_stands_even_if_the_outbox_entry_stays() -> None:
    """The events were published; an entry that stays only has them published again."""
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
    """A client that set a condition learns that it no longer holds."""
    world = a_world(an_absentee(1), version=7)
    patched = a_snapshot(an_attendee(1, revision=2), version=8, audit_head="patch-8")
    world.sessions.before_write = at(1, lambda: world.sessions.put(patched))

    with pytest.raises(StaleView):
        finalize(world, [ExpectedVersion(7)])

    assert_untouched(world, patched)


def test_finalize_after_a_lost_race_is_refused_if_the_sheet_is_in_doubt() -> None:
    """An upload announced at the last moment has to be checked first."""
    world = a_world(version=7)
    uploading = a_snapshot(
        *PEOPLE, version=8, audit_head="u", pending=an_upload(5, uploaded_at=NOW)
    )
    world.sessions.before_write = at(1, lambda: world.sessions.put(uploading))

    with pytest.raises(EvidenceBeingChecked):
        finalize(world)

    assert_untouched(world, uploading)


def rival_wins(world: FakeWiring, **fields: Any) -> Plan:  # noqa: ANN401 - as the builders
    """Let another finalization come first, and return its plan."""
    rival = a_plan(
        world.sessions.stored(SESSION_ID),
        command=a_command(finalization_id="fin-rival", **fields),
    )
    world.sessions.before_write = at(1, lambda: world.finalizations.commit(rival))
    return rival


def test_finalize_lost_to_another_finalization_is_refused() -> None:
    """
    Of two concurrent requests one wins, the other is refused; there is one set of
    records (K2).
    """
    world = a_world()
    rival = rival_wins(world)

    with pytest.raises(SessionAlreadyFinalized):
        finalize(world)

    assert session(world) == rival.completed
    assert world.records.everything == set(rival.records)
    assert world.publisher.calls == []


def test_finalize_lost_to_the_same_request_gets_its_answer() -> None:
    """A request sent twice at once gets the same answer twice."""
    world = a_world()
    rival = rival_wins(world, key="key-1")

    outcome = finalize(world, key="key-1")

    assert outcome.session == rival.completed
    assert outcome.is_repeat


def test_finalize_gives_up_when_rivals_never_cease() -> None:
    """Conflicts that outlast all attempts are reported as busy; nothing was written."""
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
    """A torn read of a session without its changed row never reaches the records (DESIGN §7.1)."""
    world = a_world(an_attendee(1, has_passed=False, revision=2))
    world.sessions.torn = [Snapshot(session(world), (an_attendee(1, revision=1),))] * 3

    outcome = finalize(world)

    assert outcome.session.finalization is not None
    assert outcome.session.finalization.counts.failed == 1


def test_finalize_never_writes_what_it_only_saw_torn() -> None:
    """If no read is ever whole, nothing is written."""
    world = a_world()
    before = world.sessions.stored(SESSION_ID)
    world.sessions.torn = [Snapshot(before.session, before.attendees[1:])] * 99

    with pytest.raises(Busy):
        finalize(world)

    assert_untouched(world, before)


def test_finalize_writes_what_fits_in_one_change() -> None:
    """97 records, the session, its audit entry and its outbox entry just fit one transaction."""
    world = a_world(*attendees(FITS), version=7)

    outcome = finalize(world)

    assert outcome.session.version == 8
    assert world.finalizations.batches == 0
    assert len(visible(world)) == FITS


@pytest.mark.parametrize("people", [TOO_MANY, 1203])
def test_finalize_of_a_large_session_writes_all_of_it(people: int) -> None:
    """What does not fit one transaction is locked, staged and completed, and published once."""
    world = a_world(*attendees(people), version=7)

    outcome = finalize(world)

    assert (outcome.session.status, outcome.session.version) == (SessionStatus.COMPLETED, 9)
    assert outcome.session == session(world)
    assert len(visible(world)) == people
    assert world.publisher.taken == list(a_plan(a_snapshot(*attendees(people))).events)
    assert world.outbox.owed == set()


def test_finalize_shows_no_record_before_all_are_there() -> None:
    """While it is written, readers see a session in progress and no record."""
    world = a_world(*attendees(TOO_MANY))
    seen: list[tuple[SessionStatus, int, int]] = []

    def look(_: int) -> None:
        seen.append((session(world).status, len(visible(world)), len(world.records.everything)))

    world.finalizations.before_batch = look

    finalize(world)

    assert seen == [(SessionStatus.FINALIZING, 0, written) for written in (0, 25, 50, 75)]


def test_finalize_that_runs_out_of_time_leaves_the_rest_to_the_relay() -> None:
    """The session is locked and its completion is in the outbox; readers see no part of it."""
    world = a_world(*attendees(TOO_MANY))
    world.time = iter([True, True])

    outcome = finalize(world)

    assert outcome.session.status is SessionStatus.FINALIZING
    assert outcome.session == session(world)
    assert outcome.owes
    assert world.outbox.owed == {SESSION_ID}
    assert (visible(world), world.publisher.calls) == ([], [])


def locked(**fields: Any) -> FakeWiring:  # noqa: ANN401 - as the builders
    """Return a world in which a large session was locked and then left alone."""
    world = a_world(*attendees(TOO_MANY))
    world.time = iter([True])
    finalize(world, **fields)
    world.time = iter([True] * 99)
    return world


def test_finalize_again_with_the_same_key_finishes_what_was_left() -> None:
    """A client that repeats its request need not wait for the relay."""
    world = locked(key="key-1")

    again = finalize(world, key="key-1", finalization_id="fin-2")

    assert again.session == session(world)
    assert (again.session.status, again.is_repeat) == (SessionStatus.COMPLETED, True)
    assert {record.finalization_id for record in visible(world)} == {"fin-1"}
    assert len(visible(world)) == TOO_MANY


def test_finalize_of_a_session_being_finalized_is_refused() -> None:
    """Another request, while the records are being written, is refused."""
    world = locked()
    stored = world.records.everything

    with pytest.raises(FinalizationInProgress):
        finalize(world, finalization_id="fin-2", at=NOW + GRACE - timedelta(seconds=1))

    assert world.records.everything == stored


def test_finalize_of_a_session_left_locked_completes_the_first_decision() -> None:
    """A later request completes it under the first decision."""
    world = locked()

    with pytest.raises(SessionAlreadyFinalized):
        finalize(world, finalization_id="fin-2", at=NOW + GRACE)

    assert session(world).status is SessionStatus.COMPLETED
    assert {record.finalization_id for record in visible(world)} == {"fin-1"}


def test_finalize_of_a_session_left_locked_may_run_out_of_time_too() -> None:
    """Without enough time it is still in progress, and the answer says so."""
    world = locked()
    world.time = iter([True])

    with pytest.raises(FinalizationInProgress):
        finalize(world, finalization_id="fin-2", at=NOW + GRACE)

    assert visible(world) == []


def test_finalize_again_that_runs_out_of_time_answers_how_far_it_got() -> None:
    """The answer shows the session as stored: locked, at the same version."""
    world = locked(key="key-1")
    world.time = iter([True])

    again = finalize(world, key="key-1", finalization_id="fin-2")

    assert again.session == session(world)
    assert (again.session.status, again.owes) == (SessionStatus.FINALIZING, True)


def test_finalize_that_lost_its_own_answer_does_not_refuse_itself() -> None:
    """A lock written by this very finalization is no conflict."""
    world = a_world(*attendees(TOO_MANY))
    plan = a_plan(world.sessions.stored(SESSION_ID))
    world.finalizations.lock(plan)

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


def crashed(people: int, port: str, hook: str, number: int) -> FakeWiring:
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
    """At any moment of death, readers see a finalized session or an open one (K1)."""
    world = crashed(people, port, hook, number)

    is_completed = session(world).status is SessionStatus.COMPLETED
    assert len(visible(world)) == (people if is_completed else 0)


@pytest.mark.parametrize(("people", "port", "hook", "number"), CRASHES)
def test_finalize_that_died_is_repeated_by_the_client(
    people: int, port: str, hook: str, number: int
) -> None:
    """Repeating the request ends as if the process had not died."""
    world = crashed(people, port, hook, number)

    outcome = finalize(world, key="key-1", finalization_id="fin-2")

    assert outcome.session.status is SessionStatus.COMPLETED
    assert len(visible(world)) == people
    assert len({record.finalization_id for record in visible(world)}) == 1


@pytest.mark.parametrize(("people", "port", "hook", "number"), CRASHES)
def test_finalize_that_died_is_finished_by_the_relay(
    people: int, port: str, hook: str, number: int
) -> None:
    """From the commit on the work is in the outbox, and the relay completes it."""
    world = crashed(people, port, hook, number)
    was_decided = session(world).finalization is not None

    relay_outbox(NOW + GRACE, world, world.has_time_left)

    assert (len(visible(world)) == people) is was_decided
    assert bool(world.publisher.taken) is was_decided
    assert world.outbox.owed == set()


def test_finalized_session_of_another_decision_is_left_alone() -> None:
    """Another finalization's decision is never replaced."""
    locked = a_locked_session(SessionStatus.COMPLETED)
    world = FakeWiring(Snapshot(locked, ()), courses=[a_course()])

    with pytest.raises(SessionAlreadyFinalized):
        finalize(world, finalization_id="fin-2", at=NOW + timedelta(days=1))

    assert session(world) == locked
