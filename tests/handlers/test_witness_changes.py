"""The witness as AWS calls it: what is in the bucket then, what is logged, and what is counted."""

import pytest

from shared.messaging.kms import KmsOrigin
from testing.environment import ENVIRONMENT
from tests.handlers.calls import Json, invoke, sample
from tests.handlers.conftest import Console
from tests.handlers.stack import BUCKET, Stack
from tests.handlers.steps import WORKING_AT_HEIGHT


def keys(stack: Stack) -> list[str]:
    """Return the keys of everything in the bucket."""
    return [one["Key"] for one in stack.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def genuine(stack: Stack) -> Json:
    """Return the sample as it is told if its entries were written with this stack's keys."""
    event = sample("witness_changes")
    origin_of = KmsOrigin(lambda: stack.kms, ENVIRONMENT["ORIGIN_KEY"])
    for record in event["Records"]:
        entry = record["dynamodb"]["NewImage"]
        entry["origin"] = {"S": origin_of(entry["sha256"]["S"])}
    return event


def test_entries_of_another_origin_are_noted(stack: Stack, console: Console) -> None:
    """The sample's are those of another stack: they are copied, and noted."""
    invoke("witness_changes", sample("witness_changes"))

    found = [key.split("/")[1] for key in keys(stack)]
    assert found == ["audit", "tampering", "tampering"]
    assert console.counted("TamperNotes") == [2]


@pytest.mark.parametrize("times", [1, 2])
def test_new_entries_are_copied(stack: Stack, console: Console, times: int) -> None:
    """As the stream delivers them, once or twice; there is nothing to count."""
    results = [invoke("witness_changes", genuine(stack)) for _ in range(times)]

    (key,) = keys(stack)
    assert key.startswith(f"witness/audit/{WORKING_AT_HEIGHT}/00000004-00000005-")
    assert results == [{"batchItemFailures": []}] * times
    assert console.counted("TamperNotes") == []


def test_copies_are_locked(stack: Stack) -> None:
    """No one can delete or change one before its time is over."""
    invoke("witness_changes", genuine(stack))

    (key,) = keys(stack)
    head = stack.s3.head_object(Bucket=BUCKET, Key=key)

    assert head["ObjectLockMode"] == "COMPLIANCE"
    assert head["ObjectLockRetainUntilDate"].year == 2036


def test_tampering_is_noted_logged_and_counted(stack: Stack, console: Console) -> None:
    """The log names the note and nothing that is in it."""
    invoke("witness_changes", sample("witness_changes", "record_changed"))

    (key,) = keys(stack)
    (line,) = console.logs
    assert key.startswith(f"witness/tampering/{WORKING_AT_HEIGHT}/20261113T150000Z-")
    assert (line["level"], line["note"]) == ("ERROR", key)
    assert console.counted("TamperNotes") == [1]
    assert "PASSED" not in console.text
