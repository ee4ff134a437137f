"""
Verifying one finalized session from everything that is stored of it.
"""

from dataclasses import dataclass, replace

from shared.domain.evidence import Content, ObjectVersion, Sheet
from shared.domain.errors import NotFound
from shared.domain.manifest import manifest_of
from shared.domain.ports import (
    AuditTrail,
    EvidenceStore,
    Pause,
    RecordStore,
    SessionStore,
    SignatureCheck,
    Vault,
)
from shared.domain.records import write_record
from shared.domain.session import Finalization, SessionStatus, Snapshot
from shared.domain.vault import seal_keys
from shared.domain.verification import (
    Check,
    check_manifest,
    check_records,
    check_session,
    check_sheet,
    check_signature,
    check_trail,
)
from shared.finalization.snapshot import whole_snapshot


@dataclass(frozen=True, slots=True)
class Verifying:
    """
    The ports a verification works with; all of them only read.
    """

    sessions: SessionStore
    records: RecordStore
    evidence: EvidenceStore
    trail: AuditTrail
    vault: Vault
    signatures: SignatureCheck
    pause: Pause


def verify(session_id: str, using: Verifying) -> list[Check]:
    """
    Check the whole chain from the sheet to every record, and say of each part whether it is intact.

    Raises:
        NotFound: There is no such session, or it is not finalized yet.
    """
    snapshot = whole_snapshot(session_id, using.sessions, using.pause)
    session, decision = snapshot.session, snapshot.session.finalization
    if session.status is not SessionStatus.COMPLETED or decision is None or session.sheet is None:
        raise NotFound("The session is not finalized yet, so there is nothing to verify.")
    return [
        check_sheet(session.sheet, _content(session.sheet, using)),
        *_check_seal(snapshot, session.sheet, decision, using),
        check_trail(session, decision, using.trail.of_session(session_id)),
    ]


def _content(sheet: Sheet, using: Verifying) -> Content | None:
    version = ObjectVersion(sheet.key, sheet.version_id)
    return using.evidence.content(version) if using.evidence.describe(version) else None


def _check_seal(
    snapshot: Snapshot, sheet: Sheet, decision: Finalization, using: Verifying
) -> list[Check]:
    session = snapshot.session
    planned = [
        replace(
            write_record(session, sheet, attendee, decision),
            manifest_sha256=decision.manifest_sha256,
        )
        for attendee in snapshot.attendees
        if attendee.is_present
    ]
    people = [attendee.personnel_id for attendee in snapshot.attendees]
    keys = seal_keys(session.session_id, decision)
    manifest, signature = using.vault.read(keys.manifest), using.vault.read(keys.signature)
    is_valid = signature is not None and using.signatures.is_valid(
        decision.manifest_sha256, signature
    )
    return [
        check_manifest(decision, manifest),
        check_signature(signature is not None, is_valid),
        check_session(manifest, manifest_of(snapshot, sheet, planned, decision)),
        check_records(planned, using.records.naming(session.session_id, people)),
    ]
