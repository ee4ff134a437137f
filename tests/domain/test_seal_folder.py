"""The folder of a seal: one seal for good, and everything else in it is named."""

from datetime import timedelta

import pytest

from shared.domain.evidence import ObjectVersion
from shared.domain.seal_folder import SealFolder, SealPart, seal_folder
from shared.domain.stored_versions import StoredVersion
from testing.builders import NOW

ROOT = "seals/sess-1/"
FIRST_RELEASE = f"{ROOT}fin-1/"
COMPLETE = ("manifest.json", "public-key.pem", "manifest.sig", "trail.sig")


def stored(*names: str, path: str = ROOT, after: int = 0) -> list[StoredVersion]:
    """Return first versions under *path*, stored one a second, from *after* seconds on."""
    return [
        StoredVersion(ObjectVersion(f"{path}{name}", "1"), NOW + timedelta(seconds=after + number))
        for number, name in enumerate(names)
    ]


def later(name: str, *, is_marker: bool = False) -> StoredVersion:
    """Return a second version of a part."""
    version = ObjectVersion(f"{ROOT}{name}", "2")
    return StoredVersion(version, NOW + timedelta(days=1), is_marker)


def found(*versions: StoredVersion) -> SealFolder:
    """Return the seal among the versions."""
    return seal_folder(ROOT, versions)


def test_seal_lies_in_the_folder_of_its_session() -> None:
    """A new one will lie there, too."""
    assert found() == SealFolder(ROOT, {}, ())
    assert found().key(SealPart.MANIFEST) == "seals/sess-1/manifest.json"


@pytest.mark.parametrize("path", [ROOT, FIRST_RELEASE])
def test_seal_of_every_release_is_found(path: str) -> None:
    """Those of the first release stay where they are."""
    folder = found(*stored(*COMPLETE, path=path))

    assert (folder.path, folder.faults) == (path, ())
    assert {part: version.key for part, version in folder.parts.items()} == {
        part: f"{path}{part}" for part in SealPart if part in COMPLETE
    }


def test_summary_is_part_of_the_seal() -> None:
    """It is signed like the rest."""
    assert found(*stored(*SealPart)).faults == ()


def test_part_is_the_version_that_was_stored_first() -> None:
    """What was put over it is named, and nobody compares with it."""
    folder = found(*stored(*COMPLETE), later("manifest.json"))

    assert folder.parts[SealPart.MANIFEST] == ObjectVersion(f"{ROOT}manifest.json", "1")
    assert folder.faults == (f"version 2 was put over {ROOT}manifest.json",)


def test_delete_marker_is_named_and_hides_nothing() -> None:
    """The part is read all the same."""
    folder = found(*stored(*COMPLETE), later("trail.sig", is_marker=True))

    assert SealPart.TRAIL_SIGNATURE in folder.parts
    assert folder.faults == (f"a delete marker was put over {ROOT}trail.sig",)


@pytest.mark.parametrize(("true", "forged"), [(ROOT, FIRST_RELEASE), (FIRST_RELEASE, ROOT)])
def test_true_seal_is_the_one_that_was_there_first(true: str, forged: str) -> None:
    """The other one is named by its folder."""
    folder = found(*stored(*COMPLETE, path=forged, after=60), *stored(*COMPLETE, path=true))

    assert folder.path == true
    assert folder.faults == (f"a second seal lies in {forged}",)


def test_begun_seal_is_the_true_one_also_if_another_is_complete() -> None:
    """The manifest comes first, and decides."""
    begun = stored("manifest.json", path=FIRST_RELEASE)

    folder = found(*begun, *stored(*COMPLETE, after=60))

    assert folder.path == FIRST_RELEASE


@pytest.mark.parametrize("key", ["notes.txt", "fin-1/manifest.sig", "manifest.json/", ""])
def test_whatever_else_lies_there_is_named(key: str) -> None:
    """No unknown name is overlooked, however deep it lies."""
    folder = found(*stored(*COMPLETE), *stored(key, after=60))

    (fault,) = folder.faults
    assert folder.path == ROOT
    assert key in fault


def test_deeper_manifest_is_never_the_seal() -> None:
    """Not even if it was there first."""
    deep = stored("manifest.json", path=f"{FIRST_RELEASE}deeper/")

    folder = found(*deep, *stored(*COMPLETE, after=60))

    assert folder.path == ROOT
    assert folder.faults == (f"a second seal lies in {FIRST_RELEASE}deeper/",)


def test_marker_alone_is_no_seal() -> None:
    """Nothing was ever stored, but somebody tried to hide something."""
    folder = found(later("manifest.json", is_marker=True))

    assert (folder.parts, len(folder.faults)) == ({}, 1)
