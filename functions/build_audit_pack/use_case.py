"""
Building an audit pack: everything about a finalized session in one file that proves itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from functions.build_audit_pack.archive import Contents, write_archive
from shared.domain.errors import SealPending, SessionNotFinalized
from shared.domain.evidence import ObjectVersion
from shared.domain.ports import AuditTrail, SessionStore
from shared.domain.session import Finalization, Session, SessionStatus
from shared.domain.sheets import EvidenceStore, SignedRequest
from shared.domain.vault import PackStore, Seal, Vault, seal_keys


@dataclass(frozen=True, slots=True)
class Packing:
    """
    The ports packing works with; but for the packs all of them only read. *new_file* is where a
    pack is put together.
    """

    sessions: SessionStore
    evidence: EvidenceStore
    trail: AuditTrail
    vault: Vault
    packs: PackStore
    new_file: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Pack:
    """
    A pack that can be fetched for a while, and of which decision it is.
    """

    link: SignedRequest
    decision: Finalization


def build_audit_pack(session_id: str, token: str, now: datetime, using: Packing) -> Pack:
    """
    Put the pack together and return a short-lived link to it.

    It holds what the vault holds, unchecked: checking it is the receiver's part, and a forged pack
    must not be mended on its way. *token* makes its name one that nobody guesses.

    Raises:
        NotFound: There is no such session.
        SessionNotFinalized: Nothing about it is final.
        SealPending: It is not signed yet.
    """
    session = using.sessions.load(session_id)
    decision = session.finalization
    if session.status is not SessionStatus.COMPLETED or decision is None:
        raise SessionNotFinalized
    contents = _contents(session, decision, using)
    key = f"packs/{session_id}/{decision.finalization_id}/{token}/audit-pack.zip"
    with using.new_file() as file:
        write_archive(contents, file)
        file.seek(0)
        using.packs.put(key, file)
    return Pack(using.packs.link(key, f"audit-pack-{session_id}.zip", now), decision)


def _contents(session: Session, decision: Finalization, using: Packing) -> Contents:
    if session.sheet is None:
        raise ValueError(f"session {session.session_id} was finalized without a sheet")
    version = ObjectVersion(session.sheet.key, session.sheet.version_id)
    return Contents(
        session_id=session.session_id,
        content_type=session.sheet.content_type,
        seal=_seal(session.session_id, decision, using.vault),
        entries=using.trail.entries(session.session_id),
        sheet=using.evidence.pieces(version),
    )


def _seal(session_id: str, decision: Finalization, vault: Vault) -> Seal:
    keys = seal_keys(session_id, decision)
    names = (keys.manifest, keys.signature, keys.trail_signature, keys.public_key)
    manifest, signature, trail_signature, public_key = (vault.read(name) for name in names)
    if manifest is None or signature is None or trail_signature is None or public_key is None:
        raise SealPending
    return Seal(manifest, signature, trail_signature, public_key)
