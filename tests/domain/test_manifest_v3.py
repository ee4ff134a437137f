"""
Version 3 of the manifest, byte for byte.

The files `manifest.v3*.json` are rewritten until version 3 is released, and never after.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from shared.domain.canonical import canonical
from shared.domain.manifest import manifest_of, writer_of
from shared.domain.plan import plan_of
from shared.domain.release import Release
from shared.domain.session import DecidedSession, Snapshot
from tests.domain import test_manifest_v2
from tests.domain.test_frozen_manifest import GROWING, later
from tests.domain.test_manifest_v2 import decided_now
from tests.first_release import MINIMAL, MINIMAL_DECISION, SHEET

HERE = Path(__file__).parent
RELEASE = Release(
    version="0123456789abcdef0123456789abcdef01234567",
    python="3.13.5",
    architecture="arm64",
    function_sha256="ab" * 32,
    layer_sha256="cd" * 32,
)


def decided_in_3(snapshot: Snapshot, release: Release | None = None) -> Snapshot:
    """Return what was decided in version 2 as *release* decides it."""
    decision = replace(
        snapshot.session.decided().decision,
        manifest_version=3,
        manifest_sha256="",
        release=release,
    )
    return replace(snapshot, session=replace(snapshot.session, finalization=decision))


OF_2 = test_manifest_v2.SNAPSHOT
SNAPSHOT = decided_in_3(OF_2, RELEASE)
RECORDS = plan_of(SNAPSHOT).records


@pytest.mark.parametrize(
    ("name", "snapshot"),
    [
        ("manifest.v3.json", SNAPSHOT),
        ("manifest.v3.minimal.json", decided_in_3(decided_now(MINIMAL, MINIMAL_DECISION))),
    ],
)
def test_manifest_of_version_3_is_computed_to_the_byte(name: str, snapshot: Snapshot) -> None:
    """With every field, and without any that is optional: of a release that nobody named."""
    assert plan_of(snapshot).manifest == (HERE / name).read_bytes()


def test_version_3_adds_the_release_and_nothing_else() -> None:
    """All that version 2 says is said the same way."""
    before, now = (json.loads(plan_of(one).manifest) for one in (OF_2, SNAPSHOT))

    assert now == before | {"manifestVersion": 3, "release": now["release"]}
    assert set(now["release"].values()) == {
        RELEASE.version,
        RELEASE.python,
        RELEASE.architecture,
        RELEASE.function_sha256,
        RELEASE.layer_sha256,
    }


@pytest.mark.parametrize("kind", [*GROWING, Release])
def test_field_that_is_added_to_a_class_leaves_version_3_as_it_is(kind: type) -> None:
    """A new field of a later release does not change what was signed."""
    decision = SNAPSHOT.session.finalization
    snapshot, sheet, records, decision = later((SNAPSHOT, SHEET, RECORDS, decision), kind)
    assert (snapshot, sheet, records) != (SNAPSHOT, SHEET, RECORDS), "the class is nowhere in it"

    written = manifest_of(
        DecidedSession(snapshot.session, sheet, decision), snapshot.attendees, records
    )

    assert canonical(written) == (HERE / "manifest.v3.json").read_bytes()


def test_records_of_version_3_are_those_of_version_2() -> None:
    """Which software decided stands once, in the manifest that each record names."""
    says = [writer_of(one.session.decided().decision).record for one in (OF_2, SNAPSHOT)]

    assert says[0](RECORDS[0]) == says[1](RECORDS[0])
