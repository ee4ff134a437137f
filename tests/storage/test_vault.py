"""The `Vault` port, and the bucket's own guards behind it."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from shared.domain.evidence import ObjectVersion
from shared.domain.vault import Vault
from tests.handlers.stack import BUCKET, Stack
from tests.storage.conftest import Stores

KEY = "seals/sess-1/fin-1/manifest.json"
# Real stores compare with the clock of the machine.
UNTIL = datetime.now(UTC).replace(microsecond=0) + timedelta(days=365)


def put(vault: Vault, body: bytes) -> bool:
    """Store something for a year."""
    return vault.put_once(KEY, body, "application/json", UNTIL)


class TestVault:
    """What both vaults keep."""

    def test_put_once_stores(self, stores: Stores) -> None:
        """What was put is read back, byte by byte."""
        assert put(stores.vault, b"{}")
        assert stores.vault.read(KEY) == b"{}"

    def test_put_once_never_replaces(self, stores: Stores) -> None:
        """What is there stays, and whoever comes second is told."""
        put(stores.vault, b"first")

        assert not put(stores.vault, b"second")
        assert stores.vault.read(KEY) == b"first"

    def test_read_of_nothing_is_none(self, stores: Stores) -> None:
        """A seal that is not there yet is no fault."""
        assert stores.vault.read(KEY) is None


def test_put_once_locks_the_version(real: Stores, stack: Stack) -> None:
    """Nobody deletes it before its time, and nobody shortens that."""
    put(real.vault, b"{}")

    head = stack.s3.head_object(Bucket=BUCKET, Key=KEY)

    assert (head["ObjectLockMode"], head["ObjectLockRetainUntilDate"]) == ("COMPLIANCE", UNTIL)
    with pytest.raises(ClientError, match="AccessDenied"):
        stack.s3.delete_object(Bucket=BUCKET, Key=KEY, VersionId=head["VersionId"])


def test_keep_locks_exactly_the_version(real: Stores, stack: Stack) -> None:
    """The version the records rest on is kept, whatever comes after it under the same key."""
    first, second = (
        ObjectVersion("sheet", stack.s3.put_object(Bucket=BUCKET, Key="sheet")["VersionId"])
        for _ in range(2)
    )

    real.vault.keep(first, UNTIL)

    locked, free = (
        stack.s3.head_object(Bucket=BUCKET, Key="sheet", VersionId=version.version_id)
        for version in (first, second)
    )
    assert (locked["ObjectLockMode"], locked["ObjectLockRetainUntilDate"]) == ("COMPLIANCE", UNTIL)
    assert "ObjectLockMode" not in free


def test_keep_never_shortens(real: Stores, stack: Stack) -> None:
    """A longer time that was set before stays, and asking for less is no error."""
    stored = stack.s3.put_object(Bucket=BUCKET, Key="sheet")
    version = ObjectVersion("sheet", stored["VersionId"])
    real.vault.keep(version, UNTIL)

    real.vault.keep(version, UNTIL - timedelta(days=30))

    head = stack.s3.head_object(Bucket=BUCKET, Key="sheet", VersionId=version.version_id)
    assert head["ObjectLockRetainUntilDate"] == UNTIL
