"""The sessions a sheet was accepted for, in DynamoDB."""

from shared.domain.transition import Transition
from shared.storage.models import SheetUseItem
from shared.storage.writes import busy_if_unanswered


class DynamoSheetUses:
    """Implements the `SheetUses` port. Uses are written with the transition of their session."""

    def sessions(self, sha256: str) -> list[str]:
        with busy_if_unanswered():
            return [use.session_id for use in SheetUseItem.query(sha256, consistent_read=True)]


def new_use(transition: Transition) -> SheetUseItem | None:
    """The item to write if *transition* accepts a sheet; None if it does not."""
    # A new session has no sheet yet.
    if transition.before is None or transition.after.sheet in (None, transition.before.sheet):
        return None
    return SheetUseItem(transition.after.sheet.sha256, transition.after.session_id)
