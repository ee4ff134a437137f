"""
Which sessions a sheet was accepted for, in DynamoDB.
"""

from shared.domain.step import Step
from shared.storage.models import SheetUseItem
from shared.storage.writes import answered


class DynamoSheetUses:
    """
    Keeps the `SheetUses` port. Uses are written with the change that accepts the sheet, not here.
    """

    def sessions(self, sha256: str) -> list[str]:
        with answered():
            return [use.session_id for use in SheetUseItem.query(sha256, consistent_read=True)]


def new_use(step: Step) -> SheetUseItem | None:
    """
    The use that *step* begins by accepting a sheet; None if it accepts none.
    """
    # A new session has no sheet yet.
    if step.before is None or step.after.sheet in (None, step.before.sheet):
        return None
    return SheetUseItem(step.after.sheet.sha256, step.after.session_id)
