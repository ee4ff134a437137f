"""Reconciling: everything wrong is found, and nothing is touched."""

from datetime import datetime, timedelta

import pytest

from functions.reconcile_sessions.use_case import Reconciling, reconcile_sessions
from shared.domain.errors import NotFound
from shared.domain.outbox import GRACE
from shared.domain.reconciliation import TOO_LONG, Fault
from shared.domain.session import SessionStatus, Snapshot
from tests.builders import (
    COURSE_ID,
    ENDS_AT,
    NOW,
    a_cuid,
    a_plan,
    a_request,
    a_session,
    a_snapshot,
    a_standing,
    an_absentee,
    attendees,
    some_details,
)
from tests.fakes import FakeSessions, World, no_pause

LATER = NOW + GRACE + TOO_LONG + timedelta(seconds=1)
TWO_DAYS = timedelta(days=2)


def finalized(world: World, name: str = "a", people: int = 2, at: datetime = NOW) -> None:
    """Finalize a session with one absent person, tell everybody and judge the whole roster."""
    snapshot = a_snapshot(*attendees(people), an_absentee(people + 1), session_id=name)
    plan = a_plan(snapshot, request=a_request(finalization_id=f"fin-{name}", at=at))
    world.sessions.put(snapshot)
    world.finalizations.commit(plan)
    for entry in world.outbox.due(LATER):
        world.outbox.remove(entry)
    for number in range(1, people + 2):
        world.compliance.put(a_standing(personnel_id=a_cuid(number), calculated_at=LATER))


def reconcile(
    world: World, now: datetime = LATER, looking_back: timedelta = TWO_DAYS
) -> list[tuple[Fault, str]]:
    """Look for what is wrong."""
    using = Reconciling(world.sessions, world.records, world.compliance, world.outbox, no_pause)
    found = reconcile_sessions(now, looking_back, using)
    return [(finding.fault, finding.session_id) for finding in found]


def test_reconcile_finds_nothing_where_nothing_is_wrong() -> None:
    """Finalized, told and judged."""
    world = World()
    finalized(world)

    assert reconcile(world) == []


def test_reconcile_of_nothing_finds_nothing() -> None:
    """An empty stack is in order."""
    assert reconcile(World()) == []


def test_reconcile_finds_a_record_that_is_missing() -> None:
    """A record somebody deleted, or never wrote, is missed (K1)."""
    world = World()
    finalized(world, people=2)
    world.records.forget(a_cuid(2))

    assert reconcile(world) == [(Fault.RECORDS_MISSING, "a")]


def test_reconcile_finds_people_who_were_not_judged() -> None:
    """Whoever was absent has to be judged too."""
    world = World()
    finalized(world, people=2)
    world.compliance.put(
        a_standing(personnel_id=a_cuid(3), calculated_at=NOW - timedelta(seconds=1))
    )

    assert reconcile(world) == [(Fault.COMPLIANCE_NOT_RECALCULATED, "a")]


def test_reconcile_judges_by_the_course_the_session_was_finalized_under() -> None:
    """A calculation in another course proves nothing."""
    world = World()
    snapshot = a_snapshot(*attendees(1), session_id="a")
    world.sessions.put(snapshot)
    world.finalizations.commit(a_plan(snapshot))
    world.compliance.put(a_standing(course_id="other", calculated_at=LATER))

    assert (Fault.COMPLIANCE_NOT_RECALCULATED, "a") in reconcile(world)
    world.compliance.put(a_standing(course_id=COURSE_ID, calculated_at=LATER))
    assert (Fault.COMPLIANCE_NOT_RECALCULATED, "a") not in reconcile(world)


