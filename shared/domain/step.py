"""
One accepted change of a session: what it was, what it is, and the audit entry that says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.audit import Action, AuditEntry, Cell, Change, Place, chained, changed_cells
from shared.domain.roster import RowChange, with_changes
from shared.domain.session import Session

# Kept by the store, not decided by anybody.
_BOOKKEEPING = {"version", "auditHead", "rosterCount", "attendanceSum", "revision"}


@dataclass(frozen=True, slots=True)
class Step:
    """
    A change that is saved whole or not at all: the session, its rows and its audit entry.
    """

    before: Session | None
    after: Session
    rows: tuple[RowChange, ...]
    entry: AuditEntry


def step(
    before: Session | None,
    after: Session,
    action: Action,
    change: Change,
    rows: Sequence[RowChange] = (),
) -> Step:
    """
    The step from *before* (None: there was none) to *after*, one version on.

    The entry's sequence number is the version it made, so that the trail of an open session has no
    gaps, and its SHA-256 names the change.
    """
    version = 1 if before is None else before.version + 1
    place = Place(after.session_id, version, after.audit_head)
    counted = with_changes(after, rows)
    entry = chained(place, action, change, cells_of(before, counted, rows))
    return Step(before, _made_by(entry, counted), tuple(rows), entry)


def noted(session: Session, action: Action, change: Change, notes: Sequence[Cell]) -> Step:
    """
    A step that leaves the session as it is and only says something in its trail.
    """
    place = Place(session.session_id, session.version + 1, session.audit_head)
    entry = chained(place, action, change, notes)
    return Step(session, _made_by(entry, session), (), entry)


def _made_by(entry: AuditEntry, session: Session) -> Session:
    return replace(session, version=entry.sequence, audit_head=entry.sha256)


def cells_of(before: Session | None, after: Session, rows: Sequence[RowChange]) -> list[Cell]:
    """
    Every value the change touches, with what it was and what it is.
    """
    cells = changed_cells("", before, after)
    for row in rows:
        cells += changed_cells(row.personnel_id, row.before, row.after)
    return [cell for cell in cells if cell.field not in _BOOKKEEPING]
