"""
Verifying one finalized session from everything that is stored of it.

Nothing here takes one store's word for another: the sheet is hashed again, the manifest computed
again, and the signature checked by the key itself.
"""

from dataclasses import dataclass, replace

from shared.domain.audit import AuditEntry
from shared.domain.canonical import sha256
from shared.domain.contention import Pause
from shared.domain.errors import SessionNotFinalized
from shared.domain.evidence import Content, ObjectVersion, Sheet
from shared.domain.manifest import manifest_of
from shared.domain.ports import AuditTrail, RecordStore, SessionStore
from shared.domain.records import Record, write_record
from shared.domain.session import Finalization, SessionStatus, Snapshot
from shared.domain.sheets import EvidenceStore
from shared.domain.vault import SealKeys, SignatureCheck, Vault, seal_keys
from shared.domain.verification import (
    SealFound,
    Verified,
    check_manifest,
    check_records,
    check_session,
    check_sheet,
    check_signature,
    check_trail,
    signing_entry,
)

# Rows of the last change before the decision may still be appearing, for milliseconds.
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Verifying:
    """
    The ports a verification works with; the verification itself only reads.
    """

    sessions: SessionStore
    records: RecordStore
    evidence: EvidenceStore
    trail: AuditTrail
    vault: Vault
    signatures: SignatureCheck
    pause: Pause


def verify(session_id: str, using: Verifying) -> Verified:
    """
    Check the whole chain from the sheet to every record, and say of each part whether it is intact.

    Raises:
        NotFound: There is no such session.
        SessionNotFinalized: There is nothing yet that could be verified.
    """
    snapshot = _read(session_id, using)
    session, sheet, decision = snapshot.session, snapshot.session.sheet, _decision(snapshot)
    if sheet is None:
        raise SessionNotFinalized
    planned = _planned(snapshot, sheet, decision)
    entries = list(using.trail.entries(session_id))
    signing = signing_entry(entries)
    seal = _seal(seal_keys(session_id, decision), signing, using)
    people = [attendee.personnel_id for attendee in snapshot.attendees]
    checks = (
        check_sheet(sheet, _content(sheet, using), using.evidence.newest(sheet.key)),
        check_manifest(decision, seal),
        check_signature(seal),
        check_session(snapshot, seal, manifest_of(snapshot, sheet, planned, decision)),
        check_records(planned, using.records.stored(session, people)),
        check_trail(session, decision, entries, seal),
    )
    return Verified(session_id, decision, checks, signing, entries[-1] if entries else None)


def _read(session_id: str, using: Verifying) -> Snapshot:
    """
    The snapshot, whole or not: one that stays torn is a finding, not a race.
    """
    snapshot = using.sessions.read(session_id)
    for look in range(_LOOKS):
        if snapshot.is_whole:
            break
        using.pause(look)
        snapshot = using.sessions.read(session_id)
    return snapshot


def _decision(snapshot: Snapshot) -> Finalization:
    decision = snapshot.session.finalization
    if snapshot.session.status is not SessionStatus.COMPLETED or decision is None:
        raise SessionNotFinalized
    return decision


def _seal(keys: SealKeys, signing: AuditEntry | None, using: Verifying) -> SealFound:
    manifest, public_key = using.vault.read(keys.manifest), using.vault.read(keys.public_key)
    return SealFound(
        manifest=manifest,
        is_signed=_is_signed(sha256(manifest) if manifest else None, keys.signature, using),
        is_trail_signed=_is_signed(
            signing.sha256 if signing else None, keys.trail_signature, using
        ),
        is_our_key=None if public_key is None else public_key == using.signatures.public_key(),
    )


def _is_signed(sha256_hex: str | None, key: str, using: Verifying) -> bool | None:
    signature = using.vault.read(key)
    if sha256_hex is None or signature is None:
        return None
    return using.signatures.is_valid(sha256_hex, signature)


def _planned(snapshot: Snapshot, sheet: Sheet, decision: Finalization) -> list[Record]:
    return [
        replace(
            write_record(snapshot.session, sheet, attendee, decision),
            manifest_sha256=decision.manifest_sha256,
        )
        for attendee in snapshot.attendees
        if attendee.is_present
    ]


def _content(sheet: Sheet, using: Verifying) -> Content | None:
    version = ObjectVersion(sheet.key, sheet.version_id)
    return using.evidence.content(version) if using.evidence.describe(version) else None
