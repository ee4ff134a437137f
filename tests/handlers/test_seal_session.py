"""Sealing over the stack's own bucket, trail and key."""

import json

import pytest

from shared.domain.seal_folder import SealPart
from testing.environment import ENVIRONMENT
from tests.handlers import steps
from tests.handlers.calls import Json, invoke, sample
from tests.handlers.conftest import Console
from tests.handlers.stack import BUCKET, Stack
from tests.handlers.steps import WORKING_AT_HEIGHT


def trail(stack: Stack) -> list[Json]:
    """Return the entries of the audit trail, in order."""
    items = sorted(
        stack.items(ENVIRONMENT["AUDIT_TABLE"]), key=lambda one: int(one["sequence"]["N"])
    )
    return [json.loads(item["content"]["S"]) for item in items]


@pytest.fixture
def finalized(stack: Stack) -> Stack:
    """Finalize the session in November, so that its event is published."""
    steps.make_ready(stack)
    steps.finalize()
    return stack


def stored(stack: Stack) -> dict[str, bytes]:
    """Return what is stored under seals/, by the last part of its name."""
    listed = stack.s3.list_objects_v2(Bucket=BUCKET, Prefix="seals/").get("Contents", [])
    return {
        item["Key"].rpartition("/")[2]: stack.s3.get_object(Bucket=BUCKET, Key=item["Key"])[
            "Body"
        ].read()
        for item in listed
    }


def test_seal_signs_with_the_key_of_the_stack(finalized: Stack) -> None:
    """The key that signed is the stack's own, and its public key is stored beside the signature."""
    answer = invoke("seal_session", sample("seal_session"))

    seal = stored(finalized)
    signed = json.loads(seal["manifest.json"])
    sealing = trail(finalized)[-1]
    manifest_hash = sealing["changes"][0]["new"]
    assert answer == {"batchItemFailures": []}
    assert signed["sessionId"] == WORKING_AT_HEIGHT
    # By moto itself, which takes a digest for a message when it signs and when it verifies.
    assert finalized.kms.verify(
        KeyId=ENVIRONMENT["SIGNING_KEY"],
        Message=bytes.fromhex(manifest_hash),
        MessageType="DIGEST",
        SigningAlgorithm="ECDSA_SHA_256",
        Signature=seal["manifest.sig"],
    )["SignatureValid"]
    assert seal["public-key.pem"].startswith(b"-----BEGIN PUBLIC KEY-----\n")


def test_seal_names_itself_in_the_trail(finalized: Stack) -> None:
    """The entry says that it was automatic, and for which event."""
    event = sample("seal_session")
    detail = json.loads(event["Records"][0]["body"])["detail"]

    invoke("seal_session", event)

    entry = trail(finalized)[-1]
    assert (entry["action"], entry["by"]["id"]) == ("SIGNED", "system:seal_session")
    assert entry["requestId"] == detail["eventId"]


def test_seal_before_the_session_is_completed_comes_again(stack: Stack, console: Console) -> None:
    """The message is delivered again, not dropped."""
    steps.make_ready(stack)
    event = sample("seal_session")

    answer = invoke("seal_session", event)

    assert answer == {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]}
    assert console.counted("SessionsSealed") == []
    assert f"SessionNotCompleted: {WORKING_AT_HEIGHT}" in console.logs[-1]["exception"]


def test_seal_is_counted_once(finalized: Stack, console: Console) -> None:
    """A repeat is not counted as a seal."""
    for _ in range(2):
        invoke("seal_session", sample("seal_session"))

    assert console.counted("SessionsSealed") == [1, 0]
    assert stored(finalized).keys() == set(SealPart)
