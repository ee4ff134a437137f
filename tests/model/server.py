"""Where histories are played."""

from dataclasses import dataclass

from shared.storage.limits import Limits
from tests.model.cloud import Cloud
from tests.model.gate import Gate
from tests.model.history import History
from tests.model.world import Account


@dataclass(frozen=True)
class Server:
    """A server to play on, and the gate in front of it."""

    cloud: Cloud
    gate: Gate

    def history(self, limits: Limits) -> History:
        """Return a new history in an account of its own."""
        return History(Account(self.cloud, self.gate, limits), limits)
