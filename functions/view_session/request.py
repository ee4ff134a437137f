"""
The query string of the list of sessions.
"""

from shared.contracts.paging import Paging
from shared.domain.session import SessionStatus


class SessionPaging(Paging):
    """
    Which sessions, from where on and how far.
    """

    status: SessionStatus | None = None

    @property
    def statuses(self) -> tuple[SessionStatus, ...]:
        return (self.status,) if self.status else tuple(SessionStatus)
