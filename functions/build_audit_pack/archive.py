"""
The pack as a zip file, written in one go: only the manifest is ever in memory as a whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from functions.build_audit_pack.instructions import instructions
from functions.build_audit_pack.summary import write_summary
from shared.domain.audit import AuditEntry
from shared.domain.canonical import sha256
from shared.domain.vault import Seal

_ENDINGS = {
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
    What goes into a pack; *entries* and *sheet* are read while it is written.
    """

    session_id: str
    content_type: str
    seal: Seal
    entries: Iterable[AuditEntry]
    sheet: Iterable[bytes]

    @property
    def sheet_name(self) -> str:
        """
        The sheet's name in the pack: never the client's, which goes into a shell.
        """
        return f"sheet.{_ENDINGS.get(self.content_type, 'bin')}"


def write_archive(contents: Contents, file: BinaryIO) -> None:
    """
    Write the pack into *file*.
    """
    seal = contents.seal
    manifest_sha256 = sha256(seal.manifest)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        _add(archive, "VERIFY.md", [_instructions(contents, manifest_sha256)])
        _add(archive, "manifest.json", [seal.manifest])
        _add(archive, "manifest.sig", [seal.signature])
        _add(archive, "trail.sig", [seal.trail_signature])
        _add(archive, "public-key.pem", [seal.public_key])
        _add(archive, "audit.jsonl", (f"{entry.content}\n".encode() for entry in contents.entries))
        # Scans are compressed already.
        _add(archive, contents.sheet_name, contents.sheet, ZIP_STORED)
        with archive.open(_named("summary.pdf", ZIP_STORED), "w") as page:
            write_summary(seal.manifest, manifest_sha256, page)


def _instructions(contents: Contents, manifest_sha256: str) -> bytes:
    return instructions(contents.session_id, contents.sheet_name, manifest_sha256).encode()


def _add(
    archive: ZipFile, name: str, pieces: Iterable[bytes], compression: int = ZIP_DEFLATED
) -> None:
    with archive.open(_named(name, compression), "w") as member:
        for piece in pieces:
            member.write(piece)


def _named(name: str, compression: int) -> ZipInfo:
    """
    A file of no date, so that the same pack is the same bytes.
    """
    info = ZipInfo(name)
    info.compress_type = compression
    # Readable by whoever unpacks it.
    info.external_attr = 0o644 << 16
    return info
