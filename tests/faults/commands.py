"""Finalizing and running the relay, in one line each, for tests of other things."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta

from functions.finalize_session.use_case import FinalizeSessionPorts, finalize_session
from functions.relay_outbox.use_case import Relayed, relay_outbox
from shared.application.finalize import Outcome
from shared.application.time_left import HasTimeLeft
from shared.domain.events import Event
from shared.domain.outbox import GRACE
from shared.domain.plan import FinalizeCommand
from shared.domain.session import SessionStatus
from testing import builders
from testing.builders import NOW, a_change
from tests.faults.environment import PreparedSession, wiring

AFTER_GRACE = NOW + GRACE + timedelta(seconds=1)
# When an upload that was announced and never sent is no longer waited for.
LATER = NOW + timedelta(hours=1)


class _RefusingBus:
    """Implements the `EventPublisher` port for a bus that accepts nothing."""

    def publish(self, events: Sequence[Event]) -> list[bool]:
        """Implement the port."""
        return [False] * len(events)


class _WithoutBus:
    """The wiring with a bus that accepts nothing."""

    def __init__(self) -> None:
        self.publisher = _RefusingBus()
        self.sessions, self.courses = wiring().sessions, wiring().courses
        self.sheet_uses = wiring().sheet_uses
        self.finalizations, self.outbox = wiring().finalizations, wiring().outbox
        self.pause = wiring().pause


def finalize_anew(prepared: PreparedSession, at: datetime = NOW) -> Outcome:
    """Finalize as a caller who knows of no other attempt."""
    return _finalize(prepared, wiring(), lambda: True, at)


def finalize_partly(prepared: PreparedSession, has_time_left: HasTimeLeft = lambda: False) -> None:
    """Finalize, and let time run out before all records are staged."""
    outcome = _finalize(prepared, wiring(), has_time_left)
    assert outcome.session.status is SessionStatus.FINALIZING


def finalize_silently(prepared: PreparedSession) -> None:
    """Finalize while the bus accepts nothing."""
    assert _finalize(prepared, _WithoutBus(), lambda: True).owes


def relay(now: datetime) -> Relayed:
    """Let the relay run once."""
    return relay_outbox(now, wiring(), lambda: True)


def relay_late() -> None:
    """Let the relay run when everything is due."""
    assert not relay(LATER).failures


def _finalize(
    prepared: PreparedSession,
    ports: FinalizeSessionPorts,
    has_time_left: HasTimeLeft,
    at: datetime = NOW,
) -> Outcome:
    request = FinalizeCommand(f"{prepared.session_id}-anew", a_change(at=at))
    return finalize_session(prepared.session_id, request, None, ports, has_time_left)


def most_that_fit() -> int:
    """Return the largest number of people whose records one transaction carries."""
    return bisect_left(range(200), True, key=_is_too_large) - 1


def _is_too_large(people: int) -> bool:
    plan = builders.a_plan(builders.a_snapshot(*builders.attendees(people)))
    return not wiring().finalizations.fits_one_transaction(plan)
