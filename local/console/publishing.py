"""Publishing the console to the bucket that CloudFront serves."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from local.console.configuration import Configuration, SignIn
from local.workspace import ROOT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

WEB = ROOT / "web"
CONFIGURATION = "config.json"
SCRIPT = {".js": "text/javascript", ".mjs": "text/javascript"}


def publish(session: boto3.Session, stack_name: str, endpoint: str | None = None) -> str:
    """
    Put the files of `web/` and the stack's configuration into its bucket; return the console's URL.

    Files that are no longer part of the console are removed. No cache has to be invalidated: every
    file is sent with no-cache.
    """
    outputs = _outputs(session, stack_name, endpoint)
    s3 = session.client("s3", endpoint_url=endpoint)
    bucket = outputs["WebBucketName"]
    names = {CONFIGURATION, *(str(path.relative_to(WEB)) for path in files())}
    for path in files():
        _put(s3, bucket, str(path.relative_to(WEB)), path.read_bytes())
    _put(s3, bucket, CONFIGURATION, _configuration(session, outputs).json_text().encode())
    for name in set(_published(s3, bucket)) - names:
        s3.delete_object(Bucket=bucket, Key=name)
    return outputs["ConsoleUrl"]


def files() -> Iterator[Path]:
    """Return the files a browser needs: all but the type declarations."""
    return (path for path in sorted(WEB.rglob("*")) if path.is_file() and not path.match("*.d.ts"))


def _configuration(session: boto3.Session, outputs: dict[str, str]) -> Configuration:
    domain = session.client("cognito-idp").meta.endpoint_url
    return Configuration(
        sign_in=SignIn(url=f"{domain}/", client_id=outputs["UserPoolClientId"]),
        release=outputs["Release"],
    )


def _outputs(session: boto3.Session, stack_name: str, endpoint: str | None) -> dict[str, str]:
    client = session.client("cloudformation", endpoint_url=endpoint)
    stack = client.describe_stacks(StackName=stack_name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _put(s3: "S3Client", bucket: str, name: str, content: bytes) -> None:
    kind = SCRIPT.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    s3.put_object(
        Bucket=bucket,
        Key=name,
        Body=content,
        ContentType=kind or "application/octet-stream",
        CacheControl="no-cache",
    )


def _published(s3: "S3Client", bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (item["Key"] for item in page.get("Contents", []))
