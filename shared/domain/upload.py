"""
What an upload does to its session: announced, then accepted or rejected, never backwards.

S3 delivers its notifications more than once and in any order, so every step here compares upload
ids, which sort by time: the accepted sheet is always the newest valid one, whatever order the news
came in.
"""

from dataclasses import replace

from shared.domain.audit import Action, Cell, Change
from shared.domain.evidence import ObjectVersion, Rejection, Sheet, Upload
from shared.domain.session import Session
from shared.domain.step import Step, noted, step


def announced(session: Session, upload: Upload, change: Change) -> Step | None:
    """
    The session waiting for *upload*; None if it already waits for a newer one.

    Raises:
        SessionCancelled, SessionFinalized, FinalizationInProgress: It takes no sheet any more.
    """
    session.require_open()
    if session.pending and session.pending.upload_id > upload.upload_id:
        return None
    return step(session, replace(session, pending=upload), Action.SHEET_ANNOUNCED, change)


def withdrawn(session: Session, upload_id: str, change: Change) -> Step | None:
    """
    The session no longer waiting for an upload that failed; None if it does not wait for it.
    """
    if session.pending is None or session.pending.upload_id != upload_id:
        return None
    return step(session, replace(session, pending=None), Action.SHEET_WITHDRAWN, change)


def accepted(session: Session, sheet: Sheet, change: Change) -> Step | None:
    """
    The session with *sheet* as its evidence; None if it has this one or a newer one.

    Raises:
        SessionCancelled, SessionFinalized, FinalizationInProgress: The sheet came too late; the
            records rest on what was there when the session was locked.
    """
    if session.sheet and session.sheet.upload_id >= sheet.upload_id:
        # Before the lock is looked at: the second notice of the very sheet it rests on is not late.
        return None
    session.require_open()
    after = replace(session, sheet=sheet, pending=_still_pending(session, sheet.upload_id))
    return step(session, after, Action.SHEET_ACCEPTED, change)


def rejected(session: Session, rejection: Rejection, change: Change) -> Step | None:
    """
    The session with the reason noted; None if this or something newer was decided already.

    Raises:
        SessionCancelled, SessionFinalized, FinalizationInProgress: The file came too late to
            matter.
    """
    decided = [done.upload_id for done in (session.sheet, session.rejection) if done]
    if any(upload_id >= rejection.upload_id for upload_id in decided):
        return None
    session.require_open()
    pending = _still_pending(session, rejection.upload_id)
    after = replace(session, rejection=rejection, pending=pending)
    return step(session, after, Action.SHEET_REJECTED, change)


def came_late(session: Session, version: ObjectVersion, change: Change) -> Step:
    """
    The step that only notes a sheet nobody waits for, on a session that may yet be opened again.

    For one that is locked for good the trail takes the note alone; see `late_note`.
    """
    return noted(session, Action.SHEET_LATE, change, [late_note(version)])


def late_note(version: ObjectVersion) -> Cell:
    """
    What the audit trail says of a sheet that came too late: which object is kept, unused.
    """
    return Cell("", "lateSheet", None, f"{version.key}?versionId={version.version_id}")


def _still_pending(session: Session, decided_id: str) -> Upload | None:
    waits_for_newer = session.pending is not None and session.pending.upload_id > decided_id
    return session.pending if waits_for_newer else None
