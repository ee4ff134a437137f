"""Playing many schedules, and reporting the results."""

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from types import MappingProxyType

from shared.domain.session import SessionStatus
from tests.simulation.rules import Violation
from tests.simulation.simulation import play
from tests.simulation.world import Focus, Hazard, World

NO_FOCUS: Focus = MappingProxyType({})
NO_HAZARDS: frozenset[Hazard] = frozenset()
# How much of the trace of a violation is shown.
LAST_STEPS = 60


@dataclass(slots=True)
class Tally:
    """
    Results of the schedules from *first_seed* on; *violation* is the first one, at *broken_seed*.

    *happened* counts faults, *told* the answers clients got, *ways* how sessions were completed.
    """

    first_seed: int
    schedules: int = 0
    seconds: float = 0.0
    happened: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    broken_seed: int | None = None
    violation: Violation | None = None
    trace: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        rate = self.schedules / self.seconds if self.seconds else 0.0
        return (
            f"{self.schedules:,} schedules from seed {self.first_seed} in "
            f"{self.seconds:.1f} s of CPU time ({rate:,.0f} a second)"
        )

    @property
    def report(self) -> str:
        """Return the violation, and how to play its schedule again."""
        steps = "\n".join(line[:240] for line in self.trace[-LAST_STEPS:])
        return (
            f"{self.violation}\n\n{steps}\n\nPlay it again with "
            f"SIMULATION_SEED={self.broken_seed} SIMULATION_SCHEDULES=1"
        )

    def add(self, world: World) -> None:
        """Count what happened in a schedule without a violation."""
        self.happened.update(world.database.happened)
        self.told.update(f"{asked.kind} {asked.answer}" for asked in world.history.requests)
        self.ways.update(_ways(world))


def explore(
    first_seed: int,
    count: int,
    hazards: frozenset[Hazard] = NO_HAZARDS,
    focus: Focus = NO_FOCUS,
    rules: Collection[str] = (),
) -> Tally:
    """Play *count* schedules, or until one of *rules* is broken; without any named, any rule."""
    tally, started = Tally(first_seed), time.process_time()
    for seed in range(first_seed, first_seed + count):
        tally.schedules += 1
        try:
            tally.add(play(seed, hazards, focus))
        except Violation as violation:
            if not rules or violation.rule in rules:
                tally.broken_seed, tally.violation = seed, violation
                tally.trace = _trace(seed, hazards, focus)
                break
    tally.seconds = time.process_time() - started
    return tally


def _trace(seed: int, hazards: frozenset[Hazard], focus: Focus) -> list[str]:
    trace: list[str] = []
    try:
        play(seed, hazards, focus, trace=trace)
    except Violation:
        return trace
    raise AssertionError(f"seed {seed} does not fail twice: something is not deterministic")


def _ways(world: World) -> list[str]:
    session = world.snapshot().session
    assert session.status is SessionStatus.COMPLETED, "every schedule ends with a completed session"
    assert session.finalization is not None, "a completed session carries its decision"
    actions = 2 + session.finalization.counts.records
    return ["in one transaction" if actions <= world.setup.max_actions else "locked and staged"]
