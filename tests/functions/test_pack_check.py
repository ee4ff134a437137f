"""The check that a pack brings along: in an empty folder, in several shells, on parts of packs."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from shared.domain.canonical import sha256
from testing.builders import RELEASE, an_attendee
from testing.vault import FakeSigner
from tests.functions.packs import INTACT, NOT_INTACT, SHELLS, check, flip, installed, unpack
from tests.functions.sealed import Sealed

SIGNER = FakeSigner()
# What the check reads. People alone read the instructions.
CHECKED = (
    "audit.jsonl",
    "manifest.json",
    "manifest.sig",
    "public-key.pem",
    "sheet.pdf",
    "summary.pdf",
    "summary.sig",
    "trail.sig",
    "witness.jsonl",
)

NOT_THE_SUMMARY = "summary.pdf is not the summary that was signed of manifest.json"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack a pack of a session with a few entries."""
    return unpack(Sealed(signer=SIGNER), tmp_path_factory.mktemp("pack"))


@pytest.fixture
def folder(pristine: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may forge."""
    return Path(shutil.copytree(pristine, tmp_path / "pack"))


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_pack_checks_out_by_its_own_script(pristine: Path, shell: Sequence[str]) -> None:
    """It can be checked with openssl alone, in a folder that holds nothing else."""
    *said, last = check(pristine, installed(shell)).splitlines()

    assert last == INTACT
    assert all(line.startswith(("Compare: ", "Not covered: ")) for line in said)


def test_pack_names_the_software_to_compare(pristine: Path) -> None:
    """The script takes version and hashes from what was signed."""
    said = check(pristine)

    assert f"Compare: version {RELEASE.version} of the software decided" in said
    assert f"its function has SHA-256 {RELEASE.function_sha256}" in said
    assert f"its layer has SHA-256 {RELEASE.layer_sha256}" in said


def test_pack_is_not_checked_without_openssl(pristine: Path, tmp_path: Path) -> None:
    """What could not be checked is neither intact nor broken."""
    for tool in ("sh", "dirname", "cut", "grep", "tr"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))

    ran = subprocess.run(  # noqa: S603 - the check is what is tested
        [tmp_path / "sh", pristine / "verify.sh"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout) == (2, "NOT CHECKED: openssl is missing\n")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the pack of another session of the same company, signed by the same key."""
    sealed = Sealed(title="Another course", data=b"%PDF-1.7 of another session", signer=SIGNER)
    return unpack(sealed, tmp_path_factory.mktemp("other"))


# Sets of files that fit each other; the sheet's signature, so to say, is its hash in the manifest.
PARTS = [
    ("summary.pdf", "summary.sig"),
    ("audit.jsonl", "trail.sig"),
    ("manifest.json", "manifest.sig"),
    ("manifest.json", "manifest.sig", "sheet.pdf"),
    ("manifest.json", "manifest.sig", "sheet.pdf", "summary.pdf", "summary.sig"),
    ("manifest.json", "manifest.sig", "sheet.pdf", "audit.jsonl", "trail.sig"),
    ("audit.jsonl", "trail.sig", "witness.jsonl"),
    *((name,) for name in CHECKED if name != "public-key.pem"),
]


@pytest.mark.parametrize("names", PARTS, ids=" ".join)
def test_pack_with_parts_of_another_session_is_caught(
    folder: Path, other: Path, names: tuple[str, ...]
) -> None:
    """Each part is genuine and signed by the same key, but they do not belong together."""
    for name in names:
        shutil.copy(other / name, folder / name)

    said = check(folder)

    assert said.splitlines()[-1] == NOT_INTACT


def test_manifest_of_another_session_does_not_pass_for_the_summary(
    folder: Path, tmp_path: Path
) -> None:
    """The same key signs both, and in JSON the title can be all that a summary is known by."""
    manifest = sha256((folder / "manifest.json").read_bytes())
    lookalike = Sealed(title=f"/Subject (manifest {manifest})", signer=SIGNER)
    forged = unpack(lookalike, tmp_path / "forged")
    shutil.copy(forged / "manifest.json", folder / "summary.pdf")
    shutil.copy(forged / "manifest.sig", folder / "summary.sig")

    assert NOT_THE_SUMMARY in check(folder)


@pytest.mark.parametrize("name", CHECKED)
def test_pack_that_lacks_a_file_is_caught(folder: Path, name: str) -> None:
    """Nothing can be left out."""
    (folder / name).unlink()

    assert check(folder).splitlines()[-1] == NOT_INTACT


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_script_alone_comes_to_its_end(folder: Path, shell: Sequence[str]) -> None:
    """No shell gives up over files that are not there, which would be no verdict."""
    for name in CHECKED:
        (folder / name).unlink()

    assert check(folder, installed(shell)).splitlines()[-1] == NOT_INTACT


@pytest.mark.parametrize(
    "name", ["manifest.json", "audit.jsonl", "summary.pdf", "sheet.pdf", "witness.jsonl"]
)
def test_pack_with_any_byte_changed_is_caught(folder: Path, name: str) -> None:
    """Each byte counts, at both ends and in between."""
    whole = (folder / name).read_bytes()

    for position in {0, len(whole) // 3, len(whole) - 2}:
        (folder / name).write_bytes(whole)
        flip(folder / name, position)
        assert check(folder).splitlines()[-1] == NOT_INTACT


def test_pack_is_read_to_its_end_however_that_looks(folder: Path) -> None:
    """A last line counts without its newline, and the newline itself says nothing."""
    whole = (folder / "audit.jsonl").read_text()
    (folder / "audit.jsonl").write_text(whole.removesuffix("\n"))

    assert check(folder).splitlines()[-1] == INTACT


def test_pack_is_not_confused_by_names_that_look_like_json(tmp_path: Path) -> None:
    """Quotes in a file name or a remark are escaped, so they are never read as JSON."""
    trick = 'a","sha256":"' + "0" * 64 + '","previous":"' + "1" * 64 + '"'

    folder = unpack(Sealed(people=[an_attendee(1, remarks=trick)], file_name=trick), tmp_path)

    assert check(folder).splitlines()[-1] == INTACT
