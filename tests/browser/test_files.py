"""The console as it is served and published."""

import boto3
import httpx
import pytest

from local.console.headers import security_headers
from local.console.publishing import WEB, publish
from local.stack import Stack
from tests.stack.operator import Operator


def test_this_machine_sends_the_headers_that_cloudfront_sends(console: str, stack: Stack) -> None:
    """Page, files and API have the same headers on a laptop as on AWS."""
    origins = {"SignIn": stack.endpoint, "Evidence": stack.endpoint}
    expected = security_headers(origins)

    for path in ("/", "/main.js", "/api/v1/training/sessions", "/nothing-here"):
        headers = httpx.get(f"{console}{path}", trust_env=False).headers
        assert {name: headers[name] for name in expected} == expected


@pytest.fixture
def session(stack: Stack) -> boto3.Session:
    """A session with the right to publish."""
    return stack.session()


def test_publishing_puts_the_page_and_its_configuration_into_the_bucket(
    session: boto3.Session, stack: Stack, operator: Operator
) -> None:
    """
    Every file is uploaded unchanged, with its type and without caching, except for the types of the
    contracts; files that no longer exist are deleted.
    """
    bucket = operator.resources["WebBucket"]
    operator.s3.put_object(Bucket=bucket, Key="old.js", Body=b"gone")

    publish(session, stack.stack_name, stack.endpoint)

    keys = {item["Key"] for item in operator.s3.list_objects_v2(Bucket=bucket)["Contents"]}
    main = operator.s3.get_object(Bucket=bucket, Key="main.js")
    config = operator.s3.get_object(Bucket=bucket, Key="config.json")["Body"].read().decode()
    assert "old.js" not in keys
    assert not any(key.endswith(".d.ts") for key in keys)
    assert {"index.html", "main.js", "style/page.css", "vendor/htm-preact.js"} < keys
    assert (main["ContentType"], main["CacheControl"]) == ("text/javascript", "no-cache")
    assert main["Body"].read() == (WEB / "main.js").read_bytes()
    assert stack.user_pool_client_id in config
    assert stack.release in config
    assert f"https://cognito-idp.{stack.region}.amazonaws.com/" in config
