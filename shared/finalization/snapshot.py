"""
Reading a session so that no accepted change is missing.
"""

from shared.domain.contention import LostRace, Pause, until_settled
from shared.domain.ports import SessionStore
from shared.domain.session import Snapshot


class TornRead(LostRace):
    """
    The read saw a change of the session without its attendees, or the other way round.
    """


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

    return until_settled(attempt, pause)
