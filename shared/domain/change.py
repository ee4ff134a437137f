"""
Changing a session by what it is now.
"""

from collections.abc import Callable

from shared.domain.contention import until_settled
from shared.domain.ports import Pause, SessionStore
from shared.domain.session import Session

Decision = Callable[[Session], Session | None]


def change_session(session_id: str, decide: Decision, sessions: SessionStore, pause: Pause) -> bool:
    """
    Save what *decide* makes of the session, and say whether it changed; None from *decide* leaves
    it as it is.

    Raises:
        NotFound: There is no such session.
        Busy: Others change it all the time.
        TrainingError: Whatever *decide* refuses with.
    """

    def attempt() -> bool:
        before = sessions.load(session_id)
        after = decide(before)
        if after is not None:
            sessions.save(after, before.version)
        return after is not None

    return until_settled(attempt, pause)
