"""The relay under faults, at work on what a finalization left over."""

from tests.faults import promises
from tests.faults.matrix import Story
from tests.faults.presses import (
    AFTER_GRACE,
    LATER,
    finalize_anew,
    finalize_partly,
    finalize_silently,
    relay,
)
from tests.faults.stage import opened
from tests.faults.wire import Wire


class Relaying(Story):
    """Time ran out after the seal; the relay finishes."""

    intruders = ("the client presses Finalize again", "a second relay runs")

    def __init__(self, present: int, wire: Wire) -> None:
        self.scene = opened(present)
        self._wire = wire
        self._prepare()

    def attempt(self) -> None:
        """Let the relay run; it goes on after a failure and reports it in the end."""
        for _, failure in relay(AFTER_GRACE).failures:
            raise failure

    def inspect(self) -> None:
        """Readers see none or all."""
        promises.readers_see_none_or_all(self.scene)

    def recover(self) -> None:
        """The relay comes again by itself."""
        assert not relay(LATER).failures

    def verify(self) -> None:
        """The session is finished."""
        relay(LATER)
        promises.readers_see_none_or_all(self.scene)
        promises.one_decision_stands(self.scene, {}, self._wire.taken)

    def intrude(self, intruder: str) -> None:
        """Finish the session at the same time."""
        if intruder == "a second relay runs":
            relay(AFTER_GRACE)
        else:
            finalize_anew(self.scene)

    def _prepare(self) -> None:
        finalize_partly(self.scene)


class RelayingEvents(Relaying):
    """The bus took no event; the relay delivers."""

    def _prepare(self) -> None:
        finalize_silently(self.scene)
