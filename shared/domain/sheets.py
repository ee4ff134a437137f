"""
The ports to where sheets are kept, and to what was ever accepted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from shared.domain.evidence import Content, ObjectVersion, Sheet, StoredFile, Upload


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """
    A request somebody else may make until *expires_at*, with exactly these headers.
    """

    method: str
    url: str
    headers: dict[str, str]
    expires_at: datetime


class EvidenceStore(Protocol):
    def put(self, upload: Upload, body: BinaryIO) -> None:
        """
        Store a sheet under the upload's key, unless something is there already.
        """

    def upload_link(self, upload: Upload, size_bytes: int, sha256: str) -> SignedRequest:
        """
        A short-lived permission to PUT exactly this file: its length, type, SHA-256 and newness are
        signed.
        """

    def download_link(self, sheet: Sheet, now: datetime) -> SignedRequest:
        """
        A short-lived link to the exact version.
        """

    def describe(self, version: ObjectVersion) -> StoredFile | None:
        """
        What the bucket knows of an object version; None if it does not exist.
        """

    def newest(self, key: str) -> str | None:
        """
        The version that whoever names none gets under *key*; None if that is nothing any more.
        """

    def content(self, version: ObjectVersion) -> Content:
        """
        Stream the version once, in constant memory, and say what it holds.
        """

    def pieces(self, version: ObjectVersion) -> Iterator[bytes]:
        """
        The bytes of the version, a piece at a time.
        """

    def fate(self, version: ObjectVersion) -> str | None:
        """
        What was noted on the object as its fate; None if nothing was.
        """

    def label(self, version: ObjectVersion, fate: str) -> None:
        """
        Note on the object what became of it (`rejected` or `late`), for its life cycle.
        """


class SheetUses(Protocol):
    def sessions(self, sha256: str) -> list[str]:
        """
        The sessions for which a sheet of these bytes was ever accepted, by their ids.
        """
