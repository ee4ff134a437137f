"""Which other sessions rest on the same sheet."""

from shared.application.ports.evidence import SheetUses
from shared.domain.session import Session


def other_uses(session: Session, uses: SheetUses) -> list[str]:
    """The other sessions for which a sheet with the same bytes was accepted."""
    if session.sheet is None:
        return []
    return [other for other in uses.sessions(session.sheet.sha256) if other != session.session_id]
