"""The relay: entries that are due, oldest first; an entry that fails holds up no other."""

from datetime import datetime, timedelta

import pytest

from functions.relay_outbox.use_case import Relayed, relay_outbox
from shared.domain.errors import NotFound, SessionNotFinalized
from shared.domain.events import SessionFinalized
from shared.domain.outbox import GRACE, UnreadableEntry, entry_for
from shared.domain.plan import Plan
from shared.domain.session import Session, SessionStatus, Snapshot
from testing.builders import (
    NOW,
    a_command,
    a_decision,
    a_plan,
    a_snapshot,
    attendees,
)
from testing.fakes import FakeWiring

LATER = NOW + timedelta(hours=1)


def finalized(world: FakeWiring, name: str, at: datetime = NOW, people: int = 2) -> Plan:
    """Finalize a session of that name without publishing its events."""
    snapshot = a_snapshot(*attendees(people), session_id=name)
    plan = a_plan(snapshot, command=a_command(finalization_id=f"fin-{name}", at=at))
    world.sessions.put(snapshot)
    world.finalizations.commit(plan)
    return plan


def locked(world: FakeWiring, name: str, at: datetime = NOW, people: int = 150) -> Plan:
    """Lock a large session of that name and leave it alone."""
    snapshot = a_snapshot(*attendees(people), session_id=name)
    plan = a_plan(snapshot, command=a_command(finalization_id=f"fin-{name}", at=at))
    world.sessions.put(snapshot)
    world.finalizations.lock(plan)
    return plan


def relay(world: FakeWiring, now: datetime = LATER) -> Relayed:
    """Run the relay."""
    return relay_outbox(now, world, world.has_time_left)


def told(world: FakeWiring) -> list[str]:
    """Return the sessions of the published events, in that order."""
    return [
        event.session_id for event in world.publisher.taken if isinstance(event, SessionFinalized)
    ]


def session(world: FakeWiring, name: str) -> Session:
    """Return a session as stored."""
    return world.sessions.load(name)


def test_relay_delivers_what_is_owed() -> None:
    """Every event of the finalization is published, with the same ids."""
    world = FakeWiring()
    plan = finalized(world, "a")

    relayed = relay(world)

    assert world.publisher.taken == list(plan.events)
    assert world.outbox.owed == set()
    assert relayed == Relayed(done=1, left=0, failures=())


def test_relay_with_nothing_to_do_does_nothing() -> None:
    """With an empty outbox nothing is called."""
    world = FakeWiring()

    assert relay(world) == Relayed(done=0, left=0, failures=())
    assert world.publisher.calls == []


def test_relay_works_off_the_oldest_first() -> None:
    """Newer entries do not delay older ones."""
    world = FakeWiring()
    for number, name in enumerate(["d", "b", "a", "c"]):
        finalized(world, name, NOW + timedelta(minutes=number))

    relay(world)

    assert told(world) == ["d", "b", "a", "c"]


def test_relay_leaves_time_to_who_finalized() -> None:
    """Until an entry is due, the finalizing request itself is publishing."""
    world = FakeWiring()
    finalized(world, "a", NOW)

    relayed = relay(world, NOW + GRACE - timedelta(seconds=1))

    assert relayed == Relayed(done=0, left=0, failures=())
    assert world.outbox.owed == {"a"}


def test_relay_takes_what_is_due_and_nothing_else() -> None:
    """Of two entries, one due and one not yet due, only the first is processed."""
    world = FakeWiring()
    finalized(world, "due", NOW)
    finalized(world, "fresh", NOW + timedelta(seconds=1))

    relay(world, NOW + GRACE)

    assert told(world) == ["due"]
    assert world.outbox.owed == {"fresh"}


def test_relay_keeps_what_the_bus_did_not_take() -> None:
    """The entry is tried again at the next run."""
    world = FakeWiring()
    finalized(world, "a")
    world.publisher.down = {1}

    assert relay(world) == Relayed(done=0, left=1, failures=())
    assert world.outbox.owed == {"a"}
    assert relay(world).done == 1


