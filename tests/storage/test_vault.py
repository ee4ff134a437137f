"""The `Vault` port, and the bucket's own guards behind it."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from shared.application.ports.vault import Vault
from shared.domain.evidence import ObjectVersion
from shared.domain.seal_folder import SealPart
from tests.handlers.stack import BUCKET, Stack
from tests.storage.conftest import Stores

KEY = "seals/sess-1/manifest.json"
# Real stores compare with the clock of the machine.
UNTIL = datetime.now(UTC).replace(microsecond=0) + timedelta(days=365)


def put(vault: Vault, body: bytes) -> bool:
    """Store something for a year."""
    return vault.put_once(KEY, body, "application/json", UNTIL)


class TestVault:
    """What holds for both vaults."""

    def test_put_once_stores(self, stores: Stores) -> None:
        """The object is read back byte by byte."""
        assert put(stores.vault, b"{}")
        assert stores.vault.read(KEY) == b"{}"

    def test_put_once_never_replaces(self, stores: Stores) -> None:
        """The stored object stays, and the second caller is told so."""
        put(stores.vault, b"first")

        assert not put(stores.vault, b"second")
        assert stores.vault.read(KEY) == b"first"

    def test_read_of_nothing_is_none(self, stores: Stores) -> None:
        """A seal that does not exist yet is no error."""
        assert stores.vault.read(KEY) is None

    def test_kept_until_is_when_it_may_be_deleted(self, stores: Stores) -> None:
        """What is stored beside an object is kept as long as the object itself."""
        put(stores.vault, b"{}")

        assert stores.vault.kept_until(KEY) == UNTIL
        assert stores.vault.kept_until("seals/nothing") is None

    def test_stamp_lies_under_the_name_of_what_it_stamps(self, stores: Stores) -> None:
        """Its key says what it is of, and whose right it is to write it."""
        assert stores.vault.stamp_key(KEY) == f"stamps/{KEY}.tsr"

    def test_seal_folder_has_the_first_version_of_a_part(self, stores: Stores) -> None:
        """It is read by that version."""
        put(stores.vault, b"{}")

        folder = stores.vault.seal_folder("sess-1")

        assert (folder.path, folder.faults) == ("seals/sess-1/", ())
        assert stores.vault.read_version(folder.parts[SealPart.MANIFEST]) == b"{}"

    def test_seal_folder_of_another_session_is_not_looked_into(self, stores: Stores) -> None:
        """Not even if one id begins with the other."""
        put(stores.vault, b"{}")

        assert stores.vault.seal_folder("sess").parts == {}


def test_seal_folder_shows_what_was_put_over_a_part(real: Stores, stack: Stack) -> None:
    """Versions and delete markers are named, in the order they came."""
    put(real.vault, b"{}")
    stack.s3.delete_object(Bucket=BUCKET, Key=KEY)
    over = stack.s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"forged")["VersionId"]

    folder = real.vault.seal_folder("sess-1")

    assert sorted(folder.faults) == [
        f"a delete marker was put over {KEY}",
        f"version {over} was put over {KEY}",
    ]
    assert real.vault.read_version(folder.parts[SealPart.MANIFEST]) == b"{}"


def test_put_once_locks_the_version(real: Stores, stack: Stack) -> None:
    """No one can delete the object early or shorten its retention."""
    put(real.vault, b"{}")

    head = stack.s3.head_object(Bucket=BUCKET, Key=KEY)

    assert (head["ObjectLockMode"], head["ObjectLockRetainUntilDate"]) == ("COMPLIANCE", UNTIL)
    with pytest.raises(ClientError, match="AccessDenied"):
        stack.s3.delete_object(Bucket=BUCKET, Key=KEY, VersionId=head["VersionId"])


def test_keep_locks_exactly_the_version(real: Stores, stack: Stack) -> None:
    """The version that the records rest on is retained; later versions of the key are not."""
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
    """A longer retention that was set before stays, and asking for less is no error."""
    stored = stack.s3.put_object(Bucket=BUCKET, Key="sheet")
    version = ObjectVersion("sheet", stored["VersionId"])
    real.vault.keep(version, UNTIL)

    real.vault.keep(version, UNTIL - timedelta(days=30))

    head = stack.s3.head_object(Bucket=BUCKET, Key="sheet", VersionId=version.version_id)
    assert head["ObjectLockRetainUntilDate"] == UNTIL


def test_keep_sets_whole_seconds(real: Stores, stack: Stack) -> None:
    """S3 tells no less: what is a fraction longer than a retention must not look shorter."""
    stored = stack.s3.put_object(Bucket=BUCKET, Key="sheet")
    version = ObjectVersion("sheet", stored["VersionId"])
    real.vault.keep(version, UNTIL)

    real.vault.keep(version, UNTIL + timedelta(microseconds=1))

    head = stack.s3.head_object(Bucket=BUCKET, Key="sheet", VersionId=version.version_id)
    assert head["ObjectLockRetainUntilDate"] == UNTIL + timedelta(seconds=1)
