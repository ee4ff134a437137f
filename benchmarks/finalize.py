"""What a finalization costs: `python -m benchmarks.finalize [--write docs/performance.md]`."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import report
from benchmarks.bars import missed
from benchmarks.cost import Cost
from benchmarks.tap import Call, depth, tapped
from benchmarks.ways import OURS, WAYS, Way
from benchmarks.world import World, a_session, world
from local.progress import step

SIZES = (10, 97, 98, 500, 5_000, 10_000)
# Longer than the calls of one round of lanes need to set out, so that a round counts once.
HOLD_SECONDS = 0.1


def main() -> int:
    """Measure and show; fail if a bar is missed."""
    page = _arguments().write
    with world() as stage:
        costs = _costs(stage)
    report.show(costs)
    if page:
        report.write(costs, page)
    failures = missed(costs)
    for failure in failures:
        print(f"MISSED: {failure}")
    return 1 if failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.finalize", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="renew the table of a page")
    return parser.parse_args()


def _costs(stage: World) -> Sequence[Cost]:
    _cost(OURS, SIZES[0], stage)  # The first of all pays for start-up.
    costs = []
    for people in SIZES:
        with step(f"Finalizing {people:,} people"):
            costs += [_cost(way, people, stage) for way in WAYS]
    return costs


def _cost(way: Way, people: int, stage: World) -> Cost:
    seconds, calls = _finalized(way, stage, a_session(people))
    if way.has_lanes:
        _, calls = _finalized(way, stage, a_session(people), HOLD_SECONDS)
    return Cost(
        way=way.name,
        people=people,
        depth=depth(calls),
        requests=len(calls),
        write_units=sum(call.write_units for call in calls),
        seconds=seconds,
    )


def _finalized(
    way: Way, stage: World, session_id: str, hold_seconds: float = 0
) -> tuple[float, Sequence[Call]]:
    """Finalize, and return the time it took and the calls it made."""
    started = time.monotonic()
    with tapped(hold_seconds) as calls:
        way.finalize(stage, session_id)
    return time.monotonic() - started, calls


if __name__ == "__main__":
    sys.exit(main())
