"""
Attendance sheets in S3, always by exact version.
"""

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote, unquote

from botocore.exceptions import ClientError

from shared.domain.evidence import MEBIBYTE, Content, ObjectVersion, Sheet, StoredFile, Upload
from shared.domain.people import Person
from shared.domain.sheets import SignedRequest
from shared.transport import answered

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = {"404", "NoSuchKey", "NoSuchVersion", "NotFound"}
_FIRST_BYTES = 64
_FATE = "evidence"


class S3EvidenceStore:
    """
    Keeps the `EvidenceStore` port.
    """

    def __init__(self, client: "S3Client", bucket: str, link_seconds: int) -> None:
        self._client = client
        self._bucket = bucket
        self._link_seconds = link_seconds

    def put(self, upload: Upload, body: BinaryIO) -> None:
        try:
            with answered():
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
            with answered():
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
        noted = {name: unquote(value) for name, value in head["Metadata"].items()}
        return StoredFile(
            version=version,
            content_type=head["ContentType"],
            size_bytes=head["ContentLength"],
            stored_at=head["LastModified"].astimezone(UTC),
            file_name=noted.get("file-name", version.key.rpartition("/")[2]),
            uploaded_by=Person(noted.get("uploaded-by-id", ""), noted.get("uploaded-by-name", "")),
            announced_sha256=noted.get("sha256"),
            bucket_sha256=_hex(head.get("ChecksumSHA256")),
        )

    def newest(self, key: str) -> str | None:
        try:
            with answered():
                return self._client.head_object(Bucket=self._bucket, Key=key)["VersionId"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise

    def pieces(self, version: ObjectVersion) -> Iterator[bytes]:
        with answered():
            body = self._client.get_object(
                Bucket=self._bucket, Key=version.key, VersionId=version.version_id
            )["Body"]
            # 1 MiB at a time: memory stays constant, and smaller pieces cost several times the CPU.
            yield from body.iter_chunks(MEBIBYTE)

    def content(self, version: ObjectVersion) -> Content:
        digest, size, first = hashlib.sha256(), 0, b""
        for chunk in self.pieces(version):
            first = first or chunk[:_FIRST_BYTES]
            digest.update(chunk)
            size += len(chunk)
        return Content(first, size, digest.hexdigest())

    def fate(self, version: ObjectVersion) -> str | None:
        with answered():
            tags = self._client.get_object_tagging(
                Bucket=self._bucket, Key=version.key, VersionId=version.version_id
            )["TagSet"]
        return next((tag["Value"] for tag in tags if tag["Key"] == _FATE), None)

    def label(self, version: ObjectVersion, fate: str) -> None:
        with answered():
            self._client.put_object_tagging(
                Bucket=self._bucket,
                Key=version.key,
                VersionId=version.version_id,
                Tagging={"TagSet": [{"Key": _FATE, "Value": fate}]},
            )

    def _expires_after(self, moment: datetime) -> datetime:
        return moment + timedelta(seconds=self._link_seconds)


def _is_own_success(error: ClientError) -> bool:
    """
    True if only a repeat found the key taken: the try before it stored the file, unanswered.
    """
    is_repeat = error.response["ResponseMetadata"]["RetryAttempts"] > 0
    return is_repeat and error.response["Error"]["Code"] == "PreconditionFailed"


def _metadata(upload: Upload) -> dict[str, str]:
    # Object metadata travels as HTTP headers, which are ASCII.
    announced = {} if upload.sha256 is None else {"sha256": upload.sha256}
    return announced | {
        "file-name": quote(upload.file_name),
        "uploaded-by-id": quote(upload.uploaded_by.id),
        "uploaded-by-name": quote(upload.uploaded_by.name),
    }


def _hex(checksum: str | None) -> str | None:
    """
    A checksum as S3 writes it, in hexadecimal digits; None if it is that of parts of the file.
    """
    if checksum is None or "-" in checksum:
        return None
    return base64.b64decode(checksum).hex()
