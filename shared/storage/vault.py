"""
Seals in S3: written once, kept until their time is over, whoever asks.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.domain.evidence import ObjectVersion
from shared.transport import answered

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_EXISTS = {"PreconditionFailed", "412"}
_ABSENT = {"NoSuchKey", "404"}


class S3Vault:
    """
    Keeps the `Vault` port.
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put_once(self, key: str, body: bytes, content_type: str, until: datetime) -> bool:
        try:
            with answered():
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
            with answered():
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise

    def keep(self, version: ObjectVersion, until: datetime) -> None:
        with answered():
            kept = self._kept_until(version)
            if kept is not None and kept >= until:
                # S3 would refuse to shorten it.
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
