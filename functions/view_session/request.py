"""The query strings of the list of sessions, and of one."""

from shared.contracts.paging import Paging
from shared.domain.session import SessionStatus

# A roster has at most 10,000 rows.
MOST_DIGITS = 5


class RosterPaging(Paging):
    """From which row of a roster on to show it, where it is too large for one answer."""

    @property
    def first_row(self) -> int:
        """
        Raises:
            InvalidRequest: The cursor is not one of a roster.
        """
        return self.number_after(MOST_DIGITS)


class SessionPaging(Paging):
    """Which sessions to list, after which one to begin, and how many to return."""

    status: SessionStatus | None = None

    @property
    def statuses(self) -> tuple[SessionStatus, ...]:
        return (self.status,) if self.status else tuple(SessionStatus)
