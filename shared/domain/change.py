"""
Changing a session by what it is now.
"""

from collections.abc import Callable

from shared.domain.contention import Pause, until_settled
from shared.domain.ports import SessionStore
from shared.domain.session import Session
from shared.domain.step import Step

Decision = Callable[[Session], Step | None]


def change_session(session_id: str, decide: Decision, sessions: SessionStore, pause: Pause) -> bool:
    """
    Save the step that *decide* takes from the session, and say whether it changed; None from
    *decide* leaves it as it is.

    Raises:
        NotFound: There is no such session.
        Busy: Others change it all the time.
        TrainingError: Whatever *decide* refuses with.
    """

    def attempt() -> bool:
        step = decide(sessions.load(session_id))
        if step is not None:
            sessions.save(step)
        return step is not None

    return until_settled(attempt, pause)
