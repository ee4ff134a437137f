"""The optimistic lock's retry: after a conflict, read again, decide again and write again."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from shared.application.ports.sessions import SessionStore
from shared.domain.errors import Busy
from shared.domain.session import Session
from shared.domain.transition import Transition

ATTEMPTS = 8

T = TypeVar("T")


class ConcurrentChange(Exception):
    """What the write was based on has changed; nothing was written. Read and decide again."""


def too_many_people(_conflict: Exception) -> Busy:
    """What conflicts mean that no attempt gets past: others keep changing the same."""
    return Busy()


class Pause(Protocol):
    """Waits before another attempt: the higher its number, the longer."""

    def __call__(self, attempt: int, /) -> None: ...


def retry_on_conflict(
    attempt: Callable[[], T],
    pause: Pause,
    conflicts: tuple[type[Exception], ...] = (ConcurrentChange,),
    lasting: Callable[[Exception], Busy] = too_many_people,
) -> T:
    """
    Return what *attempt* returns, retrying it while it raises one of *conflicts*.

    *attempt* must read what it decides on anew each time. *pause* waits between attempts, a random
    time that grows, so that two writers do not collide again. *lasting* says what the last conflict
    means if there is no further attempt.

    Raises:
        Busy: Eight attempts failed; the client tries again later.
    """
    last = Exception()
    for number in range(ATTEMPTS):
        try:
            return attempt()
        except conflicts as conflict:
            last = conflict
            pause(number)
    raise lasting(last) from last


Decide = Callable[[Session], Transition | None]


def change_session(session_id: str, decide: Decide, sessions: SessionStore, pause: Pause) -> bool:
    """
    Save the transition that *decide* returns for the session, and say whether there was one: None
    leaves the session as it is.

    Raises:
        NotFound: There is no such session.
        Busy: It kept changing during every attempt.
        TrainingError: *decide* refused.
    """

    def attempt() -> bool:
        transition = decide(sessions.load(session_id))
        if transition is not None:
            sessions.save(transition)
        return transition is not None

    return retry_on_conflict(attempt, pause)
