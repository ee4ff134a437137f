"""Attendance sheets in S3, always by exact version."""

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from botocore.exceptions import ClientError

from shared.application.ports.evidence import SheetAddress, SignedRequest
from shared.aws_errors import busy_if_unavailable
from shared.domain.canonical import sha256
from shared.domain.evidence import MEBIBYTE, Content, ObjectVersion, Sheet, StoredFile, Upload
from shared.domain.names import IDENTIFIER
from shared.domain.tampering import Tampering

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = {"404", "NoSuchKey", "NoSuchVersion", "NotFound"}
_OUTCOME = "evidence"
# S3 takes 2 KB of names and values together: with the SHA-256 and the names, 1,953 bytes at most.
# What has no room is whole in the announcement, which the check reads.
_ROOM = {"file-name": 1100, "uploaded-by-id": 200, "uploaded-by-name": 500}
_OF_SESSION = rf"evidence/(?P<session_id>{IDENTIFIER})"
_FOLDER = re.compile(rf"{_OF_SESSION}/.*", re.DOTALL)
_KEY = re.compile(
    rf"{_OF_SESSION}"
    r"/(?P<upload_id>[0-9]{8}T[0-9]{12}Z-[0-9a-f]{16})/(?P<file_name>[^/]+)"
)


def key_of(address: SheetAddress) -> str:
    """The key of a sheet; it names the session, because S3's notification has only the key."""
    return f"evidence/{address.session_id}/{address.upload_id}/{address.file_name}"


def address_of(key: str) -> SheetAddress | None:
    """The address in *key*; None if it is not the key of a sheet."""
    match = _KEY.fullmatch(key)
    return SheetAddress(**match.groupdict()) if match else None


def folder_of(key: str) -> str | None:
    """The session in whose folder *key* lies; None if it lies in none."""
    match = _FOLDER.fullmatch(key)
    return match["session_id"] if match else None


def stray_note_key(session_id: str, key: str) -> str:
    """The key of the note about the object under *key*: one of 256 places of its session."""
    return f"tampering/{session_id}/{sha256(key.encode())[:2]}.{Tampering.OBJECT_STRAY}.json"