@pytest.mark.parametrize("bad", ["a", "b", "c"])
def test_relay_is_not_held_up_by_a_bad_neighbour(bad: str) -> None:
    """An event that the bus never takes holds up neither older nor newer ones."""
    world = FakeWiring()
    plans = {name: finalized(world, name) for name in "abc"}
    world.publisher.refused = {plans[bad].events[-1].event_id}

    relayed = relay(world)

    assert world.outbox.owed == {bad}
    assert (relayed.done, relayed.left) == (2, 1)


def test_relay_is_not_held_up_by_an_entry_it_cannot_work_off() -> None:
    """The failure is reported with its session, and the other entries are processed."""
    world = FakeWiring()
    world.outbox.add(entry_for("nowhere", a_decision(finalized_at=NOW - timedelta(days=1))))
    finalized(world, "a")

    relayed = relay(world)

    assert told(world) == ["a"]
    assert (relayed.done, relayed.left) == (1, 1)
    assert [(name, type(failure)) for name, failure in relayed.failures] == [("nowhere", NotFound)]


def test_relay_is_not_held_up_by_an_entry_it_cannot_read() -> None:
    """The entry is reported by its key, and the other entries are processed."""
    world = FakeWiring()
    world.outbox.unreadable.append(UnreadableEntry("2020-01-01#fin-x"))
    finalized(world, "a")

    relayed = relay(world)

    assert told(world) == ["a"]
    assert [name for name, _ in relayed.failures] == ["2020-01-01#fin-x"]


def test_relay_reports_an_entry_for_a_session_that_was_not_finalized() -> None:
    """An entry that was written by hand finalizes nothing."""
    world = FakeWiring(a_snapshot(session_id="open"))
    world.outbox.add(entry_for("open", a_decision()))

    relayed = relay(world)

    ((name, failure),) = relayed.failures
    assert (name, type(failure)) == ("open", SessionNotFinalized)
    assert session(world, "open").finalization is None


def test_relay_completes_a_locked_session() -> None:
    """What the request had no time for is written, and then published."""
    world = FakeWiring()
    plan = locked(world, "large")

    relayed = relay(world)

    assert session(world, "large") == plan.after_lock().completed
    assert world.records.everything == set(plan.records)
    assert told(world) == ["large"]
    assert relayed.left == 0


def test_relay_completes_a_locked_session_the_way_it_was_begun() -> None:
    """After the lock, records that exist are our own, however few there are."""
    world = FakeWiring()
    plan = locked(world, "small", people=3)
    world.records.add(plan.records[0])

    relay(world)

    assert session(world, "small") == plan.after_lock().completed
    assert world.records.everything == set(plan.records)


def test_relay_leaves_what_it_has_no_time_for() -> None:
    """What was begun is finished at the next run; the rest is not begun."""
    world = FakeWiring()
    for number, name in enumerate("abc"):
        finalized(world, name, NOW + timedelta(minutes=number))
    world.time = iter([True])

    assert relay(world) == Relayed(done=1, left=2, failures=())
    assert told(world) == ["a"]
    assert world.outbox.owed == {"b", "c"}


def test_relay_that_runs_out_of_time_in_a_large_session_goes_on_next_minute() -> None:
    """No record counts until all are written, however many runs that takes."""
    world = FakeWiring()
    plan = locked(world, "large")
    world.time = iter([True, True, True])

    assert relay(world).left == 1
    assert session(world, "large").status is SessionStatus.FINALIZING
    assert world.publisher.calls == []

    world.time = iter([True] * 99)
    assert relay(world).left == 0
    assert session(world, "large") == plan.after_lock().completed


def test_relay_twice_at_once_only_repeats_events() -> None:
    """Two concurrent runs publish twice; the event ids are the same."""
    world = FakeWiring()
    plan = finalized(world, "a")
    relay(world)
    world.outbox.add(entry_for("a", plan.decision))

    relay(world)

    assert world.publisher.taken == [*plan.events, *plan.events]
    assert world.records.everything == set(plan.records)


def test_relay_reads_a_session_whole() -> None:
    """Events name the whole roster, even if the first read misses a person."""
    world = FakeWiring()
    plan = finalized(world, "a")
    stored = world.sessions.stored("a")
    world.sessions.torn = [Snapshot(stored.session, stored.attendees[1:])]

    relay(world)

    assert world.publisher.taken == list(plan.events)
