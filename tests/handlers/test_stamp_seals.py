"""Stamping over the stack's own bucket, by an authority on this machine."""

import base64
import json
import ssl
from collections.abc import Iterator
from http.server import HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from local.authority.certificates import make_certificates
from local.authority.server import AWAY, Desk
from tests.handlers import steps
from tests.handlers.calls import Json, invoke, sample, send
from tests.handlers.conftest import Change, Console
from tests.handlers.stack import BUCKET, Stack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an authority."""
    folder = tmp_path_factory.mktemp("authority")
    make_certificates(folder)
    return folder


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """Serve it, and return its address."""
    Desk.folder = folder
    server = HTTPServer(("127.0.0.1", 0), Desk)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def sealed(stack: Stack, change_environment: Change, folder: Path, url: str) -> str:
    """Finalize and seal the session in November; return the key of its manifest."""
    root = ssl.PEM_cert_to_DER_cert((folder / "root.pem").read_text())
    change_environment("TIME_STAMP_AUTHORITY_ROOT", base64.b64encode(root).decode())
    change_environment("TIME_STAMP_AUTHORITY_URL", url)
    steps.make_ready(stack)
    steps.finalize()
    invoke("seal_session", sample("seal_session"))
    keys = [one["Key"] for one in stack.s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    return next(key for key in keys if key.endswith("/manifest.json"))


def told(key: str) -> Json:
    """Return the event that tells of *key*, as S3 writes it."""
    event = sample("stamp_seals")
    (record,) = event["Records"]
    body = json.loads(record["body"])
    body["Records"][0]["s3"]["object"]["key"] = key
    record["body"] = json.dumps(body)
    return event


def said_of_the_stamp() -> str:
    """Verify, and return what is said of the time stamp."""
    checks = {check["subject"]: check for check in send("verify_session").body["checks"]}
    return str(checks["TIME_STAMP"]["notes"][0])


def stamps(stack: Stack) -> list[str]:
    """Return the keys of all stamps."""
    listed = stack.s3.list_objects_v2(Bucket=BUCKET, Prefix="stamps/").get("Contents", [])
    return [one["Key"] for one in listed]


def test_notification_leads_to_a_stamp(sealed: str, stack: Stack, console: Console) -> None:
    """It lies beside the seal, and verification finds it and tells its time."""
    before = said_of_the_stamp()

    answer = invoke("stamp_seals", told(sealed))

    assert answer == {"batchItemFailures": []}
    assert stamps(stack) == [f"stamps/{sealed}.tsr"]
    assert before == "it is not stamped yet"
    assert said_of_the_stamp().startswith("it was stamped at")
    assert console.counted("TimeStamps") == [1]


def test_second_notification_changes_nothing(sealed: str, stack: Stack, console: Console) -> None:
    """S3 delivers at least once; the first stamp stays, and is counted once."""
    invoke("stamp_seals", told(sealed))

    assert invoke("stamp_seals", told(sealed)) == {"batchItemFailures": []}
    assert len(stamps(stack)) == 1
    assert console.counted("TimeStamps") == [1, 0]


def test_message_comes_again_while_the_authority_is_away(
    sealed: str, stack: Stack, folder: Path
) -> None:
    """Nothing is stored, and the same message succeeds once it is back."""
    (folder / AWAY).touch()
    event = told(sealed)

    failed = invoke("stamp_seals", event)
    nothing = stamps(stack)
    (folder / AWAY).unlink()
    succeeded = invoke("stamp_seals", event)

    assert failed["batchItemFailures"] == [{"itemIdentifier": event["Records"][0]["messageId"]}]
    assert nothing == []
    assert succeeded == {"batchItemFailures": []}


def test_key_is_read_as_s3_writes_it(sealed: str, stack: Stack) -> None:
    """A blank in a notification is a plus; it is stamped under its own name."""
    assert sealed
    manifest = stack.s3.head_object(Bucket=BUCKET, Key=sealed)
    stack.s3.put_object(
        Bucket=BUCKET,
        Key="reports/by hand.json",
        Body=b"{}",
        ObjectLockMode="COMPLIANCE",
        ObjectLockRetainUntilDate=manifest["ObjectLockRetainUntilDate"],
    )

    invoke("stamp_seals", told("reports/by+hand.json"))

    assert stamps(stack) == ["stamps/reports/by hand.json.tsr"]
