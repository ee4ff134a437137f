"""Running schedules: faults, recovery, quiet, and the rules at the end."""

from datetime import timedelta
from functools import partial
from types import MappingProxyType

from shared.domain.session import SessionStatus
from tests.simulation import clients, rules
from tests.simulation.outside import NEVER
from tests.simulation.world import Focus, Hazard, World

AN_HOUR = timedelta(hours=1)
# Runs of the relay that may be needed when faults have stopped.
QUIET_RUNS = 3


def play(
    seed: int,
    hazards: frozenset[Hazard] = frozenset(),
    focus: Focus = MappingProxyType({}),
    *,
    trace: list[str] | None = None,
) -> World:
    """
    Play the schedule of this seed to its end.

    Raises:
        Violation: A rule is broken.
    """
    world = World(seed, hazards, focus)
    world.scheduler.trace = trace
    try:
        _play(world)
    except rules.Violation:
        raise
    except Exception as error:
        raise rules.Violation(rules.SURPRISE, repr(error)) from error
    return world


def _play(world: World) -> None:
    world.fail(world.setup.fault_rate)
    clients.enrol(world)
    world.scheduler.run()
    _recover(world)
    _calm_down(world)
    rules.check(world)
    if world.snapshot().session.status is not SessionStatus.COMPLETED:
        _work_on(world)
        rules.check(world)


def _recover(world: World) -> None:
    """Let faults go on while clients repeat their requests and the relay runs."""
    spawn, chance = world.scheduler.spawn, world.scheduler.chance
    way = chance()
    if way < 0.7:
        spawn("relay", partial(clients.relay, world))
    if way > 0.4:
        for key in world.setup.keys[:2]:
            spawn("client", partial(clients.finalizer, world, key=key))
    world.scheduler.run()


def _calm_down(world: World) -> None:
    """Stop all faults; the relay runs every minute and queues deliver their messages."""
    world.fail(NEVER)
    for _ in range(QUIET_RUNS):
        world.scheduler.spawn("relay", partial(clients.relay, world, "quiet relay"))
        _redeliver(world)
        if not world.owed() and not world.undelivered:
            return


def _redeliver(world: World) -> None:
    messages, world.undelivered = world.undelivered, []
    for message in messages:
        clients.deliver(world, message)
    world.scheduler.run()


def _work_on(world: World) -> None:
    """Finalize a session that is still open, with all that it lacks."""

    session, spawn = world.snapshot().session, world.scheduler.spawn
    spawn("admin", partial(world.scheduler.jump, AN_HOUR))
    if session.roster_change is not None:
        roster = next(world.history.of("register")).content
        spawn("admin", partial(clients.registrar, world, roster=roster))
    if session.sheet is None:
        spawn("admin", partial(clients.uploader, world))
    world.scheduler.run()
    spawn("admin", partial(clients.finalizer, world, key=None))
    _calm_down(world)
    final = world.snapshot().session
    rules.require(final.status is SessionStatus.COMPLETED, rules.NOT_STUCK, final)