def test_reconcile_finds_a_session_that_is_being_finalized_for_too_long() -> None:
    """Sealed and never completed, and its entry is stuck as well."""
    world = World()
    snapshot = a_snapshot(*attendees(150), session_id="large")
    world.sessions.put(snapshot)
    world.finalizations.seal(a_plan(snapshot))

    assert reconcile(world) == [(Fault.OUTBOX_STUCK, "large"), (Fault.FINALIZING_TOO_LONG, "large")]
    assert reconcile(world, NOW + timedelta(minutes=1)) == []


def test_reconcile_finds_entries_of_sessions_it_does_not_look_at() -> None:
    """The outbox is looked through whole, however old the session."""
    world = World()
    snapshot = a_snapshot(*attendees(1), session_id="old")
    world.sessions.put(snapshot)
    world.finalizations.commit(a_plan(snapshot))

    found = reconcile(world, NOW + timedelta(days=400))

    assert found == [(Fault.OUTBOX_STUCK, "old")]


@pytest.mark.parametrize("status", [SessionStatus.IN_PROGRESS, SessionStatus.CANCELLED])
def test_reconcile_does_not_look_at_sessions_that_are_not_locked(status: SessionStatus) -> None:
    """What was never finalized cannot be half finalized."""
    world = World(Snapshot(a_session(status=status, roster_count=9), ()))

    assert reconcile(world) == []


def test_reconcile_skips_a_session_locked_without_a_decision() -> None:
    """There is nothing to compare with."""
    world = World(a_snapshot(status=SessionStatus.COMPLETED))

    assert reconcile(world) == []


@pytest.mark.parametrize(("hours", "is_found"), [(48, True), (30, True), (29, False)])
def test_reconcile_looks_back_as_far_as_it_is_told(hours: int, *, is_found: bool) -> None:
    """What started earlier was looked at in an earlier night."""
    world = World()
    details = some_details(starts_at=LATER - timedelta(hours=30), ends_at=ENDS_AT)
    snapshot = a_snapshot(*attendees(1), session_id="a", details=details)
    world.sessions.put(Snapshot(a_plan(snapshot).completed, snapshot.attendees))

    found = reconcile(world, looking_back=timedelta(hours=hours))

    assert ((Fault.RECORDS_MISSING, "a") in found) is is_found


def test_reconcile_looks_at_every_page_of_the_list() -> None:
    """One session among hundreds is found."""
    world = World()
    for number in range(250):
        finalized(world, f"s-{number:03}", people=0)
    snapshot = a_snapshot(*attendees(1), session_id="a")
    world.sessions.put(Snapshot(a_plan(snapshot).completed, snapshot.attendees))

    assert (Fault.RECORDS_MISSING, "a") in reconcile(world)


def test_reconcile_changes_nothing() -> None:
    """A repair is somebody's decision, and its reason belongs on record."""
    world = World()
    snapshot = a_snapshot(*attendees(150), session_id="large")
    world.sessions.put(snapshot)
    world.finalizations.seal(a_plan(snapshot))
    before = world.sessions.stored("large"), world.outbox.owed, world.records.everything
    writes = world.sessions.writes

    reconcile(world)

    assert (world.sessions.stored("large"), world.outbox.owed, world.records.everything) == before
    assert world.sessions.writes == writes
    assert world.publisher.calls == []


def test_reconcile_reads_sessions_whole() -> None:
    """A roster read in the middle of a change is no finding."""
    world = World()
    finalized(world)
    stored = world.sessions.stored("a")
    world.sessions.torn = [Snapshot(stored.session, stored.attendees[1:])]

    assert reconcile(world) == []


class Lagging(FakeSessions):
    """Sessions whose list still shows one that is gone."""

    def read(self, session_id: str) -> Snapshot:
        """Find only what is there."""
        if session_id == "gone":
            raise NotFound(session_id)
        return super().read(session_id)


def test_reconcile_skips_a_session_that_is_gone() -> None:
    """The list may lag behind; what counts is the session itself."""
    world = World()
    world.sessions = Lagging(a_snapshot(session_id="gone", status=SessionStatus.COMPLETED))

    assert reconcile(world) == []
