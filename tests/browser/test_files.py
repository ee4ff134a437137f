"""What is shipped: little, ours, and published as it is."""

import gzip
import hashlib
import re

import boto3
import httpx
import pytest

from local.console.headers import security_headers
from local.console.publishing import WEB, publish
from local.stack import Stack
from tests.stack.backstage import Backstage

MOST_BYTES = 150_000
LIBRARY = WEB / "vendor" / "htm-preact.js"


def test_the_console_is_small() -> None:
    """
    All of it, compressed, weighs less than one photo of a sheet.
    """
    files = [path for path in WEB.rglob("*") if path.suffix in {".js", ".css", ".html", ".svg"}]

    shipped = sum(len(gzip.compress(path.read_bytes())) for path in files)

    assert shipped < MOST_BYTES


def test_what_is_vendored_is_what_is_listed() -> None:
    """
    The library's bytes are those that its list names, with version and licence.
    """
    listed = (WEB / "vendor" / "README.md").read_text()

    assert hashlib.sha256(LIBRARY.read_bytes()).hexdigest() in listed


def test_nothing_on_the_page_comes_from_elsewhere() -> None:
    """
    No file names another origin, and none holds a script or a style inline.
    """
    own = [path for path in WEB.rglob("*") if path.suffix in {".js", ".css", ".html"}]
    texts = {path.name: path.read_text() for path in own if path != LIBRARY}

    assert [name for name, text in texts.items() if re.search(r"https?://", text)] == []
    assert not re.search(r"<style|<script(?![^>]*src=)|\son\w+=|style=", texts["index.html"])


def test_modules_are_asked_for_at_once() -> None:
    """
    Every module of ours is named in the page itself, so that none waits for another to name it.
    """
    page = (WEB / "index.html").read_text()

    named = set(re.findall(r'(?:modulepreload" href|module" src)="([^"]+)"', page))

    assert named == {str(path.relative_to(WEB)) for path in WEB.rglob("*.js")}


def test_this_machine_sends_the_headers_that_cloudfront_sends(console: str, stack: Stack) -> None:
    """
    Page, file and API alike: what a laptop shows works on AWS, and the other way round.
    """
    origins = {"SignIn": stack.endpoint, "Evidence": stack.endpoint}
    expected = security_headers(origins)

    for path in ("/", "/main.js", "/api/v1/training/sessions", "/nothing-here"):
        headers = httpx.get(f"{console}{path}", trust_env=False).headers
        assert {name: headers[name] for name in expected} == expected


@pytest.fixture
def session(stack: Stack) -> boto3.Session:
    """Rights to publish."""
    return stack.session()


def test_publishing_puts_the_page_and_its_configuration_into_the_bucket(
    session: boto3.Session, stack: Stack, backstage: Backstage
) -> None:
    """
    Every file as it is, as the kind it is, asked for anew each time; what is no longer part goes.
    """
    bucket = backstage.resources["WebBucket"]
    backstage.s3.put_object(Bucket=bucket, Key="old.js", Body=b"gone")

    publish(session, stack.stack_name, stack.endpoint)

    keys = {item["Key"] for item in backstage.s3.list_objects_v2(Bucket=bucket)["Contents"]}
    main = backstage.s3.get_object(Bucket=bucket, Key="main.js")
    config = backstage.s3.get_object(Bucket=bucket, Key="config.json")["Body"].read().decode()
    assert "old.js" not in keys
    assert {"index.html", "main.js", "style/page.css", "vendor/htm-preact.js"} < keys
    assert (main["ContentType"], main["CacheControl"]) == ("text/javascript", "no-cache")
    assert main["Body"].read() == (WEB / "main.js").read_bytes()
    assert stack.user_pool_client_id in config
    assert f"https://cognito-idp.{stack.region}.amazonaws.com/" in config
