"""The check that a session is completed, for everything that follows from its finalization."""

from shared.domain.session import Session, SessionStatus


class SessionNotCompleted(Exception):
    """The event arrived before its session was completed: it is retried, never dropped."""


def require_completed(session: Session) -> None:
    """
    Raises:
        SessionNotCompleted: Its records do not count yet.
    """
    if session.status is not SessionStatus.COMPLETED:
        raise SessionNotCompleted(session.session_id)
