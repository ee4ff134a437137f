"""The register of seals and the reports, as both vaults list them."""

from datetime import UTC, date, datetime, timedelta

from shared.storage.register import SealRegister
from tests.handlers.stack import BUCKET, Stack
from tests.storage.conftest import Stores

UNTIL = datetime.now(UTC).replace(microsecond=0) + timedelta(days=365)
DAY = date(2026, 11, 27)


def put(stores: Stores, *keys: str) -> SealRegister:
    """Store something under each key, and return the register over it."""
    for key in keys:
        stores.vault.put_once(key, b"{}", "application/json", UNTIL)
    return SealRegister(stores.vault)


def test_register_lists_the_sessions_of_a_day(stores: Stores) -> None:
    """And of no other day."""
    register = put(stores, "sealed/2026/11/27/s-1", "sealed/2026/11/27/s-2", "sealed/2026/11/2/s-3")

    assert sorted(register.sealed_on(DAY)) == ["s-1", "s-2"]
    assert list(register.sealed_on(DAY - timedelta(days=1))) == []


def test_every_folder_of_a_seal_is_listed_once(stores: Stores) -> None:
    """Those of every release, and what is no seal, too: somebody has to look at it."""
    register = put(
        stores,
        "seals/s-1/manifest.json",
        "seals/s-1/trail.sig",
        "seals/s-2/fin-1/manifest.json",
        "seals/s-3/odd",
    )

    assert sorted(register.sealed()) == ["s-1", "s-2", "s-3"]


def test_sessions_that_got_records_are_listed(stores: Stores) -> None:
    """As the witness saw them written, whatever the database says now."""
    register = put(stores, "witness/records/s-1/ab.jsonl", "witness/audit/s-2/cd.jsonl")

    assert list(register.recorded()) == ["s-1"]


def test_reports_are_listed_with_their_signatures(stores: Stores) -> None:
    """Nothing else in the bucket is."""
    names = ["reports/2026/11/27/024500.json", "reports/2026/11/27/024500.sig"]
    register = put(stores, *names, "stamps/reports/2026/11/27/024500.json.tsr")

    assert sorted(one.version.key for one in register.reports()) == names


def test_delete_markers_hide_nothing(real: Stores, stack: Stack) -> None:
    """What is hidden is found in the register and among the seals."""
    keys = ("sealed/2026/11/27/s-1", "seals/s-1/manifest.json", "reports/2026/11/27/1.json")
    register = put(real, *keys)
    for key in keys:
        stack.s3.delete_object(Bucket=BUCKET, Key=key)

    assert list(register.sealed_on(DAY)) == ["s-1"]
    assert list(register.sealed()) == ["s-1"]
    assert [one.is_marker for one in register.reports()] == [False, True]
