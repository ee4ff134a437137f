"""How the benchmark counts, and what it accepts."""

from dataclasses import replace

import pytest

from benchmarks.call_recorder import Call, depth
from benchmarks.cost import Cost
from benchmarks.strategies import OURS
from benchmarks.thresholds import missed

FITS = Cost(OURS.name, 97, depth=6, requests=6, write_units=209, seconds=0.1)
LARGE = Cost(OURS.name, 5_000, depth=32, requests=207, write_units=5_013, seconds=3)
LARGEST = Cost(OURS.name, 10_000, depth=59, requests=409, write_units=10_013, seconds=6)


def calls(*spans: tuple[float, float]) -> list[Call]:
    """Return calls that began and ended at these moments."""
    return [Call("PutItem", began, ended, 1) for began, ended in spans]


def test_depth_counts_calls_that_wait_for_each_other() -> None:
    """Sequential calls are as many deep."""
    assert depth(calls((0, 1), (1, 2), (3, 4))) == 3


def test_depth_counts_lanes_once() -> None:
    """Concurrent calls count once, in any order of their ends."""
    assert depth(calls((0, 1), (1, 3), (1.1, 2), (1.2, 4), (4, 5))) == 3


def test_bars_let_the_measured_costs_pass() -> None:
    """Six calls for one transaction, and N + 60 units in 40 calls for 5,000 people, pass."""
    assert missed([FITS, LARGE, LARGEST]) == []


@pytest.mark.parametrize(
    ("costs", "complaint"),
    [
        ((replace(FITS, depth=7), LARGE, LARGEST), "97 people: 7 calls in a row"),
        ((FITS, replace(LARGE, depth=41), LARGEST), "5000 people: 41 calls in a row"),
        ((FITS, replace(LARGE, write_units=5_061), LARGEST), "5000 people: 5061 write units"),
        ((FITS, LARGE, replace(LARGEST, write_units=10_027)), "write_units grows"),
        ((FITS, LARGE, replace(LARGEST, requests=415)), "requests grows"),
        ((FITS, LARGE, replace(LARGEST, depth=65)), "depth grows"),
    ],
)
def test_bars_name_what_is_missed(costs: tuple[Cost, ...], complaint: str) -> None:
    """Each limit that is exceeded is named, and no other."""
    (failure,) = missed(costs)

    assert failure.startswith(complaint)


def test_bars_are_ours_alone() -> None:
    """Costs of the other ways are shown and not judged."""
    other = replace(LARGE, way="a PutItem loop", depth=5_005)

    assert missed([FITS, LARGE, LARGEST, other]) == []
