"""Reading a session so that no accepted change is missing."""

from shared.application.ports.sessions import SessionStore
from shared.application.retry import ConcurrentChange, Pause, retry_on_conflict
from shared.domain.session import Snapshot

# 0.05 + 0.1 + 0.2 s of pauses at most: a hundred damaged sessions cost a walk half a minute.
_RETRIES = 3


class TornRead(ConcurrentChange):
    """The read saw a change of the session without its attendees, or the other way round."""


def whole_snapshot(session_id: str, sessions: SessionStore, pause: Pause) -> Snapshot:
    """
    Read session and attendees until both show the same accepted changes (DESIGN §7.1).

    Raises:
        NotFound: There is no such session.
        Busy: Changes keep coming faster than they can be read.
    """

    def attempt() -> Snapshot:
        snapshot = sessions.read(session_id)
        if not snapshot.is_whole:
            raise TornRead
        return snapshot

    return retry_on_conflict(attempt, pause)


def settled_snapshot(session_id: str, sessions: SessionStore, pause: Pause) -> Snapshot:
    """
    Read session and attendees of a locked session, a few times if they are not whole.

    It does not change any more, so rows that are missing appear within milliseconds. A snapshot
    that is not whole after that is damaged: it is returned, and the caller reports it.

    Raises:
        NotFound: There is no such session.
    """
    snapshot = sessions.read(session_id)
    for retry in range(_RETRIES):
        if snapshot.is_whole:
            break
        pause(retry)
        snapshot = sessions.read(session_id)
    return snapshot
