"""Responses about sheets: links to fetch them, and permissions to upload them."""

from datetime import datetime

from shared.application.ports.evidence import SignedRequest
from shared.contracts.response import ResponseBody
from shared.domain.evidence import EvidenceState, Sheet, Upload


class SheetLink(ResponseBody):
    """A short-lived link to the exact version, with the hash that the file must have."""

    url: str
    expires_at: datetime
    file_name: str
    attendance_file_key: str
    attendance_file_version_id: str
    attendance_file_hash: str
    content_type: str
    size_bytes: int

    @classmethod
    def of(cls, sheet: Sheet, link: SignedRequest) -> "SheetLink":
        return cls(
            url=link.url,
            expires_at=link.expires_at,
            file_name=sheet.file_name,
            attendance_file_key=sheet.key,
            attendance_file_version_id=sheet.version_id,
            attendance_file_hash=sheet.sha256,
            content_type=sheet.content_type,
            size_bytes=sheet.size_bytes,
        )


class PackLink(ResponseBody):
    """A short-lived link to an audit pack, with the hashes that zip file and manifest must have."""

    url: str
    expires_at: datetime
    sha256: str
    manifest_sha256: str

    @classmethod
    def of(cls, link: SignedRequest, sha256: str, manifest_sha256: str) -> "PackLink":
        return cls(
            url=link.url,
            expires_at=link.expires_at,
            sha256=sha256,
            manifest_sha256=manifest_sha256,
        )


class UploadReceived(ResponseBody):
    """The file is stored and is being checked."""

    upload_id: str
    attendance_file_key: str
    state: EvidenceState

    @classmethod
    def of(cls, upload: Upload) -> "UploadReceived":
        return cls(
            upload_id=upload.upload_id,
            attendance_file_key=upload.key,
            state=EvidenceState.PENDING,
        )


class UploadPermission(ResponseBody):
    """A request the client may make until it expires, with exactly these headers."""

    upload_id: str
    attendance_file_key: str
    method: str
    url: str
    headers: dict[str, str]
    expires_at: datetime

    @classmethod
    def of(cls, upload: Upload, link: SignedRequest) -> "UploadPermission":
        return cls(
            upload_id=upload.upload_id,
            attendance_file_key=upload.key,
            method=link.method,
            url=link.url,
            headers=link.headers,
            expires_at=link.expires_at,
        )
