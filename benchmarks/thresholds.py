"""The most a finalization may cost, for sessions of any size."""

from collections.abc import Iterator, Sequence

from benchmarks.cost import Cost
from benchmarks.strategies import OURS

# Records that fit one transaction beside the session, its audit entry and its outbox entry.
LARGEST_THAT_FITS = 97
DEEPEST_THAT_FITS = 6
LARGE, DEEPEST_LARGE, MOST_UNITS_BESIDE_RECORDS = 5_000, 40, 60


def missed(costs: Sequence[Cost]) -> list[str]:
    """Describe every threshold that our own measurements miss."""
    ours = {cost.people: cost for cost in costs if cost.way == OURS.name}
    return [*_too_deep(ours), *_too_costly(ours[LARGE]), *_steeper_than_linear(ours)]


def _too_deep(ours: dict[int, Cost]) -> Iterator[str]:
    for people, cost in ours.items():
        if people <= LARGEST_THAT_FITS and cost.depth > DEEPEST_THAT_FITS:
            yield f"{people} people: {cost.depth} calls in a row, not {DEEPEST_THAT_FITS}"


def _too_costly(cost: Cost) -> Iterator[str]:
    if cost.depth > DEEPEST_LARGE:
        yield f"{LARGE} people: {cost.depth} calls in a row, not {DEEPEST_LARGE}"
    if cost.write_units > LARGE + MOST_UNITS_BESIDE_RECORDS:
        most = LARGE + MOST_UNITS_BESIDE_RECORDS
        yield f"{LARGE} people: {cost.write_units:.0f} write units, not {most}"


def _steeper_than_linear(ours: dict[int, Cost]) -> Iterator[str]:
    """Twice as many people may cost twice as much, not more."""
    once, twice = ours[LARGE], ours[2 * LARGE]
    for measure in ("depth", "requests", "write_units"):
        before, after = getattr(once, measure), getattr(twice, measure)
        if after > 2 * before:
            yield f"{measure} grows from {before} to {after} when the people double"
