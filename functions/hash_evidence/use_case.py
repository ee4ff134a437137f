"""
Checking an uploaded sheet: what it is, its SHA-256, and whether the session still takes it.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from shared.domain.audit import Action, Change
from shared.domain.change import Decision, change_session
from shared.domain.contention import Pause, until_settled
from shared.domain.errors import NotFound, Refused
from shared.domain.evidence import (
    EvidenceKey,
    ObjectVersion,
    Rejection,
    Sheet,
    StoredFile,
    hash_fault,
    size_fault,
    type_fault,
)
from shared.domain.ports import AuditTrail, SessionStore
from shared.domain.session import LOCKED_STATUSES
from shared.domain.sheets import EvidenceStore
from shared.domain.upload import accepted, came_late, late_note, rejected


class Fate(StrEnum):
    """
    What became of an uploaded object.
    """

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LATE = "late"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Checking:
    """
    What a check works with.
    """

    sessions: SessionStore
    evidence: EvidenceStore
    trail: AuditTrail
    max_bytes: int
    pause: Pause


def hash_evidence(version: ObjectVersion, change: Change, using: Checking) -> Fate:
    """
    Read exactly this *version*, judge it, and note the outcome on its session in one conditional
    change.

    S3 tells of an object at least once and in no order: a repeat or an older upload changes
    nothing. A sheet that comes after the lock is kept, labelled late, and touches nothing.
    """
    key = EvidenceKey.parse(version.key)
    file = using.evidence.describe(version) if key else None
    if key is None or file is None:
        return Fate.UNCHANGED
    known = _known_fate(key, using.sessions)
    if known is Fate.REJECTED:
        # Once more: the attempt that noted it may have ended before this.
        using.evidence.label(version, known)
    if known is not None:
        return Fate.UNCHANGED
    fate, decide = _judge(key, file, change, using)
    try:
        changed = change_session(key.session_id, decide, using.sessions, using.pause)
    except Refused:
        return _late(key, version, change, using)
    if fate is Fate.REJECTED:
        using.evidence.label(version, fate)
    return fate if changed else Fate.UNCHANGED


def _known_fate(key: EvidenceKey, sessions: SessionStore) -> Fate | None:
    """
    What was decided already, so that the object need not be read; None if nothing was.
    """
    try:
        session = sessions.load(key.session_id)
    except NotFound:
        return Fate.UNCHANGED
    if session.rejection is not None and session.rejection.upload_id == key.upload_id:
        return Fate.REJECTED
    superseded = session.sheet is not None and session.sheet.upload_id >= key.upload_id
    return Fate.UNCHANGED if superseded else None


def _late(key: EvidenceKey, version: ObjectVersion, change: Change, using: Checking) -> Fate:
    """
    Keep the sheet without using it, and say so in the audit trail before the label says it, once.
    """
    if using.evidence.fate(version) != Fate.LATE:
        until_settled(partial(_note_late, key.session_id, version, change, using), using.pause)
        using.evidence.label(version, Fate.LATE)
    return Fate.LATE


def _note_late(session_id: str, version: ObjectVersion, change: Change, using: Checking) -> None:
    session = using.sessions.load(session_id)
    if session.status in LOCKED_STATUSES:
        using.trail.append(session_id, Action.SHEET_LATE, change, [late_note(version)])
    else:
        using.sessions.save(came_late(session, version, change))


def _judge(
    key: EvidenceKey, file: StoredFile, change: Change, using: Checking
) -> tuple[Fate, Decision]:
    fault = size_fault(file.size_bytes, using.max_bytes)
    if fault is not None:
        # Refused unread: a file over the limit is not worth its download.
        return _refuse(key, file, fault, change)
    content = using.evidence.content(file.version)
    fault = hash_fault(file, content.sha256) or type_fault(content.first_bytes, file.content_type)
    if fault is not None:
        return _refuse(key, file, fault, change)
    sheet = _sheet(key, file, content.sha256)
    return Fate.ACCEPTED, lambda session: accepted(session, sheet, change)


def _refuse(
    key: EvidenceKey, file: StoredFile, reason: str, change: Change
) -> tuple[Fate, Decision]:
    rejection = Rejection(key.upload_id, file.file_name, reason, change.at)
    return Fate.REJECTED, lambda session: rejected(session, rejection, change)


def _sheet(key: EvidenceKey, file: StoredFile, sha256: str) -> Sheet:
    return Sheet(
        upload_id=key.upload_id,
        key=file.version.key,
        version_id=file.version.version_id,
        sha256=sha256,
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        file_name=file.file_name,
        uploaded_at=file.stored_at,
        uploaded_by=file.uploaded_by,
    )
