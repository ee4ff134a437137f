"""Building an audit pack: one file with everything that proves a finalized session."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from functions.build_audit_pack import beside
from functions.build_audit_pack.archive import Contents, write_archive
from shared.application.ports.evidence import SignedRequest
from shared.application.ports.parts import (
    WithEvidence,
    WithPacks,
    WithPause,
    WithSessions,
    WithTrail,
    WithVault,
    WithWitness,
)
from shared.application.ports.vault import Vault
from shared.application.stamps import stamp_of
from shared.domain.audit import AuditEntry
from shared.domain.errors import SealPending
from shared.domain.evidence import ObjectVersion
from shared.domain.seal import Seal, missing_parts
from shared.domain.seal_folder import SealFolder, SealPart
from shared.domain.session import DecidedSession, Finalization
from shared.domain.witness import Witnessed, awaited

# With the pauses between them 5 seconds; an entry is copied within two.
_LOOKS = 16
_PIECE = 1024 * 1024


class BuildAuditPackPorts(
    WithSessions,
    WithEvidence,
    WithTrail,
    WithVault,
    WithWitness,
    WithPacks,
    WithPause,
    Protocol,
):
    """The ports of building a pack; only the pack store is written to."""

    @property
    def authority_roots(self) -> bytes:
        """The roots of the time-stamp authority (PEM), empty if there is none."""


@dataclass(frozen=True, slots=True)
class WitnessedTrail:
    """A trail as it is stored, the witness's copies of it, and all that the witness saw."""

    entries: Sequence[AuditEntry]
    copies: Sequence[bytes]
    seen: Witnessed


@dataclass(frozen=True, slots=True)
class Pack:
    """
    A short-lived link to a pack, the SHA-256 of its zip file, and the decision it is about.

    By that hash its receiver knows that nobody took anything out of it on the way.
    """

    link: SignedRequest
    sha256: str
    decision: Finalization


def build_audit_pack(
    session_id: str,
    token: str,
    now: datetime,
    ports: BuildAuditPackPorts,
    new_file: Callable[[], BinaryIO] = TemporaryFile,
) -> Pack:
    """
    Build the pack and return a short-lived link to it.

    It holds what the vault holds, unchecked: the receiver checks it, and a forged seal must not be
    hidden from them. *token* makes its key unguessable; the pack is built in *new_file*.

    Raises:
        NotFound: There is no such session.
        SessionNotFinalized: The session is not finalized.
        SealPending: It is not signed, or the latest entry of its trail not witnessed yet.
    """
    decided = ports.sessions.load(session_id).completed()
    key = ports.packs.key_of(session_id, decided.decision.finalization_id, token)
    contents = _contents(decided, now, ports)
    with new_file() as file:
        write_archive(contents, file)
        file.seek(0)
        digest = _sha256(file)
        ports.packs.put(key, file)
    link = ports.packs.link(key, f"audit-pack-{session_id}.zip", now)
    return Pack(link, digest, decided.decision)


def _sha256(file: BinaryIO) -> str:
    """The hash of the whole *file*, which is then at its beginning again."""
    digest = sha256()
    for piece in iter(lambda: file.read(_PIECE), b""):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _contents(decided: DecidedSession, now: datetime, ports: BuildAuditPackPorts) -> Contents:
    session_id, sheet = decided.session.session_id, decided.sheet
    folder = ports.vault.seal_folder(session_id)
    seal = _seal(decided.decision, folder, ports.vault)
    trail = _witnessed_trail(decided, now, ports)
    stamp = stamp_of(folder.key(SealPart.MANIFEST), ports.vault)
    return Contents(
        session_id=session_id,
        content_type=sheet.content_type,
        seal=seal,
        entries=trail.entries,
        sheet=ports.evidence.pieces(ObjectVersion(sheet.key, sheet.version_id)),
        beside={
            **beside.summary(seal),
            **beside.witnessed(trail.copies),
            **beside.tampering(trail.seen, ports.witness.note, folder),
            **beside.time_stamp(stamp, ports.authority_roots),
        },
    )


def _witnessed_trail(
    decided: DecidedSession, now: datetime, ports: BuildAuditPackPorts
) -> WitnessedTrail:
    """
    The trail with the witness's copies of all of its entries.

    Raises:
        SealPending: The latest entry is not copied yet.
    """
    for attempt in range(_LOOKS):
        # In this order: what is added meanwhile may lack a copy, and never has a copy alone.
        seen = ports.witness.seen(decided.session.session_id)
        copies = list(ports.witness.copies(decided.session.session_id))
        entries = list(ports.trail.entries(decided.session.session_id))
        if not awaited(decided.decision, entries, seen, now):
            return WitnessedTrail(entries, copies, seen)
        ports.pause(attempt)
    raise SealPending


def _seal(decision: Finalization, folder: SealFolder, vault: Vault) -> Seal:
    """The seal as it was stored first, whatever was put over it."""
    if missing_parts(decision, folder):
        raise SealPending
    found = {part: vault.read_version(version) for part, version in folder.parts.items()}
    return Seal(
        found[SealPart.MANIFEST],
        found[SealPart.SIGNATURE],
        found[SealPart.TRAIL_SIGNATURE],
        found[SealPart.PUBLIC_KEY],
        found.get(SealPart.SUMMARY),
        found.get(SealPart.SUMMARY_SIGNATURE),
    )
