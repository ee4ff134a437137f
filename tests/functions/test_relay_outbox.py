"""Relaying the outbox: what is due, the oldest first, and none held up by a bad neighbour."""

from datetime import datetime, timedelta

import pytest

from functions.relay_outbox.use_case import Relayed, relay_outbox
from shared.domain.errors import NotFound
from shared.domain.events import SessionFinalized
from shared.domain.outbox import GRACE, entry_for
from shared.domain.plan import Plan
from shared.domain.session import Session, SessionStatus, Snapshot
from tests.builders import (
    NOW,
    a_decision,
    a_plan,
    a_request,
    a_snapshot,
    attendees,
)
from tests.fakes import World

LATER = NOW + timedelta(hours=1)


def finalized(world: World, name: str, at: datetime = NOW, people: int = 2) -> Plan:
    """Finalize a session of that name without telling anybody."""
    snapshot = a_snapshot(*attendees(people), session_id=name)
    plan = a_plan(snapshot, request=a_request(finalization_id=f"fin-{name}", at=at))
    world.sessions.put(snapshot)
    world.finalizations.commit(plan)
    return plan


def sealed(world: World, name: str, at: datetime = NOW, people: int = 150) -> Plan:
    """Seal a large session of that name and leave it alone."""
    snapshot = a_snapshot(*attendees(people), session_id=name)
    plan = a_plan(snapshot, request=a_request(finalization_id=f"fin-{name}", at=at))
    world.sessions.put(snapshot)
    world.finalizations.seal(plan)
    return plan


def relay(world: World, now: datetime = LATER) -> Relayed:
    """Run the relay."""
    return relay_outbox(now, world.finalizing)


def told(world: World) -> list[str]:
    """Return the sessions others were told of, in that order."""
    return [
        event.session_id for event in world.publisher.taken if isinstance(event, SessionFinalized)
    ]


def session(world: World, name: str) -> Session:
    """Return a session as stored."""
    return world.sessions.load(name)


def test_relay_delivers_what_is_owed() -> None:
    """Every event of the finalization, the very same ones."""
    world = World()
    plan = finalized(world, "a")

    relayed = relay(world)

    assert world.publisher.taken == list(plan.events)
    assert world.outbox.owed == set()
    assert relayed == Relayed(done=1, left=0, failures=())


def test_relay_with_nothing_to_do_does_nothing() -> None:
    """An empty outbox costs no call."""
    world = World()

    assert relay(world) == Relayed(done=0, left=0, failures=())
    assert world.publisher.calls == []


def test_relay_works_off_the_oldest_first() -> None:
    """Nobody waits longer because others came later."""
    world = World()
    for number, name in enumerate(["d", "b", "a", "c"]):
        finalized(world, name, NOW + timedelta(minutes=number))

    relay(world)

    assert told(world) == ["d", "b", "a", "c"]


def test_relay_leaves_time_to_who_finalized() -> None:
    """What is not due yet is still being published by the request itself."""
    world = World()
    finalized(world, "a", NOW)

    relayed = relay(world, NOW + GRACE - timedelta(seconds=1))

    assert relayed == Relayed(done=0, left=0, failures=())
    assert world.outbox.owed == {"a"}


def test_relay_takes_what_is_due_and_nothing_else() -> None:
    """The line between due and not due runs between two entries."""
    world = World()
    finalized(world, "due", NOW)
    finalized(world, "fresh", NOW + timedelta(seconds=1))

    relay(world, NOW + GRACE)

    assert told(world) == ["due"]
    assert world.outbox.owed == {"fresh"}


def test_relay_keeps_what_the_bus_did_not_take() -> None:
    """It comes again next minute."""
    world = World()
    finalized(world, "a")
    world.publisher.down = {1}

    assert relay(world) == Relayed(done=0, left=1, failures=())
    assert world.outbox.owed == {"a"}
    assert relay(world).done == 1


@pytest.mark.parametrize("bad", ["a", "b", "c"])
def test_relay_is_not_held_up_by_a_bad_neighbour(bad: str) -> None:
    """An event the bus never takes blocks neither older nor younger ones."""
    world = World()
    plans = {name: finalized(world, name) for name in "abc"}
    world.publisher.refused = {plans[bad].events[-1].event_id}

    relayed = relay(world)

    assert world.outbox.owed == {bad}
    assert (relayed.done, relayed.left) == (2, 1)


def test_relay_is_not_held_up_by_an_entry_it_cannot_work_off() -> None:
    """What fails is reported by its session, and the others are done."""
    world = World()
    world.outbox.add(entry_for("nowhere", a_decision(finalized_at=NOW - timedelta(days=1))))
    finalized(world, "a")

    relayed = relay(world)

    assert told(world) == ["a"]
    assert (relayed.done, relayed.left) == (1, 1)
    assert [(name, type(failure)) for name, failure in relayed.failures] == [("nowhere", NotFound)]


def test_relay_reports_an_entry_for_a_session_nobody_finalized() -> None:
    """An entry made by hand finalizes nothing."""
    world = World(a_snapshot(session_id="open"))
    world.outbox.add(entry_for("open", a_decision()))

    relayed = relay(world)

    assert [str(failure) for _, failure in relayed.failures] == ["session open was never finalized"]
    assert session(world, "open").finalization is None


def test_relay_finishes_a_sealed_session() -> None:
    """What the request had no time for is written, and then told."""
    world = World()
    plan = sealed(world, "large")

    relayed = relay(world)

    assert session(world, "large") == plan.after_seal().completed
    assert world.records.everything == set(plan.records)
    assert told(world) == ["large"]
    assert relayed.left == 0


def test_relay_finishes_a_sealed_session_the_way_it_was_begun() -> None:
    """Once sealed, records that are there already are no rival's, however few they are."""
    world = World()
    plan = sealed(world, "small", people=3)
    world.records.add(plan.records[0])

    relay(world)

    assert session(world, "small") == plan.after_seal().completed
    assert world.records.everything == set(plan.records)


def test_relay_leaves_what_it_has_no_time_for() -> None:
    """Whatever was begun is finished next minute; whatever was not is not begun."""
    world = World()
    for number, name in enumerate("abc"):
        finalized(world, name, NOW + timedelta(minutes=number))
    world.time = iter([True])

    assert relay(world) == Relayed(done=1, left=2, failures=())
    assert told(world) == ["a"]
    assert world.outbox.owed == {"b", "c"}


def test_relay_that_runs_out_of_time_in_a_large_session_goes_on_next_minute() -> None:
    """Nothing counts before all of it is there, however many runs it takes."""
    world = World()
    plan = sealed(world, "large")
    world.time = iter([True, True, True])

    assert relay(world).left == 1
    assert session(world, "large").status is SessionStatus.FINALIZING
    assert world.publisher.calls == []

    world.time = iter([True] * 99)
    assert relay(world).left == 0
    assert session(world, "large") == plan.after_seal().completed


def test_relay_twice_at_once_only_repeats_events() -> None:
    """Two runs tell everybody twice; ids say that it is the same."""
    world = World()
    plan = finalized(world, "a")
    relay(world)
    world.outbox.add(entry_for("a", plan.decision))

    relay(world)

    assert world.publisher.taken == [*plan.events, *plan.events]
    assert world.records.everything == set(plan.records)


def test_relay_reads_a_session_whole() -> None:
    """Events name the whole roster, also if the first read misses somebody."""
    world = World()
    plan = finalized(world, "a")
    stored = world.sessions.stored("a")
    world.sessions.torn = [Snapshot(stored.session, stored.attendees[1:])]

    relay(world)

    assert world.publisher.taken == list(plan.events)
