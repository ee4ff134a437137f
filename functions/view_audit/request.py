"""The query string of the audit trail."""

from shared.contracts.paging import Paging

# DynamoDB refuses numbers of more than 38 digits; no trail has 10^15 entries.
MOST_DIGITS = 15


class AuditPaging(Paging):
    """After which entry to begin, and how many to return."""

    @property
    def after_sequence(self) -> int:
        """
        The number of the last entry seen; 0 if none was.

        Raises:
            InvalidRequest: The cursor is not one of this list.
        """
        return self.number_after(MOST_DIGITS)
