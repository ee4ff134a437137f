"""
The ports in memory. They refuse what the real stores refuse: both pass the tests in tests/storage.

Each has hooks: a hook is called with the number of the call before the call is carried out. It may
change what is stored, like a concurrent request, or raise, like a crash.
"""

from testing.fakes.hooks import Crash, always, at, crash, no_hurry, no_pause
from testing.fakes.sessions import ROWS_PER_TRANSACTION, FakeSessions
from testing.fakes.sheets import FakeEvidence
from testing.fakes.wiring import FakeWiring

__all__ = [
    "ROWS_PER_TRANSACTION",
    "Crash",
    "FakeEvidence",
    "FakeSessions",
    "FakeWiring",
    "always",
    "at",
    "crash",
    "no_hurry",
    "no_pause",
]
