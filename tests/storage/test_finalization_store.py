"""The `FinalizationStore` port: all of a finalization or nothing, in one step or in three."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.contention import LostRace, OutOfTime
from shared.domain.errors import NotFound
from shared.domain.outbox import entry_for
from shared.domain.plan import Plan, plan_of
from shared.domain.roster import RowChange
from shared.domain.session import Attendee, SessionStatus
from tests.builders import (
    NOW,
    SESSION_ID,
    a_plan,
    a_request,
    a_snapshot,
    a_step,
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
        a_step(snapshot.session, None, [RowChange(None, person) for person in people])
    )
    return a_plan(snapshot)


def assert_nothing_written(stores: Stores, plan: Plan) -> None:
    """Check that session, records and outbox are as before."""
    assert stores.sessions.load(SESSION_ID) == plan.before
    assert stores.records.written(plan.before, people(plan)) == 0
    assert list(stores.outbox.due(LATER)) == []


def people(plan: Plan) -> list[str]:
    """Return whom the plan writes records for."""
    return [record.personnel_id for record in plan.records]


def always() -> bool:
    """Have time."""
    return True


def for_a_while(portions: int) -> Callable[[], bool]:
    """Have time for so many portions."""
    left: Iterator[bool] = iter([True] * portions)
    return lambda: next(left, False)


class TestFitsOneTransaction:
    """What both stores think one transaction carries."""

    @pytest.mark.parametrize(("count", "fits"), [(0, True), (1, True), (97, True), (98, False)])
    def test_as_many_records_as_fit_beside_session_and_outbox(
        self, stores: Stores, count: int, *, fits: bool
    ) -> None:
        """100 actions: the session, its entry, what is owed, and 97 records."""
        plan = a_plan(a_snapshot(*attendees(count)))

        assert stores.finalizations.fits_one_transaction(plan) is fits

    def test_people_who_were_absent_take_no_room(self, stores: Stores) -> None:
        """The roster is not written again."""
        absent = (an_absentee(number) for number in range(200, 900))
        plan = a_plan(a_snapshot(*attendees(97), *absent))

        assert stores.finalizations.fits_one_transaction(plan)


class TestCommit:
    """What both stores write at once."""

    def test_commit_writes_session_records_and_what_is_owed(self, stores: Stores) -> None:
        """All three, together."""
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

    def test_commit_of_nobody_present_closes_the_session(self, stores: Stores) -> None:
        """No record, but the session and what is owed."""
        plan = drafted(stores, an_absentee(1))

        stores.finalizations.commit(plan)

        assert stores.sessions.load(SESSION_ID).status is SessionStatus.COMPLETED
        assert len(list(stores.outbox.due(LATER))) == 1

    def test_commit_leaves_the_roster_alone(self, stores: Stores) -> None:
        """The rows the records rest on are not touched."""
        plan = drafted(stores, *attendees(3))

        stores.finalizations.commit(plan)

        assert stores.sessions.read(SESSION_ID).attendees == attendees(3)

    @pytest.mark.parametrize("step", ["commit", "seal"])
    def test_commit_loses_if_the_session_changed(self, stores: Stores, step: str) -> None:
        """A PATCH accepted after the snapshot is never overlooked, and nothing is written."""
        plan = drafted(stores, *attendees(2))
        patched = changed(plan.before, "patch")
        stores.sessions.save(a_step(patched, plan.before.version))

        with pytest.raises(LostRace):
            getattr(stores.finalizations, step)(plan)

        assert_nothing_written(stores, replace(plan, before=patched))

    @pytest.mark.parametrize("step", ["commit", "seal"])
    def test_commit_loses_to_another_finalization(self, stores: Stores, step: str) -> None:
        """One finalization, one set of records (K2)."""
        plan = drafted(stores, *attendees(2))
        rival = a_plan(
            a_snapshot(*attendees(2)), request=a_request(finalization_id="fin-2", at=LATER)
        )
        stores.finalizations.commit(rival)

        with pytest.raises(LostRace):
            getattr(stores.finalizations, step)(plan)

        assert stores.sessions.load(SESSION_ID) == rival.completed
        assert stores.records.of_session(rival.completed, people(plan)) == list(rival.records)

    @pytest.mark.parametrize("step", ["commit", "seal"])
    def test_commit_loses_if_the_session_is_gone(self, stores: Stores, step: str) -> None:
        """There is nothing to close."""
        plan = a_plan(a_snapshot(*attendees(2)))

        with pytest.raises(LostRace):
            getattr(stores.finalizations, step)(plan)

        with pytest.raises(NotFound):
            stores.sessions.load(SESSION_ID)
        assert list(stores.outbox.due(LATER)) == []

    @pytest.mark.parametrize("number", [0, 1, 2])
    def test_commit_loses_if_one_record_exists(self, stores: Stores, number: int) -> None:
        """A record is never overwritten, and the others are not written without it (K1)."""
        plan = drafted(stores, *attendees(3))
        forged = replace(plan.records[number], remarks="forged")
        stores.finalizations.stage([forged], always)

        with pytest.raises(LostRace):
            stores.finalizations.commit(plan)

        assert stores.sessions.load(SESSION_ID) == plan.before
        assert stores.records.written(plan.before, people(plan)) == 1
        assert list(stores.outbox.due(LATER)) == []

    def test_commit_repeated_is_no_lost_race(self, stores: Stores) -> None:
        """Whoever finds their own decision there did not lose, and nothing is written twice."""
        plan = drafted(stores, *attendees(2))
        stores.finalizations.commit(plan)
        stores.outbox.remove(entry_for(SESSION_ID, plan.decision))

        stores.finalizations.commit(plan)

        assert stores.sessions.load(SESSION_ID) == plan.completed
        assert list(stores.outbox.due(LATER)) == []


class TestSealStageComplete:
    """What both stores write in three steps."""

    def test_seal_locks_the_session_and_owes_its_completion(self, stores: Stores) -> None:
        """From here on there is only forward."""
        plan = drafted(stores, *attendees(2))

        stores.finalizations.seal(plan)

        assert stores.sessions.load(SESSION_ID) == plan.seal_step.after
        assert list(stores.outbox.due(LATER)) == [entry_for(SESSION_ID, plan.decision)]
        assert stores.records.written(plan.seal_step.after, people(plan)) == 0

    def test_seal_repeated_is_no_lost_race(self, stores: Stores) -> None:
        """Whoever finds their own seal there did not lose."""
        plan = drafted(stores, *attendees(2))
        stores.finalizations.seal(plan)

        stores.finalizations.seal(plan)

        assert stores.sessions.load(SESSION_ID) == plan.seal_step.after

    def test_seal_that_comes_after_the_completion_undoes_nothing(self, stores: Stores) -> None:
        """A slow helper finds its decision carried out already."""
        plan = drafted(stores, *attendees(2))
        stores.finalizations.commit(plan)

        stores.finalizations.seal(plan)

        assert stores.sessions.load(SESSION_ID) == plan.completed

    def test_stage_writes_records_that_do_not_count_yet(self, stores: Stores) -> None:
        """All are there, and nobody sees one."""
        plan = drafted(stores, *attendees(25))
        stores.finalizations.seal(plan)

        stores.finalizations.stage(plan.records, always)

        assert stores.records.written(plan.seal_step.after, people(plan)) == 25
        assert stores.records.of_session(plan.seal_step.after, people(plan)) == []
        assert [stores.records.of_person(person) for person in people(plan)[:3]] == [[], [], []]

    def test_stage_repeated_writes_the_same(self, stores: Stores) -> None:
        """Two helpers at once write the same bytes."""
        plan = drafted(stores, *attendees(3))
        stores.finalizations.seal(plan)
        stores.finalizations.stage(plan.records[:2], always)

        stores.finalizations.stage(plan.records, always)
        stores.finalizations.complete(plan.after_seal())

        completed = stores.sessions.load(SESSION_ID)
        assert stores.records.of_session(completed, people(plan)) == list(plan.records)

    def test_stage_without_time_writes_nothing(self, stores: Stores) -> None:
        """Whoever has no time left does not begin."""
        plan = drafted(stores, *attendees(3))
        stores.finalizations.seal(plan)

        with pytest.raises(OutOfTime):
            stores.finalizations.stage(plan.records, for_a_while(0))

        assert stores.records.written(plan.seal_step.after, people(plan)) == 0

    def test_stage_of_nobody_needs_no_time(self, stores: Stores) -> None:
        """No portion, no question."""
        stores.finalizations.stage([], for_a_while(0))

    def test_complete_makes_all_records_count(self, stores: Stores) -> None:
        """Readers see all of them from one moment on."""
        plan = drafted(stores, *attendees(3))
        stores.finalizations.seal(plan)
        stores.finalizations.stage(plan.records, always)

        stores.finalizations.complete(plan.after_seal())

        completed = stores.sessions.load(SESSION_ID)
        assert completed == plan.after_seal().completed
        assert stores.records.of_session(completed, people(plan)) == list(plan.records)
        assert stores.records.of_person(people(plan)[0]) == [plan.records[0]]

    def test_complete_leaves_what_is_owed(self, stores: Stores) -> None:
        """Nobody has been told yet."""
        plan = drafted(stores, *attendees(1))
        stores.finalizations.seal(plan)

        stores.finalizations.complete(plan.after_seal())

        assert list(stores.outbox.due(LATER)) == [entry_for(SESSION_ID, plan.decision)]

    def test_complete_repeated_is_no_lost_race(self, stores: Stores) -> None:
        """Whoever comes second finds it done."""
        plan = drafted(stores, *attendees(1))
        stores.finalizations.seal(plan)
        stores.finalizations.complete(plan.after_seal())

        stores.finalizations.complete(plan.after_seal())

        assert stores.sessions.load(SESSION_ID) == plan.after_seal().completed

    def test_anybody_goes_on_from_the_stored_seal(self, stores: Stores) -> None:
        """What is read back yields the same records, to the byte."""
        plan = drafted(stores, *attendees(3))
        stores.finalizations.seal(plan)

        snapshot = stores.sessions.read(SESSION_ID)
        again = plan_of(snapshot, snapshot.session.finalization or plan.decision)

        assert (again.records, again.events) == (plan.records, plan.events)
