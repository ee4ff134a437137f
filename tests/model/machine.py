"""The state machine: each next operation is chosen at random."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import ClassVar

from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from shared.storage.limits import Limits
from tests.model import strategies as some
from tests.model.history import History
from tests.model.operation import Operation, Seen
from tests.model.planning import Register
from tests.model.server import Server

# Few at a time: of many, the first tenth would be next to empty. What fails is made small, and
# printed with what repeats it. Where CI is set, hypothesis would play the same few over and over.
# How fast or how varied they are is no reason to fail.
A_FEW = settings(
    max_examples=9,
    derandomize=False,
    print_blob=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)

_calls = st.integers(1, 6)
_waits = st.sampled_from((timedelta(seconds=40), timedelta(minutes=20), timedelta(days=30)))
# The relay's clock may be far ahead of that of a request which takes long.
_later = st.sampled_from((timedelta(), timedelta(minutes=1)))


class AnyHistory(RuleBasedStateMachine):
    """Two sessions, two courses and five people, and all operations on them."""

    server: ClassVar[Server]

    def __init__(self) -> None:
        super().__init__()
        self._is_sound = False

    @initialize(limits=some.limits, beginning=some.beginnings)
    def begin(self, limits: Limits, beginning: Sequence[Operation]) -> None:
        """Open an account, with transactions of AWS's size or with small ones."""
        self._history = self.server.history(limits)
        self._go_on(lambda history: history.begin(beginning))

    @rule(operation=some.set_courses)
    def set_course(self, operation: Operation) -> None:
        """Change a course's rules."""
        self._do(operation)

    @rule(operation=some.registrations)
    def register(self, operation: Operation) -> None:
        """Register a session, or replace the one that exists."""
        self._do(operation)

    @rule(session=some.sessions, people=some.some_people, seen=some.seen)
    def add_people(self, session: str, people: tuple[str, ...], seen: Seen) -> None:
        """Add people, also those who left before."""
        self._do(Register(session, added=people, seen=seen))

    @rule(session=some.sessions, people=some.some_people, seen=some.seen)
    def remove_people(self, session: str, people: tuple[str, ...], seen: Seen) -> None:
        """Remove people."""
        self._do(Register(session, removed=people, seen=seen))

    @rule(session=some.sessions, status=st.sampled_from(("CANCELLED", "IN_PROGRESS")))
    def cancel_or_reinstate(self, session: str, status: str) -> None:
        """Cancel a session, or open it again."""
        self._do(Register(session, status=status))

    @rule(operation=some.patches)
    def patch(self, operation: Operation) -> None:
        """Save marks."""
        self._do(operation)

    @rule(operation=some.uploads)
    def upload(self, operation: Operation) -> None:
        """Announce, send or store a sheet."""
        self._do(operation)

    @rule(operation=some.notifications)
    def notify(self, operation: Operation) -> None:
        """Let S3 announce any sheet."""
        self._do(operation)

    @rule(operation=some.finalizations)
    def finalize(self, operation: Operation) -> None:
        """Finalize a session."""
        self._do(operation)

    @rule(operation=some.relays)
    def relay(self, operation: Operation) -> None:
        """Let the relay run."""
        self._do(operation)

    @rule(operation=some.recalculations)
    def recalculate(self, operation: Operation) -> None:
        """Let the consumer get an event, or the stream announce a record."""
        self._do(operation)

    @rule(operation=some.readings)
    def read(self, operation: Operation) -> None:
        """Read something."""
        self._do(operation)

    @rule(time=_waits)
    def wait(self, time: timedelta) -> None:
        """Let time pass."""
        self._go_on(lambda history: history.wait(time))

    @rule(operation=some.operations, at=_calls, after=st.booleans())
    def kill(self, operation: Operation, at: int, after: bool) -> None:
        """Let the process die at one of its calls."""
        self._go_on(lambda history: history.kill(operation, at, after=after))

    @rule(operation=some.closings, at=_calls, after=st.booleans())
    def kill_at_the_end(self, operation: Operation, at: int, after: bool) -> None:
        """Let the process die while a session is finalized."""
        self._go_on(lambda history: history.kill(operation, at, after=after))

    @rule(first=some.closings, second=some.changes, at=_calls, later=_later)
    def intrude_at_the_end(
        self, first: Operation, second: Operation, at: int, later: timedelta
    ) -> None:
        """Let something else happen while a session is finalized."""
        self._go_on(lambda history: history.intrude(first, second, at, later))

    @rule(first=some.operations, second=some.changes, at=_calls, later=_later)
    def intrude(self, first: Operation, second: Operation, at: int, later: timedelta) -> None:
        """Let something else happen before one of an operation's calls."""
        self._go_on(lambda history: history.intrude(first, second, at, later))

    def teardown(self) -> None:
        """Let everything recover, and note what happened for the statistics."""
        if self._is_sound:
            self._go_on(History.recover)
            for name in self._history.happened:
                event(name)

    def _do(self, operation: Operation) -> None:
        self._go_on(lambda history: history.do(operation))

    def _go_on(self, deed: Callable[[History], object]) -> None:
        self._is_sound = False
        deed(self._history)
        self._is_sound = True


def play(server: Server, histories: int, steps: int) -> None:
    """Play that many *histories* of that many *steps*."""

    class AnyHistoryThere(AnyHistory):
        """A history on this server."""

    AnyHistoryThere.server = server
    for played in range(0, histories, A_FEW.max_examples):
        few = min(A_FEW.max_examples, histories - played)
        run_state_machine_as_test(
            AnyHistoryThere, settings=settings(A_FEW, max_examples=few, stateful_step_count=steps)
        )
