"""Reconciliation finds everything that is wrong, and changes nothing."""

from datetime import datetime, timedelta

import pytest

from functions.reconcile_sessions.use_case import Reconciled, reconcile_sessions
from shared.application.retry import Pause
from shared.domain.errors import Busy, NotFound
from shared.domain.outbox import GRACE, UnreadableEntry
from shared.domain.reconciliation import TOO_LONG, Fault
from shared.domain.session import SessionStatus, Snapshot
from testing.builders import (
    COURSE_ID,
    ENDS_AT,
    NOW,
    a_command,
    a_cuid,
    a_plan,
    a_session,
    a_snapshot,
    a_standing,
    an_absentee,
    attendees,
    some_details,
)
from testing.fakes import FakeWiring, no_pause

LATER = NOW + GRACE + TOO_LONG + timedelta(seconds=1)
TWO_DAYS = timedelta(days=2)


def finalized(world: FakeWiring, name: str = "a", people: int = 2, at: datetime = NOW) -> None:
    """Finalize a session with one absent person, publish its events and judge the whole roster."""
    snapshot = a_snapshot(*attendees(people), an_absentee(people + 1), session_id=name)
    plan = a_plan(snapshot, command=a_command(finalization_id=f"fin-{name}", at=at))
    world.sessions.put(snapshot)
    world.finalizations.commit(plan)
    for entry in world.outbox.entries_due(LATER):
        world.outbox.remove(entry)
    for number in range(1, people + 2):
        world.compliance.put(a_standing(personnel_id=a_cuid(number), calculated_at=LATER))


def reconcile(
    world: FakeWiring, now: datetime = LATER, looking_back: timedelta = TWO_DAYS
) -> list[tuple[Fault, str]]:
    """Look for what is wrong."""
    found = reconciled(world, now, looking_back).findings
    return [(finding.fault, finding.session_id) for finding in found]


def reconciled(
    world: FakeWiring,
    now: datetime = LATER,
    looking_back: timedelta = TWO_DAYS,
    pause: Pause = no_pause,
) -> Reconciled:
    """Reconcile, with as much time as the world has."""
    world.pause = pause
    return reconcile_sessions(now, looking_back, world, world.has_time_left)


def test_reconcile_finds_nothing_where_nothing_is_wrong() -> None:
    """A session that was finalized, published and judged has no finding."""
    world = FakeWiring()
    finalized(world)

    assert reconcile(world) == []


def test_reconcile_of_nothing_finds_nothing() -> None:
    """An empty stack is in order."""
    assert reconcile(FakeWiring()) == []


def test_reconcile_finds_a_record_that_is_missing() -> None:
    """A record that was deleted, or never written, is found (K1)."""
    world = FakeWiring()
    finalized(world, people=2)
    world.records.forget(a_cuid(2))

    assert reconcile(world) == [(Fault.RECORDS_MISSING, "a")]


def test_reconcile_finds_people_who_were_not_judged() -> None:
    """People who were absent have to be judged too."""
    world = FakeWiring()
    finalized(world, people=2)
    world.compliance.put(
        a_standing(personnel_id=a_cuid(3), calculated_at=NOW - timedelta(seconds=1))
    )

    assert reconcile(world) == [(Fault.COMPLIANCE_NOT_RECALCULATED, "a")]


def test_reconcile_judges_by_the_course_the_session_was_finalized_under() -> None:
    """A calculation in another course proves nothing."""
    world = FakeWiring()
    snapshot = a_snapshot(*attendees(1), session_id="a")
    world.sessions.put(snapshot)
    world.finalizations.commit(a_plan(snapshot))
    world.compliance.put(a_standing(course_id="other", calculated_at=LATER))

    assert (Fault.COMPLIANCE_NOT_RECALCULATED, "a") in reconcile(world)
    world.compliance.put(a_standing(course_id=COURSE_ID, calculated_at=LATER))
    assert (Fault.COMPLIANCE_NOT_RECALCULATED, "a") not in reconcile(world)


