"""Sheets in memory: their bytes, and the sessions that use them."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

from shared.application.ports.evidence import SheetAddress, SignedRequest
from shared.domain.evidence import Content, ObjectVersion, Sheet, StoredFile, Upload
from shared.storage.evidence import address_of, folder_of, key_of, stray_note_key
from testing.fakes.hooks import Hook, no_pause
from testing.fakes.sessions import FakeSessions

LINK_TIME = timedelta(minutes=15)


class FakeSheetUses:
    """The `SheetUses` port over the sessions' sheets of now."""

    def __init__(self, sessions: FakeSessions) -> None:
        self._sessions = sessions

    def sessions(self, sha256: str) -> list[str]:
        """Implement the port."""
        return self._sessions.with_sheet(sha256)


class FakeEvidence:
    """The `EvidenceStore` port over a dict; *opened* lists the versions that were downloaded."""

    def __init__(self) -> None:
        self._files: dict[ObjectVersion, tuple[StoredFile, bytes]] = {}
        self.tags: dict[ObjectVersion, str] = {}
        self.hidden: set[str] = set()
        self.opened: list[ObjectVersion] = []
        self.before_put: Hook = no_pause
        self.puts = 0

    def add(self, upload: Upload, data: bytes, size_bytes: int | None = None) -> ObjectVersion:
        """Store *data* as a new version; *size_bytes* spares a test a large file's bytes."""
        version = ObjectVersion(upload.key, f"version-{len(self._files) + 1}")
        file = StoredFile(
            version=version,
            content_type=upload.content_type,
            size_bytes=len(data) if size_bytes is None else size_bytes,
            stored_at=upload.uploaded_at,
            bucket_sha256=hashlib.sha256(data).hexdigest(),
        )
        self._files[version] = file, data
        return version

    def versions(self, key: str) -> list[ObjectVersion]:
        """Return the versions stored under *key*."""
        return [version for version in self._files if version.key == key]

    def lose(self, version: ObjectVersion) -> None:
        """Delete a version, which S3 would refuse."""
        del self._files[version]

    def corrupt(self, version: ObjectVersion, data: bytes) -> None:
        """Replace the bytes of a version, which S3 does not allow."""
        self._files[version] = (self._files[version][0], data)

    def hide(self, key: str) -> None:
        """Put a delete marker over a key."""
        self.hidden.add(key)

    def key_of(self, address: SheetAddress) -> str:
        """Implement the port."""
        return key_of(address)

    def address_of(self, key: str) -> SheetAddress | None:
        """Implement the port."""
        return address_of(key)

    def folder_of(self, key: str) -> str | None:
        """Implement the port."""
        return folder_of(key)

    def stray_note_key(self, session_id: str, key: str) -> str:
        """Implement the port."""
        return stray_note_key(session_id, key)

    def put(self, upload: Upload, body: BinaryIO) -> None:
        """Implement the port."""
        self.puts += 1
        self.before_put(self.puts)
        if self.versions(upload.key):
            raise FileExistsError(upload.key)
        self.add(upload, body.read())

    def upload_link(self, upload: Upload, size_bytes: int, sha256: str) -> SignedRequest:
        """Implement the port."""
        headers = {
            "Content-Type": upload.content_type,
            "Content-Length": str(size_bytes),
            "x-sha256": sha256,
        }
        url = f"https://evidence.test/{upload.key}"
        return SignedRequest("PUT", url, headers, upload.uploaded_at + LINK_TIME)

    def download_link(self, sheet: Sheet, now: datetime) -> SignedRequest:
        """Implement the port."""
        url = f"https://evidence.test/{sheet.key}?versionId={sheet.version_id}"
        return SignedRequest("GET", url, {}, now + LINK_TIME)

    def describe(self, version: ObjectVersion) -> StoredFile | None:
        """Implement the port."""
        return self._files[version][0] if version in self._files else None

    def pieces(self, version: ObjectVersion) -> Iterator[bytes]:
        """Implement the port."""
        self.opened.append(version)
        yield self._files[version][1]

    def newest(self, key: str) -> str | None:
        """Implement the port."""
        found = self.versions(key)
        return found[-1].version_id if found and key not in self.hidden else None

    def content(self, version: ObjectVersion) -> Content:
        """Implement the port."""
        self.opened.append(version)
        data = self._files[version][1]
        return Content(len(data), hashlib.sha256(data).hexdigest())

    def outcome_tag(self, version: ObjectVersion) -> str | None:
        """Implement the port."""
        return self.tags.get(version)

    def tag(self, version: ObjectVersion, outcome: str) -> None:
        """Implement the port."""
        self.tags[version] = outcome
