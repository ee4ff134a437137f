"""The state machine: what happens next is chance."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.model import strategies as some
from tests.model.history import History
from tests.model.operation import Operation, Seen
from tests.model.planning import Register
from tests.model.stage import Stage
from tests.model.state import Limits
from tests.model.world import World, impose

# Few at a time: of many, the first tenth would be next to empty. What fails is made small, and told
# with what repeats it. Where CI is set, hypothesis would play the same few over and over.
A_FEW = settings(
    max_examples=9, derandomize=False, print_blob=True, phases=(Phase.generate, Phase.shrink)
)

_calls = st.integers(1, 6)
_waits = st.sampled_from((timedelta(seconds=40), timedelta(minutes=20), timedelta(days=30)))
# The relay's clock may be far ahead of that of a request which takes long.
_later = st.sampled_from((timedelta(), timedelta(minutes=1)))


class AnyHistory(RuleBasedStateMachine):
    """Two sessions, two courses and five people, and whatever may happen to them."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self._patch = pytest.MonkeyPatch()
        self._is_sound = False

    @initialize(limits=some.limits, beginning=some.beginnings)
    def begin(self, limits: Limits, beginning: Sequence[Operation]) -> None:
        """Open an account, with transactions of AWS's size or with small ones."""
        impose(limits, self._patch)
        self._history = History(World(self.stage.cloud, self.stage.gate), limits)
        self._go_on(lambda history: history.begin(beginning))

    @rule(operation=some.set_courses)
    def set_course(self, operation: Operation) -> None:
        """Change a course's rules."""
        self._do(operation)

    @rule(operation=some.registrations)
    def register(self, operation: Operation) -> None:
        """Register a session, or change whatever there is of it."""
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
        """Cancel a session, or set it back."""
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
        """Let S3 tell of any sheet."""
        self._do(operation)

    @rule(operation=some.finalizations)
    def finalize(self, operation: Operation) -> None:
        """Press Finalize."""
        self._do(operation)

    @rule(operation=some.relays)
    def relay(self, operation: Operation) -> None:
        """Let the relay run."""
        self._do(operation)

    @rule(operation=some.recalculations)
    def recalculate(self, operation: Operation) -> None:
        """Let the consumer hear an event, or the stream tell of a record."""
        self._do(operation)

    @rule(operation=some.readings)
    def read(self, operation: Operation) -> None:
        """Look at something."""
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
        """Let everything recover, and count what happened."""
        try:
            if self._is_sound:
                self._go_on(History.recover)
                self.stage.note(self._history.happened)
        finally:
            self._patch.undo()

    def _do(self, operation: Operation) -> None:
        self._go_on(lambda history: history.do(operation))

    def _go_on(self, deed: Callable[[History], object]) -> None:
        self._is_sound = False
        deed(self._history)
        self._is_sound = True


def play(
    stage: Stage, steps: int, wanted: Collection[str], seconds: float, at_most: float
) -> set[str]:
    """
    Play histories for so many *seconds*, and *at_most* while something *wanted* never happened.

    Return what did not happen even then.
    """

    class AnyHistoryThere(AnyHistory):
        """A history on this stage."""

    AnyHistoryThere.stage = stage
    while stage.seconds < seconds or (stage.seconds < at_most and stage.lacks(wanted)):
        run_state_machine_as_test(
            AnyHistoryThere, settings=settings(A_FEW, stateful_step_count=steps)
        )
    return stage.lacks(wanted)
