"""Pressing Finalize, and letting the relay run: what tests of other things do in one line."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from functions.finalize_session.use_case import finalize_session
from functions.relay_outbox.use_case import Relayed, relay_outbox
from shared.domain.contention import GoOn
from shared.domain.events import Event
from shared.domain.outbox import GRACE
from shared.domain.plan import Request
from shared.domain.session import SessionStatus
from shared.finalization.resume import Finalizing, Outcome
from shared.runtime import wiring
from tests import builders
from tests.builders import NOW, a_change
from tests.faults.stage import Scene

AFTER_GRACE = NOW + GRACE + timedelta(seconds=1)
# When no upload that was only announced is waited for any more.
LATER = NOW + timedelta(hours=1)


class _DeafBus:
    """The `EventPublisher` port of a bus that takes nothing."""

    def publish(self, events: Sequence[Event]) -> list[bool]:
        """Keep the port."""
        return [False] * len(events)


def finalize_anew(scene: Scene) -> Outcome:
    """Press Finalize as somebody who knows of no other attempt."""
    return _press(scene, wiring.finalizing(lambda: True))


def finalize_partly(scene: Scene, go_on: GoOn = lambda: False) -> None:
    """Press Finalize, and let time run out before all records are staged."""
    outcome = _press(scene, wiring.finalizing(go_on))
    assert outcome.session.status is SessionStatus.FINALIZING


def finalize_silently(scene: Scene) -> None:
    """Press Finalize while the bus takes nothing."""
    using = replace(wiring.finalizing(lambda: True), publisher=_DeafBus())
    assert _press(scene, using).owes


def relay(now: datetime) -> Relayed:
    """Let the relay run once."""
    return relay_outbox(now, wiring.finalizing(lambda: True))


def relay_late() -> None:
    """Let the relay run when everything is due."""
    assert not relay(LATER).failures


def _press(scene: Scene, using: Finalizing) -> Outcome:
    request = Request(f"{scene.session_id}-anew", a_change())
    return finalize_session(scene.session_id, request, None, wiring.courses(), using)


def most_that_fit() -> int:
    """Return the largest number of people whose records one transaction carries."""
    return bisect_left(range(200), True, key=_is_too_large) - 1


def _is_too_large(people: int) -> bool:
    plan = builders.a_plan(builders.a_snapshot(*builders.attendees(people)))
    return not wiring.finalizations().fits_one_transaction(plan)