class S3EvidenceStore:
    """Implements the `EvidenceStore` port."""

    def __init__(self, client: "S3Client", bucket: str, link_seconds: int) -> None:
        self._client = client
        self._bucket = bucket
        self._link_seconds = link_seconds

    def key_of(self, address: SheetAddress) -> str:
        return key_of(address)

    def address_of(self, key: str) -> SheetAddress | None:
        return address_of(key)

    def folder_of(self, key: str) -> str | None:
        return folder_of(key)

    def stray_note_key(self, session_id: str, key: str) -> str:
        return stray_note_key(session_id, key)

    def put(self, upload: Upload, body: BinaryIO) -> None:
        try:
            with busy_if_unavailable():
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=upload.key,
                    Body=body,
                    ContentType=upload.content_type,
                    Metadata=_metadata(upload),
                    ChecksumAlgorithm="SHA256",
                    IfNoneMatch="*",
                )
        except ClientError as error:
            if not _is_own_success(error):
                raise

    def upload_link(self, upload: Upload, size_bytes: int, sha256: str) -> SignedRequest:
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        metadata = _metadata(upload)
        url = self._client.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._bucket,
                "Key": upload.key,
                "ContentType": upload.content_type,
                "ContentLength": size_bytes,
                "ChecksumSHA256": checksum,
                "IfNoneMatch": "*",
                "Metadata": metadata,
            },
            ExpiresIn=self._link_seconds,
        )
        headers = {
            "Content-Type": upload.content_type,
            "Content-Length": str(size_bytes),
            "x-amz-checksum-sha256": checksum,
            "If-None-Match": "*",
            **{f"x-amz-meta-{name}": value for name, value in metadata.items()},
        }
        return SignedRequest("PUT", url, headers, self._expires_after(upload.uploaded_at))

    def download_link(self, sheet: Sheet, now: datetime) -> SignedRequest:
        saved_as = f"attachment; filename*=UTF-8''{quote(sheet.file_name)}"
        url = self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": sheet.key,
                "VersionId": sheet.version_id,
                "ResponseContentDisposition": saved_as,
            },
            ExpiresIn=self._link_seconds,
        )
        return SignedRequest("GET", url, {}, self._expires_after(now))

    def describe(self, version: ObjectVersion) -> StoredFile | None:
        try:
            with busy_if_unavailable():
                head = self._client.head_object(
                    Bucket=self._bucket,
                    Key=version.key,
                    VersionId=version.version_id,
                    ChecksumMode="ENABLED",
                )
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return StoredFile(
            version=version,
            content_type=head["ContentType"],
            size_bytes=head["ContentLength"],
            stored_at=head["LastModified"].astimezone(UTC),
            bucket_sha256=_hex(head.get("ChecksumSHA256")),
        )

    def newest(self, key: str) -> str | None:
        try:
            with busy_if_unavailable():
                return self._client.head_object(Bucket=self._bucket, Key=key)["VersionId"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise

    def pieces(self, version: ObjectVersion) -> Iterator[bytes]:
        with busy_if_unavailable():
            body = self._client.get_object(
                Bucket=self._bucket, Key=version.key, VersionId=version.version_id
            )["Body"]
            # 1 MiB at a time: memory stays constant, and smaller pieces need several times the CPU.
            yield from body.iter_chunks(MEBIBYTE)

    def content(self, version: ObjectVersion) -> Content:
        digest, size = hashlib.sha256(), 0
        for chunk in self.pieces(version):
            digest.update(chunk)
            size += len(chunk)
        return Content(size, digest.hexdigest())

    def outcome_tag(self, version: ObjectVersion) -> str | None:
        try:
            with busy_if_unavailable():
                tags = self._client.get_object_tagging(
                    Bucket=self._bucket, Key=version.key, VersionId=version.version_id
                )["TagSet"]
        except ClientError as error:
            # It is gone, or a delete marker lies over it, which is told by itself.
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return next((tag["Value"] for tag in tags if tag["Key"] == _OUTCOME), None)

    def tag(self, version: ObjectVersion, outcome: str) -> None:
        with busy_if_unavailable():
            self._client.put_object_tagging(
                Bucket=self._bucket,
                Key=version.key,
                VersionId=version.version_id,
                Tagging={"TagSet": [{"Key": _OUTCOME, "Value": outcome}]},
            )

    def _expires_after(self, moment: datetime) -> datetime:
        return moment + timedelta(seconds=self._link_seconds)


def _is_own_success(error: ClientError) -> bool:
    """True if a retry found the key taken: the attempt before it stored the file, unanswered."""
    is_repeat = error.response["ResponseMetadata"]["RetryAttempts"] > 0
    return is_repeat and error.response["Error"]["Code"] == "PreconditionFailed"


def _metadata(upload: Upload) -> dict[str, str]:
    # Object metadata is sent as HTTP headers, which are ASCII.
    announced = {} if upload.sha256 is None else {"sha256": upload.sha256}
    said = {
        "file-name": upload.file_name,
        "uploaded-by-id": upload.uploaded_by.id,
        "uploaded-by-name": upload.uploaded_by.name,
    }
    return announced | {name: _fitted(value, _ROOM[name]) for name, value in said.items()}


def _fitted(text: str, room: int) -> str:
    """As much of *text* in percent code as has *room*; whole letters, so that it can be read."""
    sizes = accumulate(len(quote(letter)) for letter in text)
    return quote(text[: sum(size <= room for size in sizes)])


def _hex(checksum: str | None) -> str | None:
    """
    S3's checksum in hexadecimal digits; None for that of a multipart upload, which is not the hash
    of the file.
    """
    if checksum is None or "-" in checksum:
        return None
    return base64.b64decode(checksum).hex()
