"""The relay under faults, completing what a finalization left."""

from tests.faults import promises
from tests.faults.commands import (
    AFTER_GRACE,
    LATER,
    finalize_anew,
    finalize_partly,
    finalize_silently,
    relay,
)
from tests.faults.environment import opened
from tests.faults.matrix import Trial
from tests.faults.wire import Wire


class Relaying(Trial):
    """Time ran out after the lock; the relay completes the session."""

    intruders = ("the client finalizes again", "a second relay runs")

    def __init__(self, present: int, wire: Wire) -> None:
        self.prepared = opened(present)
        self._wire = wire
        self._prepare()

    def attempt(self) -> None:
        """Run the relay; it continues after a failure and reports it in the end."""
        for _, failure in relay(AFTER_GRACE).failures:
            raise failure

    def inspect(self) -> None:
        """Readers see none or all."""
        promises.readers_see_none_or_all(self.prepared)

    def recover(self) -> None:
        """The relay runs again by itself."""
        assert not relay(LATER).failures

    def verify(self) -> None:
        """The session is completed."""
        relay(LATER)
        promises.readers_see_none_or_all(self.prepared)
        promises.one_decision_stands(self.prepared, {}, self._wire.taken)

    def intrude(self, intruder: str) -> None:
        """Complete the session at the same time."""
        if intruder == "a second relay runs":
            relay(AFTER_GRACE)
        else:
            finalize_anew(self.prepared)

    def _prepare(self) -> None:
        finalize_partly(self.prepared)


class RelayingEvents(Relaying):
    """The bus accepted no event; the relay publishes them."""

    def _prepare(self) -> None:
        finalize_silently(self.prepared)
