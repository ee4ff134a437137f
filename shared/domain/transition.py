"""A transition: one accepted change of a session, with its audit entry."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.audit import (
    Action,
    AuditEntry,
    ChainPosition,
    ChangeContext,
    FieldChange,
    changed_fields,
    new_entry,
)
from shared.domain.roster import RowChange, require_readable, with_changes
from shared.domain.session import Session

# Counted with every transition, decided by no one: the audit entry leaves them out.
_BOOKKEEPING = {"version", "auditHead", "rosterCount", "attendanceSum", "rosterBytes", "revision"}


@dataclass(frozen=True, slots=True)
class Transition:
    """Session, changed rows and audit entry, which are saved together or not at all."""

    before: Session | None
    after: Session
    rows: tuple[RowChange, ...]
    entry: AuditEntry


def transition(
    before: Session | None,
    after: Session,
    action: Action,
    change: ChangeContext,
    rows: Sequence[RowChange] = (),
) -> Transition:
    """
    The transition from *before* (None: a new session) to *after*, which gets the next version.

    The entry's sequence number is that version, so that the trail of an open session has no gaps.
    The entry's SHA-256 becomes the session's audit head.

    Raises:
        RosterTooLarge: The rows would have more bytes than one answer can show.
    """
    version = 1 if before is None else before.version + 1
    position = ChainPosition(after.session_id, version, after.audit_head)
    counted = with_changes(after, rows)
    require_readable(before, counted)
    entry = new_entry(position, action, change, fields_changed_by(before, counted, rows))
    return Transition(before, _made_by(entry, counted), tuple(rows), entry)


def noted(
    session: Session,
    action: Action,
    change: ChangeContext,
    notes: Sequence[FieldChange],
    after: Session | None = None,
) -> Transition:
    """
    A transition whose entry says *notes*, whatever changed; without *after* nothing does but the
    trail.
    """
    position = ChainPosition(session.session_id, session.version + 1, session.audit_head)
    entry = new_entry(position, action, change, notes)
    return Transition(session, _made_by(entry, after or session), (), entry)


def _made_by(entry: AuditEntry, session: Session) -> Session:
    return replace(session, version=entry.sequence, audit_head=entry.sha256)


def fields_changed_by(
    before: Session | None, after: Session, rows: Sequence[RowChange]
) -> list[FieldChange]:
    """Every field that changed, with its old and its new value."""
    changed = changed_fields("", before, after)
    for row in rows:
        changed += changed_fields(row.personnel_id, row.before, row.after)
    return [field for field in changed if field.field not in _BOOKKEEPING]
