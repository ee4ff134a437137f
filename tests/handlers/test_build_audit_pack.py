"""GET /sessions/{sessionId}/audit-pack over the stack's own bucket."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, unquote, urlsplit
from zipfile import ZipFile

import pytest

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


def test_pack_is_behind_a_short_lived_link(sealed: Stack) -> None:
    """The link gives the zip, with the sheet that was signed."""
    answer = send("build_audit_pack")

    link = urlsplit(answer.body["url"])
    key = unquote(link.path).partition(f"{BUCKET}/")[2] or unquote(link.path).lstrip("/")
    stored = sealed.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert answer.status == 200
    assert parse_qs(link.query)["X-Amz-Expires"] == ["900"]
    with ZipFile(BytesIO(stored)) as archive:
        assert archive.read("sheet.pdf") == PDF


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
