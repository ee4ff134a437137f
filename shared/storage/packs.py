"""Audit packs in S3: short-lived copies, in the bucket of the evidence they copy."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO

from shared.application.ports.evidence import SignedRequest
from shared.aws_errors import busy_if_unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def pack_key(session_id: str, finalization_id: str, token: str) -> str:
    return f"packs/{session_id}/{finalization_id}/{token}/audit-pack.zip"


class S3PackStore:
    """Implements the `PackStore` port."""

    def __init__(self, client: "S3Client", bucket: str, link_seconds: int) -> None:
        self._client = client
        self._bucket = bucket
        self._link_seconds = link_seconds

    def key_of(self, session_id: str, finalization_id: str, token: str) -> str:
        return pack_key(session_id, finalization_id, token)

    def put(self, key: str, file: BinaryIO) -> None:
        with busy_if_unavailable():
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=file, ContentType="application/zip"
            )

    def link(self, key: str, file_name: str, now: datetime) -> SignedRequest:
        url = self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentDisposition": f'attachment; filename="{file_name}"',
            },
            ExpiresIn=self._link_seconds,
        )
        until = now.astimezone(UTC) + timedelta(seconds=self._link_seconds)
        return SignedRequest("GET", url, {}, until.replace(microsecond=0))
