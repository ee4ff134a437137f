"""Checking an uploaded sheet: its type, its SHA-256, and whether the session still takes it."""

from enum import StrEnum
from functools import partial
from typing import Protocol

from functions.hash_evidence.judgement import Arrival, JudgementPorts, judge
from functions.hash_evidence.stray import StrayPorts, leave_note
from shared.application.ports.parts import WithPause, WithSessions, WithTrail
from shared.application.retry import change_session, retry_on_conflict
from shared.domain.announcement import (
    UNANNOUNCED,
    UNLIKE,
    announced_in,
    decided_in,
    is_in_force,
    stray_reason,
)
from shared.domain.audit import Action, ChangeContext
from shared.domain.errors import NotFound, Refused
from shared.domain.evidence import (
    ANOTHER_FILE,
    ObjectVersion,
    Rejection,
    Sheet,
    Upload,
)
from shared.domain.seal import years_after
from shared.domain.session import LOCKED_STATUSES, OPEN_STATUSES, Session
from shared.domain.upload import came_late, late_note


class CheckOutcome(StrEnum):
    """The outcome of checking an uploaded object."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LATE = "late"
    STRAY = "stray"
    UNCHANGED = "unchanged"


class HashEvidencePorts(StrayPorts, JudgementPorts, WithSessions, WithTrail, WithPause, Protocol):
    """The ports of a check."""


def hash_evidence(
    version: ObjectVersion, change: ChangeContext, ports: HashEvidencePorts
) -> CheckOutcome:
    """
    Read exactly this *version*, check it, and save the outcome in one transition of its session.

    Only what was announced is looked at: any other object leaves a note, and nothing else. S3
    delivers notifications at least once and in any order: a repeat or an older upload changes
    nothing. A sheet that comes after the lock is kept and tagged late, and changes nothing else.
    Whatever was accepted or late cannot be deleted for the company's years.
    """
    session_id = ports.evidence.folder_of(version.key)
    file = ports.evidence.describe(version) if session_id else None
    if session_id is None or file is None:
        return CheckOutcome.UNCHANGED
    session = _session(session_id, ports)
    if session and is_in_force(version, session.sheet):
        return CheckOutcome.UNCHANGED
    upload = _announcement(session_id, version.key, ports) if session else None
    reason = stray_reason(file, upload, session.sheet if session else None)
    if session is None or upload is None or reason is not None:
        leave_note(session_id, file, reason or UNANNOUNCED, change, ports)
        return CheckOutcome.STRAY
    if _is_decided(session, upload, version, ports):
        return CheckOutcome.UNCHANGED
    return _check(Arrival(session_id, upload, file), change, ports)


def _session(session_id: str, ports: HashEvidencePorts) -> Session | None:
    try:
        return ports.sessions.load(session_id)
    except NotFound:
        return None


def _announcement(session_id: str, key: str, ports: HashEvidencePorts) -> Upload | None:
    address = ports.evidence.address_of(key)
    if address is None:
        return None
    return announced_in(ports.trail.latest_first(session_id), address.upload_id)


def _is_decided(
    session: Session, upload: Upload, version: ObjectVersion, ports: HashEvidencePorts
) -> bool:
    """
    Whether the outcome is known, so that the object need not be read.

    A session that takes no sheet any more still has to note one that arrives now, although a newer
    one was accepted before: only its trail tells that from a repeated notice.

    A rejection is that of one object only once that has the tag: the attempt that saved it may have
    failed before, and another object under the same key may have been rejected in its place.
    """
    if session.status in OPEN_STATUSES:
        is_accepted = session.sheet is not None and session.sheet.upload_id >= upload.upload_id
        is_rejected = _names(session.rejection, upload)
    else:
        decided = decided_in(ports.trail.latest_first(session.session_id), upload.upload_id)
        is_accepted = decided is Action.SHEET_ACCEPTED or _names(session.sheet, upload)
        is_rejected = decided is Action.SHEET_REJECTED or _names(session.rejection, upload)
    if is_accepted or not is_rejected:
        return is_accepted
    return ports.evidence.outcome_tag(version) == CheckOutcome.REJECTED


def _names(decided: Sheet | Rejection | None, upload: Upload) -> bool:
    return decided is not None and decided.upload_id == upload.upload_id


def _check(arrival: Arrival, change: ChangeContext, ports: HashEvidencePorts) -> CheckOutcome:
    fault, decide = judge(arrival, change, ports)
    if fault is None:
        # Before it is accepted: whatever an entry tells of was kept by then.
        _keep(arrival, ports)
    try:
        changed = change_session(arrival.session_id, decide, ports.sessions, ports.pause)
    except Refused:
        return _come_late(arrival, fault, change, ports)
    if fault is not None:
        ports.evidence.tag(arrival.file.version, CheckOutcome.REJECTED)
    if not changed:
        return CheckOutcome.UNCHANGED
    return CheckOutcome.REJECTED if fault else CheckOutcome.ACCEPTED


def _come_late(
    arrival: Arrival, fault: str | None, change: ChangeContext, ports: HashEvidencePorts
) -> CheckOutcome:
    """A late sheet is what somebody announced; another file under its key is nobody's."""
    if fault == ANOTHER_FILE:
        leave_note(arrival.session_id, arrival.file, UNLIKE, change, ports)
        return CheckOutcome.STRAY
    return _late(arrival, change, ports)


def _late(arrival: Arrival, change: ChangeContext, ports: HashEvidencePorts) -> CheckOutcome:
    """
    Keep the sheet without using it: note that in the audit trail, then tag the object. The tag says
    that the note is written, so that a repeat does not add another.
    """
    version = arrival.file.version
    if ports.evidence.outcome_tag(version) != CheckOutcome.LATE:
        _keep(arrival, ports)
        note = partial(_note_late, arrival.session_id, version, change, ports)
        retry_on_conflict(note, ports.pause)
        ports.evidence.tag(version, CheckOutcome.LATE)
    return CheckOutcome.LATE


def _keep(arrival: Arrival, ports: HashEvidencePorts) -> None:
    """For the company's years, since its course's are not known yet; the seal may add to them."""
    file = arrival.file
    ports.vault.keep(file.version, years_after(file.stored_at, ports.retention_years))


def _note_late(
    session_id: str, version: ObjectVersion, change: ChangeContext, ports: HashEvidencePorts
) -> None:
    session = ports.sessions.load(session_id)
    if session.status in LOCKED_STATUSES:
        ports.trail.append(session_id, Action.SHEET_LATE, change, [late_note(version)])
    else:
        ports.sessions.save(came_late(session, version, change))
