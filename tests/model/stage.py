"""Where histories are played, and what happened in all of them."""

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from hypothesis import event

from tests.model.cloud import Cloud
from tests.model.gate import Gate


@dataclass
class Stage:
    """A server to play on, and what happened in all histories so far."""

    cloud: Cloud
    gate: Gate
    histories: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def note(self, happened: Counter[str]) -> None:
        """Add a history to what happened."""
        self.histories += 1
        self.happened += happened
        for name in happened:
            event(name)

    def lacks(self, wanted: Collection[str]) -> set[str]:
        """Return what never happened."""
        return set(wanted) - self.happened.keys()
