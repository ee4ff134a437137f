"""How many schedules the simulation plays, and what it says at the end of the run."""

import os
import time

import pytest

# What fits in some ten seconds on one core.
SCHEDULES = 2_000
TORTURE_SCHEDULES = 100_000

# Under this name a test notes what is said at the end of the run, whichever process it ran in.
PROPERTY = "simulation"


def schedules(default_seed: int, default_count: int) -> tuple[int, int]:
    """The first seed and the number of schedules, as the environment says or by default."""
    seed = int(os.environ.get("SIMULATION_SEED", default_seed))
    return seed, int(os.environ.get("SIMULATION_SCHEDULES", default_count))


@pytest.fixture(scope="session")
def new_seed() -> int:
    """Return a seed that no earlier run began with."""
    return time.time_ns() // 1_000_000


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which schedules were played, and how soon each mutant died."""
    reports = (report for kind in terminalreporter.stats.values() for report in kind)
    calls = (report for report in reports if getattr(report, "when", None) == "call")
    texts = (text for call in calls for name, text in call.user_properties if name == PROPERTY)
    for text in sorted(texts):
        terminalreporter.write_line(f"simulation: {text}")
