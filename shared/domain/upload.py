"""
The transitions of a session by an upload: announced, then accepted or rejected, never backwards.

S3 delivers notifications at least once and in any order, so every transition here compares upload
ids, which sort by time: the accepted sheet is always the newest valid one.
"""

from dataclasses import replace

from shared.domain.announcement import said_of
from shared.domain.audit import Action, ChangeContext, FieldChange
from shared.domain.evidence import ObjectVersion, Rejection, Sheet, Upload
from shared.domain.session import Session
from shared.domain.transition import Transition, noted, transition


def announced(session: Session, upload: Upload, change: ChangeContext) -> Transition:
    """
    The session waits for *upload*; if it already waits for a newer one, it only notes this one.

    Either way the entry names the whole upload: only what was announced is evidence.

    Raises:
        SessionCancelled, SessionAlreadyFinalized, FinalizationInProgress: It takes no sheet any
            more.
    """
    session.require_open()
    waited_for = session.pending
    if waited_for and waited_for.upload_id > upload.upload_id:
        return noted(session, Action.SHEET_ANNOUNCED, change, said_of(upload))
    said = said_of(upload, waited_for)
    after = replace(session, pending=upload)
    return noted(session, Action.SHEET_ANNOUNCED, change, said, after)


def withdrawn(session: Session, upload_id: str, change: ChangeContext) -> Transition | None:
    """The session no longer waits for an upload that failed; None if it did not wait for it."""
    if session.pending is None or session.pending.upload_id != upload_id:
        return None
    return transition(session, replace(session, pending=None), Action.SHEET_WITHDRAWN, change)


def accepted(session: Session, sheet: Sheet, change: ChangeContext) -> Transition | None:
    """
    The session gets *sheet* as its evidence; None if it has this one or a newer one.

    Raises:
        SessionCancelled, SessionAlreadyFinalized, FinalizationInProgress: The sheet came too late;
            the records are based on the one accepted before the lock.
    """
    if session.sheet and session.sheet.upload_id == sheet.upload_id:
        # Before the lock is checked: a repeated notice of the accepted sheet is not a late sheet.
        return None
    session.require_open()
    if session.sheet and session.sheet.upload_id > sheet.upload_id:
        return None
    after = replace(
        session,
        sheet=sheet,
        pending=_still_pending(session, sheet.upload_id),
    )
    return transition(session, after, Action.SHEET_ACCEPTED, change)


def rejected(session: Session, rejection: Rejection, change: ChangeContext) -> Transition | None:
    """
    The session gets the *rejection*; None if this or a newer upload was already decided.

    Raises:
        SessionCancelled, SessionAlreadyFinalized, FinalizationInProgress: The file came too late.
    """
    decided = [done.upload_id for done in (session.sheet, session.rejection) if done]
    if rejection.upload_id in decided:
        return None
    session.require_open()
    if any(upload_id > rejection.upload_id for upload_id in decided):
        return None
    after = replace(
        session,
        rejection=rejection,
        pending=_still_pending(session, rejection.upload_id),
    )
    return transition(session, after, Action.SHEET_REJECTED, change)


def came_late(session: Session, version: ObjectVersion, change: ChangeContext) -> Transition:
    """
    The transition that only notes a late sheet, for a cancelled session, which may be opened again.

    A locked session has no transitions: its trail gets the `late_note` alone.
    """
    return noted(session, Action.SHEET_LATE, change, [late_note(version)])


def late_note(version: ObjectVersion) -> FieldChange:
    """The field change that notes a late sheet in the audit trail: the object, kept but unused."""
    return FieldChange("", "lateSheet", None, f"{version.key}?versionId={version.version_id}")


def _still_pending(session: Session, decided_id: str) -> Upload | None:
    waits_for_newer = session.pending is not None and session.pending.upload_id > decided_id
    return session.pending if waits_for_newer else None
