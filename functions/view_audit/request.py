"""
The query string of the audit trail.
"""

from shared.contracts.paging import Paging, no_cursor


class AuditPaging(Paging):
    """
    From behind which entry, and how far.
    """

    @property
    def after_sequence(self) -> int:
        """
        The number of the last entry seen; 0 if none was.

        Raises:
            InvalidRequest: The cursor is none of this list.
        """
        position = self.after or "0"
        if not position.isdecimal():
            raise no_cursor()
        return int(position)
