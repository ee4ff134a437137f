"""
Looking at the audit trail of a session.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.audit import AuditEntry
from shared.domain.ports import AuditTrail, SessionStore

# A Lambda answer carries 6 MB; an entry has up to 400 KB, and more than this is never begun.
PAGE_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class AuditPage:
    """
    Entries in their order, and whether there are more.
    """

    entries: tuple[AuditEntry, ...]
    has_more: bool


def view_audit(
    session_id: str, after: int, limit: int, sessions: SessionStore, trail: AuditTrail
) -> AuditPage:
    """
    At most *limit* entries from behind the one numbered *after*, fewer if they are large.

    Raises:
        NotFound: There is no such session.
    """
    sessions.load(session_id)
    return _page(trail.entries(session_id, after), limit)


def _page(entries: Iterable[AuditEntry], limit: int) -> AuditPage:
    shown: list[AuditEntry] = []
    size = 0
    for entry in entries:
        size += len(entry.content)
        if shown and (len(shown) == limit or size > PAGE_BYTES):
            return AuditPage(tuple(shown), has_more=True)
        shown.append(entry)
    return AuditPage(tuple(shown), has_more=False)
