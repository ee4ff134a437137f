"""The `FinalizationStore` port: all of a finalization or nothing, in one step or in three."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.application.retry import ConcurrentChange
from shared.application.time_left import OutOfTime
from shared.domain.audit import Action
from shared.domain.errors import NotFound, TrailTaken
from shared.domain.outbox import entry_for
from shared.domain.plan import Plan, plan_of
from shared.domain.roster import RowChange
from shared.domain.session import Attendee, SessionStatus
from testing.builders import (
    NOW,
    SESSION_ID,
    a_change,
    a_command,
    a_plan,
    a_snapshot,
    a_transition,
    an_absentee,
    an_attendee,
    attendees,
    changed,
)
from tests.storage.conftest import Stores

LATER = NOW + timedelta(hours=1)


def drafted(stores: Stores, *people: Attendee) -> Plan:
    """Store a session with these people and return its plan."""
    snapshot = a_snapshot(*people)
    stores.sessions.save(
        a_transition(snapshot.session, None, [RowChange(None, person) for person in people])
    )
    return a_plan(snapshot)


def assert_nothing_written(stores: Stores, plan: Plan) -> None:
    """Check that session, records and outbox are unchanged."""
    assert stores.sessions.load(SESSION_ID) == plan.before
    assert stores.records.written(plan.before, people(plan)) == 0
    assert list(stores.outbox.due(LATER)) == []


def people(plan: Plan) -> list[str]:
    """Return the people whom the plan writes records for."""
    return [record.personnel_id for record in plan.records]


def always() -> bool:
    """There is always time left."""
    return True


def for_a_while(batches: int) -> Callable[[], bool]:
    """There is time for that many batches."""
    left: Iterator[bool] = iter([True] * batches)
    return lambda: next(left, False)


class TestFitsOneTransaction:
    """When both stores write in one transaction."""

    @pytest.mark.parametrize(("count", "fits"), [(0, True), (1, True), (97, True), (98, False)])
    def test_as_many_records_as_fit_beside_session_and_outbox(
        self, stores: Stores, count: int, *, fits: bool
    ) -> None:
        """It holds 100 actions: the session, its audit entry, the outbox entry, and 97 records."""
        plan = a_plan(a_snapshot(*attendees(count)))

        assert stores.finalizations.fits_one_transaction(plan) is fits

    def test_people_who_were_absent_take_no_room(self, stores: Stores) -> None:
        """Their rows are not written again."""
        absent = (an_absentee(number) for number in range(200, 900))
        plan = a_plan(a_snapshot(*attendees(97), *absent))

        assert stores.finalizations.fits_one_transaction(plan)


class TestCommit:
    """What both stores write at once."""

    def test_commit_writes_session_records_and_what_is_owed(self, stores: Stores) -> None:
        """All three are written together."""
        plan = drafted(stores, an_attendee(1), an_attendee(2, has_passed=False), an_absentee(3))

        stores.finalizations.commit(plan)

        assert stores.sessions.load(SESSION_ID) == plan.completed
        assert stores.records.of_session(plan.completed, people(plan)) == list(plan.records)
        assert list(stores.outbox.due(LATER)) == [entry_for(SESSION_ID, plan.decision)]

    def test_commit_of_as_much_as_fits(self, stores: Stores) -> None:
        """97 records in one transaction."""
        plan = drafted(stores, *attendees(97))

        stores.finalizations.commit(plan)

        assert stores.records.of_session(plan.completed, people(plan)) == list(plan.records)

    def test_commit_without_anyone_present_completes_the_session(self, stores: Stores) -> None:
        """There is no record, but the session and the outbox entry are written."""
        plan = drafted(stores, an_absentee(1))

        stores.finalizations.commit(plan)

        assert stores.sessions.load(SESSION_ID).status is SessionStatus.COMPLETED
        assert len(list(stores.outbox.due(LATER))) == 1

    def test_commit_leaves_the_roster_alone(self, stores: Stores) -> None:
        """The rows the records rest on are not touched."""
        plan = drafted(stores, *attendees(3))

        stores.finalizations.commit(plan)

        assert stores.sessions.read(SESSION_ID).attendees == attendees(3)

    @pytest.mark.parametrize("step", ["commit", "lock"])
    def test_commit_loses_if_the_session_changed(self, stores: Stores, step: str) -> None:
        """A PATCH accepted after the snapshot is never overwritten; nothing is written."""
        plan = drafted(stores, *attendees(2))
        patched = changed(plan.before, "patch")
        stores.sessions.save(a_transition(patched, plan.before.version))

        with pytest.raises(ConcurrentChange):
            getattr(stores.finalizations, step)(plan)

        assert_nothing_written(stores, replace(plan, before=patched))

    @pytest.mark.parametrize("step", ["commit", "lock"])
    def test_commit_loses_to_another_finalization(self, stores: Stores, step: str) -> None:
        """One finalization, one set of records (K2)."""
        plan = drafted(stores, *attendees(2))
        rival = a_plan(
            a_snapshot(*attendees(2)), command=a_command(finalization_id="fin-2", at=LATER)
        )
        stores.finalizations.commit(rival)

        with pytest.raises(ConcurrentChange):
            getattr(stores.finalizations, step)(plan)

        assert stores.sessions.load(SESSION_ID) == rival.completed
        assert stores.records.of_session(rival.completed, people(plan)) == list(rival.records)

    @pytest.mark.parametrize("step", ["commit", "lock"])
    def test_commit_says_so_if_somebody_took_the_number_of_its_entry(
        self, stores: Stores, step: str
    ) -> None:
        """Its own error, because it would be busy for ever."""
        plan = drafted(stores, *attendees(2))
        stores.trail.append(SESSION_ID, Action.VERIFIED, a_change("forged"), [])

        with pytest.raises(TrailTaken):
            getattr(stores.finalizations, step)(plan)

        assert_nothing_written(stores, plan)

    @pytest.mark.parametrize("step", ["commit", "lock"])
    def test_commit_loses_if_the_session_is_gone(self, stores: Stores, step: str) -> None:
        """Nothing is written for a session that was deleted."""
        plan = a_plan(a_snapshot(*attendees(2)))

        with pytest.raises(ConcurrentChange):
            getattr(stores.finalizations, step)(plan)

        with pytest.raises(NotFound):
            stores.sessions.load(SESSION_ID)
        assert list(stores.outbox.due(LATER)) == []

    @pytest.mark.parametrize("number", [0, 1, 2])
    def test_commit_loses_if_one_record_exists(self, stores: Stores, number: int) -> None:
        """A record is never overwritten, and no other record is written without it (K1)."""
        plan = drafted(stores, *attendees(3))
        forged = replace(plan.records[number], remarks="forged")
        stores.finalizations.stage([forged], always)

        with pytest.raises(ConcurrentChange):
            stores.finalizations.commit(plan)

        assert stores.sessions.load(SESSION_ID) == plan.before
        assert stores.records.written(plan.before, people(plan)) == 1
        assert list(stores.outbox.due(LATER)) == []

    def test_commit_repeated_is_no_conflict(self, stores: Stores) -> None:
        """A stored decision of our own is no conflict, and nothing is written twice."""
        plan = drafted(stores, *attendees(2))
        stores.finalizations.commit(plan)
        stores.outbox.remove(entry_for(SESSION_ID, plan.decision))

        stores.finalizations.commit(plan)

        assert stores.sessions.load(SESSION_ID) == plan.completed
        assert list(stores.outbox.due(LATER)) == []


class TestLockStageComplete:
    """What both stores write in three steps."""

    def test_lock_closes_the_session_and_owes_its_completion(self, stores: Stores) -> None:
        """From here on the finalization can only be completed."""
        plan = drafted(stores, *attendees(2))

        stores.finalizations.lock(plan)

        assert stores.sessions.load(SESSION_ID) == plan.lock_transition.after
        assert list(stores.outbox.due(LATER)) == [entry_for(SESSION_ID, plan.decision)]
        assert stores.records.written(plan.lock_transition.after, people(plan)) == 0

    def test_lock_repeated_is_no_conflict(self, stores: Stores) -> None:
        """A stored lock of our own is no conflict."""
        plan = drafted(stores, *attendees(2))
        stores.finalizations.lock(plan)

        stores.finalizations.lock(plan)

        assert stores.sessions.load(SESSION_ID) == plan.lock_transition.after

    def test_lock_that_comes_after_the_completion_undoes_nothing(self, stores: Stores) -> None:
        """A slow caller finds the session completed, and leaves it so."""
        plan = drafted(stores, *attendees(2))
        stores.finalizations.commit(plan)

        stores.finalizations.lock(plan)

        assert stores.sessions.load(SESSION_ID) == plan.completed

    def test_stage_writes_records_that_do_not_count_yet(self, stores: Stores) -> None:
        """All records are stored, and readers see none of them."""
        plan = drafted(stores, *attendees(25))
        stores.finalizations.lock(plan)

        stores.finalizations.stage(plan.records, always)

        assert stores.records.written(plan.lock_transition.after, people(plan)) == 25
        assert stores.records.of_session(plan.lock_transition.after, people(plan)) == []
        assert [stores.records.of_person(person) for person in people(plan)[:3]] == [[], [], []]

    def test_stage_repeated_writes_the_same(self, stores: Stores) -> None:
        """Two concurrent callers write the same bytes."""
        plan = drafted(stores, *attendees(3))
        stores.finalizations.lock(plan)
        stores.finalizations.stage(plan.records[:2], always)

        stores.finalizations.stage(plan.records, always)
        stores.finalizations.complete(plan.after_lock())

        completed = stores.sessions.load(SESSION_ID)
        assert stores.records.of_session(completed, people(plan)) == list(plan.records)

    def test_stage_without_time_writes_nothing(self, stores: Stores) -> None:
        """Without time left no batch is begun."""
        plan = drafted(stores, *attendees(3))
        stores.finalizations.lock(plan)

        with pytest.raises(OutOfTime):
            stores.finalizations.stage(plan.records, for_a_while(0))

        assert stores.records.written(plan.lock_transition.after, people(plan)) == 0

    def test_stage_of_no_one_needs_no_time(self, stores: Stores) -> None:
        """Without a batch the time is not asked for."""
        stores.finalizations.stage([], for_a_while(0))

    def test_complete_makes_all_records_count(self, stores: Stores) -> None:
        """Readers see all of them at the same moment."""
        plan = drafted(stores, *attendees(3))
        stores.finalizations.lock(plan)
        stores.finalizations.stage(plan.records, always)

        stores.finalizations.complete(plan.after_lock())

        completed = stores.sessions.load(SESSION_ID)
        assert completed == plan.after_lock().completed
        assert stores.records.of_session(completed, people(plan)) == list(plan.records)
        assert stores.records.of_person(people(plan)[0]) == [plan.records[0]]

    def test_complete_leaves_what_is_owed(self, stores: Stores) -> None:
        """The events are not published yet."""
        plan = drafted(stores, *attendees(1))
        stores.finalizations.lock(plan)

        stores.finalizations.complete(plan.after_lock())

        assert list(stores.outbox.due(LATER)) == [entry_for(SESSION_ID, plan.decision)]

    def test_complete_repeated_is_no_conflict(self, stores: Stores) -> None:
        """A second caller finds the session completed."""
        plan = drafted(stores, *attendees(1))
        stores.finalizations.lock(plan)
        stores.finalizations.complete(plan.after_lock())

        stores.finalizations.complete(plan.after_lock())

        assert stores.sessions.load(SESSION_ID) == plan.after_lock().completed

    def test_any_caller_continues_from_the_stored_decision(self, stores: Stores) -> None:
        """The stored decision gives the same records, to the byte."""
        plan = drafted(stores, *attendees(3))
        stores.finalizations.lock(plan)

        snapshot = stores.sessions.read(SESSION_ID)
        again = plan_of(snapshot)

        assert (again.records, again.events) == (plan.records, plan.events)
