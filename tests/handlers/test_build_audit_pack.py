"""GET /sessions/{sessionId}/audit-pack over the stack's own bucket."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, unquote, urlsplit
from zipfile import ZipFile

import pytest

from shared.domain.canonical import sha256
from shared.runtime import clock
from shared.runtime.wiring import wiring
from testing.builders import a_run
from tests.handlers import steps
from tests.handlers.calls import invoke, sample, send
from tests.handlers.conftest import Console
from tests.handlers.stack import BUCKET, Stack
from tests.handlers.steps import PDF, WORKING_AT_HEIGHT


@pytest.fixture
def sealed(stack: Stack) -> Stack:
    """Finalize and seal the session in November, under the eyes of the witness."""
    steps.make_ready(stack)
    steps.finalize()
    invoke("seal_session", sample("seal_session"))
    run = a_run(*wiring().trail.entries(WORKING_AT_HEIGHT))
    wiring().witness.keep_entries(run, clock.now() + timedelta(days=1))
    return stack


def stored_at(url: str, stack: Stack) -> bytes:
    """Return what lies behind a link."""
    path = unquote(urlsplit(url).path)
    key = path.partition(f"{BUCKET}/")[2] or path.lstrip("/")
    return bytes(stack.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())


def test_pack_is_behind_a_short_lived_link(sealed: Stack) -> None:
    """The link gives the zip, with the sheet that was signed."""
    answer = send("build_audit_pack")

    stored = stored_at(answer.body["url"], sealed)
    assert answer.status == 200
    assert parse_qs(urlsplit(answer.body["url"]).query)["X-Amz-Expires"] == ["900"]
    with ZipFile(BytesIO(stored)) as archive:
        assert archive.read("sheet.pdf") == PDF


def test_answer_names_the_hash_of_the_pack(sealed: Stack, console: Console) -> None:
    """What was given out is known by it, also from the log: nobody takes anything out unnoticed."""
    answer = send("build_audit_pack")

    stored = stored_at(answer.body["url"], sealed)
    (line,) = (line for line in console.logs if line["message"] == "audit pack given")
    assert answer.body["sha256"] == line["pack_sha256"] == sha256(stored)


def test_pack_before_the_signature_is_refused(stack: Stack) -> None:
    """The refusal says that the signature is made in a moment."""
    steps.make_ready(stack)
    steps.finalize()

    answer = send("build_audit_pack")

    assert (answer.status, answer.slug) == (409, "seal-pending")


@pytest.mark.usefixtures("sealed")
def test_pack_says_in_the_log_who_got_what(console: Console) -> None:
    """The log has the caller, the session and the manifest's hash."""
    answer = send("build_audit_pack")

    (line,) = (line for line in console.logs if line["message"] == "audit pack given")
    assert line["session_id"] == WORKING_AT_HEIGHT
    assert line["manifest_sha256"] == answer.body["manifestSha256"]
    assert line["actor"]
