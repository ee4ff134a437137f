"""How many schedules the simulation plays, and its report at the end of the run."""

import os
import time

import pytest

# What fits in some twenty seconds on one core. Every missing guard is noticed within a fifth of it,
# because the schedules of a guard are drawn so that it is needed.
SCHEDULES = 500
TORTURE_SCHEDULES = 5_000

# Under this name a test stores its lines for the report, in any process of the run.
PROPERTY = "simulation"


def schedules(default_seed: int, default_count: int) -> tuple[int, int]:
    """The first seed and the number of schedules, from the environment or by default."""
    seed = int(os.environ.get("SIMULATION_SEED", default_seed))
    return seed, int(os.environ.get("SIMULATION_SCHEDULES", default_count))


@pytest.fixture(scope="session")
def new_seed() -> int:
    """Return a seed that no earlier run used."""
    return time.time_ns() // 1_000_000


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report the schedules that were played, and how soon each mutant was noticed."""
    reports = (report for kind in terminalreporter.stats.values() for report in kind)
    calls = (report for report in reports if getattr(report, "when", None) == "call")
    texts = (text for call in calls for name, text in call.user_properties if name == PROPERTY)
    for text in sorted(texts):
        terminalreporter.write_line(f"simulation: {text}")
