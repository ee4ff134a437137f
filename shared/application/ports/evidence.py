"""The ports to the stored sheets, and to the sessions a sheet was accepted for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from shared.domain.evidence import Content, ObjectVersion, Sheet, StoredFile, Upload


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A presigned request: it may be sent until *expires_at*, with exactly these headers."""

    method: str
    url: str
    headers: dict[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SheetAddress:
    """What a sheet's key says: its session, its upload, and the name of the file."""

    session_id: str
    upload_id: str
    file_name: str


class EvidenceStore(Protocol):
    def key_of(self, address: SheetAddress) -> str:
        """The key under which the sheet of this address is stored."""

    def address_of(self, key: str) -> SheetAddress | None:
        """The address that *key* stands for; None if it is not the key of a sheet."""

    def folder_of(self, key: str) -> str | None:
        """The id of the session in whose folder *key* lies; None if it lies in none."""

    def stray_note_key(self, session_id: str, key: str) -> str:
        """
        The key of the note about an object that lies under *key* and is nobody's sheet; a session
        has at most 256 such keys.
        """

    def put(self, upload: Upload, body: BinaryIO) -> None:
        """Store a sheet under the upload's key, unless something is there already."""

    def upload_link(self, upload: Upload, size_bytes: int, sha256: str) -> SignedRequest:
        """
        A short-lived permission to PUT exactly this file: its length, type and SHA-256 are signed,
        and that the key must be new.
        """

    def download_link(self, sheet: Sheet, now: datetime) -> SignedRequest:
        """A short-lived link to the exact version."""

    def describe(self, version: ObjectVersion) -> StoredFile | None:
        """What the bucket knows of an object version; None if it does not exist."""

    def newest(self, key: str) -> str | None:
        """The version a read of *key* without a version gets; None if a delete marker hides it."""

    def content(self, version: ObjectVersion) -> Content:
        """Stream the version once, in constant memory, and return its size and hash."""

    def pieces(self, version: ObjectVersion) -> Iterator[bytes]:
        """The bytes of the version, a piece at a time."""

    def outcome_tag(self, version: ObjectVersion) -> str | None:
        """The outcome the object is tagged with; None if it has no such tag, or is not there."""

    def tag(self, version: ObjectVersion, outcome: str) -> None:
        """Tag the object with its *outcome* (`rejected` or `late`), for the life cycle rules."""


class SheetUses(Protocol):
    def sessions(self, sha256: str) -> list[str]:
        """The ids of all sessions a sheet of these bytes was ever accepted for."""
