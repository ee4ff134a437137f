"""Each guard of the protocol is removed in turn, and the simulation must notice."""

from collections.abc import Callable

import pytest

from tests.simulation.conftest import PROPERTY
from tests.simulation.exploration import explore
from tests.simulation.mutants import GUARDS, Guard

# Several times the number after which the last mutant is noticed.
SCHEDULES = 2_000


@pytest.mark.parametrize("guard", GUARDS, ids=str)
def test_simulation_notices_a_missing_guard(
    guard: Guard, record_property: Callable[[str, object], None]
) -> None:
    """Without any one of its guards the protocol breaks the rule that the guard is there for."""
    with guard.removed():
        tally = explore(0, SCHEDULES, focus=guard.focus, rules=guard.breaks)
    record_property(PROPERTY, f"without {guard}: {tally.summary}")

    assert tally.violation is not None, f"no rule misses the {guard} in {tally.summary}"
