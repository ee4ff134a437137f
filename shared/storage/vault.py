"""Seals and reports in S3: written once, and locked until their retention ends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.application.ports.vault import ReportKeys
from shared.aws_errors import busy_if_unavailable
from shared.domain.evidence import ObjectVersion
from shared.domain.seal_folder import SealFolder, seal_folder
from shared.domain.stored_versions import StoredVersion

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import DeleteMarkerEntryTypeDef, ObjectVersionTypeDef

_NEARLY_A_SECOND = timedelta(microseconds=999_999)
_EXISTS = {"PreconditionFailed", "412"}
_ABSENT = {"NoSuchKey", "404"}


def seal_root(session_id: str) -> str:
    # With its slash: an id may be the beginning of another one.
    return f"seals/{session_id}/"


def register_key(session_id: str, finalized_at: datetime) -> str:
    return f"sealed/{finalized_at.astimezone(UTC):%Y/%m/%d}/{session_id}"


def report_keys(at: datetime) -> ReportKeys:
    name = f"reports/{at:%Y/%m/%d/%H%M%S}"
    return ReportKeys(report=f"{name}.json", signature=f"{name}.sig")


def stamp_key(key: str) -> str:
    return f"stamps/{key}.tsr"


class S3Vault:
    """Implements the `Vault` port."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def seal_folder(self, session_id: str) -> SealFolder:
        root = seal_root(session_id)
        return seal_folder(root, self.versions(root))

    def register_key(self, session_id: str, finalized_at: datetime) -> str:
        return register_key(session_id, finalized_at)

    def report_keys(self, at: datetime) -> ReportKeys:
        return report_keys(at)

    def stamp_key(self, key: str) -> str:
        return stamp_key(key)

    def put_once(self, key: str, body: bytes, content_type: str, until: datetime) -> bool:
        try:
            with busy_if_unavailable():
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=body,
                    ContentType=content_type,
                    ChecksumAlgorithm="SHA256",
                    IfNoneMatch="*",
                    ObjectLockMode="COMPLIANCE",
                    ObjectLockRetainUntilDate=until,
                )
        except ClientError as error:
            if error.response["Error"]["Code"] in _EXISTS:
                return False
            raise
        return True

    def read(self, key: str) -> bytes | None:
        try:
            with busy_if_unavailable():
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise

    def read_version(self, version: ObjectVersion) -> bytes:
        with busy_if_unavailable():
            found = self._client.get_object(
                Bucket=self._bucket, Key=version.key, VersionId=version.version_id
            )
            return found["Body"].read()

    def kept_until(self, key: str) -> datetime | None:
        try:
            with busy_if_unavailable():
                head = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return head.get("ObjectLockRetainUntilDate")

    def keep(self, version: ObjectVersion, until: datetime) -> None:
        # S3 tells whole seconds; a fraction of the second that is set would look shorter than that.
        until = (until + _NEARLY_A_SECOND).replace(microsecond=0)
        with busy_if_unavailable():
            kept = self._kept_until(version)
            if kept is not None and kept >= until:
                # It is kept long enough, and S3 refuses to shorten a retention.
                return
            self._client.put_object_retention(
                Bucket=self._bucket,
                Key=version.key,
                VersionId=version.version_id,
                Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until},
            )

    def _kept_until(self, version: ObjectVersion) -> datetime | None:
        head = self._client.head_object(
            Bucket=self._bucket, Key=version.key, VersionId=version.version_id
        )
        return head.get("ObjectLockRetainUntilDate")

    def folders(self, prefix: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_object_versions")
        with busy_if_unavailable():
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix, Delimiter="/"):
                yield from (found["Prefix"] for found in page.get("CommonPrefixes", []))

    def versions(self, prefix: str) -> list[StoredVersion]:
        """All versions under *prefix*, delete markers included, oldest first."""
        listed: list[StoredVersion] = []
        pages = self._client.get_paginator("list_object_versions")
        with busy_if_unavailable():
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                listed += [_stored(one, is_marker=True) for one in page.get("DeleteMarkers", [])]
                listed += [_stored(one) for one in page.get("Versions", [])]
        # S3 lists the newest version of a key first, and tells the time in whole seconds. Of one
        # second, a marker is the later one: there must be something to hide.
        listed.reverse()
        return sorted(listed, key=lambda one: one.stored_at)


def _stored(
    listed: "ObjectVersionTypeDef | DeleteMarkerEntryTypeDef", *, is_marker: bool = False
) -> StoredVersion:
    version = ObjectVersion(listed["Key"], listed["VersionId"])
    return StoredVersion(version, listed["LastModified"], is_marker)
