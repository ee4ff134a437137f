"""An operation: a request to the product, and what the model says must come of it."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from shared.domain.session_conditions import ExpectedVersion
from tests.model.state import Course, No, Session, State

if TYPE_CHECKING:
    from tests.model.world import Account, Heard

# What the caller gets: a refusal's slug, or values that say how it went.
Outcome = object

# The operation on the model. It pauses wherever other operations may come in between or the process
# may die, and always after its last change.
Steps = Generator[None, None, Outcome]


class Seen(StrEnum):
    """The state of the session that the client names in If-Match."""

    NONE = "none"
    CURRENT = "current"
    STALE = "stale"


@dataclass(frozen=True)
class Call:
    """One execution of an operation: its number, its time, and what was known before."""

    number: int
    now: datetime
    known: State
    heard: tuple["Heard", ...]

    @property
    def name(self) -> str:
        return f"call-{self.number}"

    def views(self, session_id: str, seen: Seen) -> Sequence[ExpectedVersion] | None:
        """Return the states that a client names which read the session before."""
        if seen is Seen.NONE:
            return None
        session = self.known.sessions.get(session_id)
        if session is None:
            return [ExpectedVersion(0)]
        course = self.known.courses[session.course].revision
        return [ExpectedVersion(session.version - (seen is Seen.STALE), course)]


class Operation(ABC):
    """An operation of a client, of S3, or of the product itself."""

    @abstractmethod
    def run(self, world: "Account", call: Call) -> Outcome:
        """Run it on the product."""

    @abstractmethod
    def steps(self, state: State, call: Call) -> Steps:
        """Run it on the model."""


def require_current(
    views: Sequence[ExpectedVersion] | None, session: Session, course: Course | None = None
) -> None:
    """Refuse a client that decided on another state than this one."""
    if views is not None and not any(_is_current(view, session, course) for view in views):
        raise No("stale-view")


def _is_current(view: ExpectedVersion, session: Session, course: Course | None) -> bool:
    same_rules = course is None or view.course_revision == course.revision
    return view.version == session.version and same_rules


def applied(state: State, operation: Operation, call: Call) -> tuple[State, Outcome]:
    """Return the results of the operation if nothing comes in between."""
    after = state.copy()
    return after, _rest(operation.steps(after, call))


def cut_short(state: State, operation: Operation, call: Call) -> list[State]:
    """Return every state in which a process that dies may leave things."""
    after, left = state.copy(), [state]
    steps = operation.steps(after, call)
    while not _is_over(steps):
        left.append(after.copy())
    return left


def interleaved(
    state: State, first: tuple[Operation, Call], second: tuple[Operation, Call]
) -> list[tuple[State, tuple[Outcome, Outcome]]]:
    """Return all possible results if the second happens while the first is under way."""
    after = state.copy()
    first_outcome = _rest(first[0].steps(after, first[1]))
    found = [(after, (first_outcome, _rest(second[0].steps(after, second[1]))))]
    for position in range(_length(state, *first) + 1):
        after = state.copy()
        steps = first[0].steps(after, first[1])
        over = [_is_over(steps) for _ in range(position)]
        assert not any(over), "the first still has a step to go"
        second_outcome = _rest(second[0].steps(after, second[1]))
        found.append((after, (_rest(steps), second_outcome)))
    return found


def _length(state: State, operation: Operation, call: Call) -> int:
    steps, length = operation.steps(state.copy(), call), 0
    while not _is_over(steps):
        length += 1
    return length


def _is_over(steps: Steps) -> bool:
    try:
        next(steps)
    except (StopIteration, No):
        return True
    return False


def _rest(steps: Steps) -> Outcome:
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return end.value
    except No as refusal:
        return str(refusal)
