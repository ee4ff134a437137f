"""The pack as a zip file, written as a stream: only the manifest is held in memory as a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from functions.build_audit_pack.instructions import check, instructions
from shared.domain.audit import AuditEntry
from shared.domain.seal import Seal

ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/heic": "heic",
}


@dataclass(frozen=True, slots=True)
class Contents:
    """
    The contents of a pack; *entries* and *sheet* are read while it is written.

    *beside* holds what not every session has, by its name in the pack.
    """

    session_id: str
    content_type: str
    seal: Seal
    entries: Iterable[AuditEntry]
    sheet: Iterable[bytes]
    beside: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def sheet_name(self) -> str:
        """The sheet's name in the pack: not the client's, because it is used in a shell."""
        return f"sheet.{ENDINGS.get(self.content_type, 'bin')}"


def write_archive(contents: Contents, file: BinaryIO) -> None:
    """Write the pack into *file*."""
    seal = contents.seal
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        _add(archive, "VERIFY.md", [_instructions(contents)])
        _add(archive, "verify.sh", [check()])
        _add(archive, "manifest.json", [seal.manifest])
        _add(archive, "manifest.sig", [seal.signature])
        _add(archive, "trail.sig", [seal.trail_signature])
        _add(archive, "public-key.pem", [seal.public_key])
        _add(archive, "audit.jsonl", (f"{entry.content}\n".encode() for entry in contents.entries))
        # Scans are compressed already.
        _add(archive, contents.sheet_name, contents.sheet, ZIP_STORED)
        for name, content in contents.beside.items():
            _add(archive, name, [content])


def _instructions(contents: Contents) -> bytes:
    manifest = contents.seal.manifest
    return instructions(contents.session_id, contents.sheet_name, manifest).encode()


def _add(
    archive: ZipFile, name: str, pieces: Iterable[bytes], compression: int = ZIP_DEFLATED
) -> None:
    with archive.open(_named(name, compression), "w") as member:
        for piece in pieces:
            member.write(piece)


def _named(name: str, compression: int) -> ZipInfo:
    """A file entry without a date, so that equal packs have equal bytes."""
    info = ZipInfo(name)
    info.compress_type = compression
    # Readable for every user after unpacking.
    info.external_attr = 0o644 << 16
    return info
