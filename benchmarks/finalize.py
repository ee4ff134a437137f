"""What a finalization costs: `python -m benchmarks.finalize [--write docs/performance.md]`."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import report
from benchmarks.call_recorder import Call, depth, recorded_calls
from benchmarks.cost import Cost
from benchmarks.server import Server, a_session, running_server
from benchmarks.strategies import OURS, WAYS, Way
from benchmarks.thresholds import missed
from local.progress import step

SIZES = (10, 97, 98, 500, 5_000, 10_000)
# Longer than it takes to start all parallel calls of a round, so that a round adds 1 to the depth.
HOLD_SECONDS = 0.1


def main() -> int:
    """Measure and show; fail if a threshold is missed."""
    page = _arguments().write
    with running_server() as server:
        costs = _costs(server)
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


def _costs(server: Server) -> Sequence[Cost]:
    _cost(OURS, SIZES[0], server)  # The first call of all includes start-up.
    costs = []
    for people in SIZES:
        with step(f"Finalizing {people:,} people"):
            costs += [_cost(way, people, server) for way in WAYS]
    return costs


def _cost(way: Way, people: int, server: Server) -> Cost:
    seconds, calls = _finalized(way, server, a_session(people))
    if way.has_lanes:
        _, calls = _finalized(way, server, a_session(people), HOLD_SECONDS)
    return Cost(
        way=way.name,
        people=people,
        depth=depth(calls),
        requests=len(calls),
        write_units=sum(call.write_units for call in calls),
        seconds=seconds,
    )


def _finalized(
    way: Way, server: Server, session_id: str, hold_seconds: float = 0
) -> tuple[float, Sequence[Call]]:
    """Finalize, and return the time it took and the calls it made."""
    started = time.monotonic()
    with recorded_calls(hold_seconds) as calls:
        way.finalize(server, session_id)
    return time.monotonic() - started, calls


if __name__ == "__main__":
    sys.exit(main())