def test_reconcile_finds_a_session_that_is_being_finalized_for_too_long() -> None:
    """It was locked and never completed, and its outbox entry is stuck as well."""
    world = FakeWiring()
    snapshot = a_snapshot(*attendees(150), session_id="large")
    world.sessions.put(snapshot)
    world.finalizations.lock(a_plan(snapshot))

    assert reconcile(world) == [(Fault.OUTBOX_STUCK, "large"), (Fault.FINALIZING_TOO_LONG, "large")]
    assert reconcile(world, NOW + timedelta(minutes=1)) == []


def test_reconcile_finds_entries_of_sessions_it_does_not_look_at() -> None:
    """All of the outbox is checked, however old the sessions are."""
    world = FakeWiring()
    snapshot = a_snapshot(*attendees(1), session_id="old")
    world.sessions.put(snapshot)
    world.finalizations.commit(a_plan(snapshot))

    found = reconcile(world, NOW + timedelta(days=400))

    assert found == [(Fault.OUTBOX_STUCK, "old")]


@pytest.mark.parametrize("status", [SessionStatus.IN_PROGRESS, SessionStatus.CANCELLED])
def test_reconcile_does_not_look_at_sessions_that_are_not_locked(status: SessionStatus) -> None:
    """A session that was never finalized cannot be incomplete."""
    world = FakeWiring(Snapshot(a_session(status=status, roster_count=9), ()))

    assert reconcile(world) == []


def test_reconcile_finds_a_session_that_was_completed_without_a_decision() -> None:
    """There is no decision to compare with; only a change by hand can cause that."""
    world = FakeWiring(a_snapshot(session_id="a", status=SessionStatus.COMPLETED))

    assert reconcile(world) == [(Fault.SESSION_UNREADABLE, "a")]


@pytest.mark.parametrize(("hours", "is_found"), [(48, True), (30, True), (29, False)])
def test_reconcile_looks_back_as_far_as_it_is_told(hours: int, *, is_found: bool) -> None:
    """Sessions that started earlier were checked in earlier nights."""
    world = FakeWiring()
    details = some_details(starts_at=LATER - timedelta(hours=30), ends_at=ENDS_AT)
    snapshot = a_snapshot(*attendees(1), session_id="a", details=details)
    world.sessions.put(Snapshot(a_plan(snapshot).completed, snapshot.attendees))

    found = reconcile(world, looking_back=timedelta(hours=hours))

    assert ((Fault.RECORDS_MISSING, "a") in found) is is_found


def test_reconcile_looks_at_every_page_of_the_list() -> None:
    """One session among hundreds is found."""
    world = FakeWiring()
    for number in range(250):
        finalized(world, f"s-{number:03}", people=0)
    snapshot = a_snapshot(*attendees(1), session_id="a")
    world.sessions.put(Snapshot(a_plan(snapshot).completed, snapshot.attendees))

    assert (Fault.RECORDS_MISSING, "a") in reconcile(world)


def test_reconcile_changes_nothing() -> None:
    """A repair is a decision of a person, and its reason has to be recorded."""
    world = FakeWiring()
    snapshot = a_snapshot(*attendees(150), session_id="large")
    world.sessions.put(snapshot)
    world.finalizations.lock(a_plan(snapshot))
    before = world.sessions.stored("large"), world.outbox.owed, world.records.everything
    writes = world.sessions.writes

    reconcile(world)

    assert (world.sessions.stored("large"), world.outbox.owed, world.records.everything) == before
    assert world.sessions.writes == writes
    assert world.publisher.calls == []


def test_reconcile_reads_sessions_whole() -> None:
    """A roster read in the middle of a change is read again."""
    world = FakeWiring()
    finalized(world)
    stored = world.sessions.stored("a")
    world.sessions.torn = [Snapshot(stored.session, stored.attendees[1:])]

    assert reconcile(world) == []


def test_reconcile_skips_a_session_that_is_gone() -> None:
    """The list may lag behind; the session itself counts."""
    world = FakeWiring()
    finalized(world, "gone")
    world.sessions.unreadable["gone"] = NotFound("gone")

    assert reconcile(world) == []


def damaged(world: FakeWiring) -> None:
    """Finalize a session, and lose one row of its roster behind the API."""
    finalized(world, "damaged")
    stored = world.sessions.stored("damaged")
    world.sessions.put(Snapshot(stored.session, stored.attendees[1:]))


def test_reconcile_finds_a_session_whose_rows_do_not_add_up() -> None:
    """A row that was edited or removed by hand is a finding at every read."""
    world = FakeWiring()
    damaged(world)

    assert reconcile(world) == [(Fault.ROSTER_INCONSISTENT, "damaged")]


def test_reconcile_finds_a_damaged_session_that_is_being_finalized_for_too_long() -> None:
    """Both findings are there, since one may be the cause of the other."""
    world = FakeWiring()
    snapshot = a_snapshot(*attendees(150), session_id="large")
    world.sessions.put(snapshot)
    world.finalizations.lock(a_plan(snapshot))
    world.outbox.remove(world.outbox.entries_due(LATER)[0])
    stored = world.sessions.stored("large")
    world.sessions.put(Snapshot(stored.session, stored.attendees[1:]))

    found = reconcile(world)

    assert found == [(Fault.FINALIZING_TOO_LONG, "large"), (Fault.ROSTER_INCONSISTENT, "large")]


def test_reconcile_spends_few_reads_on_a_damaged_session() -> None:
    """Many damaged sessions must not use up the time of the run."""
    world = FakeWiring()
    damaged(world)
    pauses: list[int] = []

    reconciled(world, pause=pauses.append)

    assert len(pauses) == 3


def test_reconcile_finds_a_session_that_cannot_be_read() -> None:
    """The finding names the kind of error; the message could quote stored data."""
    world = FakeWiring()
    finalized(world, "bad")
    world.sessions.unreadable["bad"] = ValueError("remarks of Ola Nordmann")

    (finding,) = reconciled(world).findings

    assert (finding.fault, finding.session_id) == (Fault.SESSION_UNREADABLE, "bad")
    assert finding.detail == "cannot be checked: ValueError"


@pytest.mark.parametrize("failure", [ValueError("stored"), Busy()], ids=repr)
def test_reconcile_checks_the_others_beside_one_that_fails(failure: Exception) -> None:
    """A damaged session at any place in the list hides none of the others."""
    world = FakeWiring()
    for name in ("a", "bad", "z"):
        finalized(world, name)
    damaged(world)
    world.sessions.unreadable["bad"] = failure
    world.records.forget(a_cuid(2))

    found = reconcile(world)

    assert {name for fault, name in found if fault is Fault.RECORDS_MISSING} == {"a", "z"}
    assert (Fault.ROSTER_INCONSISTENT, "damaged") in found


def test_reconcile_tells_no_answer_from_damage() -> None:
    """Throttling says nothing about a session; the run has to fail and be repeated."""
    world = FakeWiring()
    finalized(world, "a")
    world.sessions.unreadable["a"] = Busy()

    result = reconciled(world)

    assert result.findings == ()
    assert [(name, type(failure)) for name, failure in result.unanswered] == [("a", Busy)]


def test_reconcile_says_what_it_had_no_time_for() -> None:
    """A session that was not checked does not count as correct."""
    world = FakeWiring()
    for name in "abc":
        finalized(world, name)
    world.time = iter([True])

    assert reconciled(world) == Reconciled((), ("b", "a"), ())


def test_reconcile_finds_an_entry_that_cannot_be_read() -> None:
    """The relay can never process it; its key says which finalization it belongs to."""
    world = FakeWiring()
    world.outbox.unreadable.append(UnreadableEntry("2020-01-01#fin-a"))

    (finding,) = reconciled(world).findings

    assert (finding.fault, finding.session_id) == (Fault.OUTBOX_STUCK, "unknown")
    assert "#fin-a" in finding.detail
