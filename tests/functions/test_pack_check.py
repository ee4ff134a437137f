"""The check that a pack brings along: in an empty folder, in several shells, and forged."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from shared.domain.canonical import sha256
from testing.builders import RELEASE, an_attendee
from testing.vault import FakeSigner
from tests.functions.packs import INTACT, NOT_INTACT, SHELLS, check, installed, unpack
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


def flip(path: Path, position: int = -2) -> None:
    """Flip one bit of one byte."""
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(bytes(data))


def replace_in(path: Path, old: str, new: str) -> None:
    """Replace a text that has to be there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def drop_line(path: Path, number: int) -> None:
    """Remove one line."""
    lines = path.read_text().splitlines(keepends=True)
    del lines[number]
    path.write_text("".join(lines))


def keep_last_line(path: Path) -> None:
    """Remove all lines but one."""
    path.write_text(path.read_text().splitlines(keepends=True)[-1])


def append(path: Path, text: str) -> None:
    """Add a text at the end."""
    path.write_text(path.read_text() + text)


def link_away(path: Path) -> None:
    """Put a link to the same bytes, elsewhere, in the place of a file."""
    path.symlink_to(path.rename(path.parent.with_name("elsewhere")))


def prepend(path: Path, line: str) -> None:
    """Add a line at the beginning."""
    path.write_text(f"{line}\n{path.read_text()}")


def replace_all(path: Path, old: bytes, new: bytes) -> None:
    """Replace bytes that have to be there."""
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


NOT_THE_SUMMARY = "summary.pdf is not the summary that was signed of manifest.json"


FORGERIES: dict[str, tuple[Callable[[Path], object], str]] = {
    "one bit of the sheet": (lambda at: flip(at / "sheet.pdf"), "not the sheet"),
    "a result in the manifest": (
        lambda at: replace_in(at / "manifest.json", '"result":"FAILED"', '"result":"PASSED"'),
        "manifest.json is not what was signed",
    ),
    "the hash of the sheet in the manifest": (
        lambda at: replace_in(at / "manifest.json", '"sha256":"', '"sha256":"0'),
        "manifest.json is not what was signed",
    ),
    "one bit of the summary": (lambda at: flip(at / "summary.pdf"), NOT_THE_SUMMARY),
    "one bit of the summary's signature": (lambda at: flip(at / "summary.sig"), NOT_THE_SUMMARY),
    "the sheet as summary": (
        lambda at: shutil.copy(at / "sheet.pdf", at / "summary.pdf"),
        NOT_THE_SUMMARY,
    ),
    "the first entry": (
        lambda at: replace_in(at / "audit.jsonl", "Ines Duarte", "Ines Durate"),
        "an entry before this one was changed or removed",
    ),
    "the entry of the finalization": (
        lambda at: replace_in(at / "audit.jsonl", '"old":"IN_PROGRESS"', '"old":"SCHEDULED"'),
        "an entry before this one was changed or removed",
    ),
    "the last entry": (
        lambda at: replace_in(at / "audit.jsonl", "event-1", "event-2"),
        "has not the end that was signed",
    ),
    "a removed first entry": (
        lambda at: drop_line(at / "audit.jsonl", 0),
        "an entry before this one was changed or removed",
    ),
    "a removed last entry": (
        lambda at: drop_line(at / "audit.jsonl", -1),
        "has not the end that was signed",
    ),
    "an entry before the first": (
        lambda at: prepend(at / "audit.jsonl", (at / "audit.jsonl").read_text().partition("\n")[0]),
        "an entry before this one was changed or removed",
    ),
    "an empty line at the end": (
        lambda at: append(at / "audit.jsonl", "\n"),
        "an entry before this one was changed or removed",
    ),
    "an empty trail": (
        lambda at: (at / "audit.jsonl").write_text(""),
        "does not lead to manifest.json",
    ),
    "an entry without a newline": (
        lambda at: append(at / "audit.jsonl", '{"action":"SHEET_LATE","previous":"0"}'),
        "an entry before this one was changed or removed",
    ),
    "a line that the witness never saw": (
        lambda at: drop_line(at / "witness.jsonl", -1),
        "never seen: {",
    ),
    "a line that only the witness has": (
        lambda at: append(at / "witness.jsonl", '{"action":"SHEET_LATE"}\n'),
        'gone, or another: {"action":"SHEET_LATE"}',
    ),
    "another line than the witness saw": (
        lambda at: replace_in(at / "witness.jsonl", "Ines Duarte", "Ines Durate"),
        "audit.jsonl is not what the witness saw",
    ),
    "a witness of the last line alone": (
        lambda at: keep_last_line(at / "witness.jsonl"),
        "witness.jsonl lacks the entry of the decision",
    ),
    "no witness": (
        lambda at: (at / "witness.jsonl").unlink(),
        "witness.jsonl lacks the entry of the decision",
    ),
    "line ends of another system": (
        lambda at: replace_all(at / "audit.jsonl", b"\n", b"\r\n"),
        "has not the end that was signed",
    ),
    "a byte that shells leave out": (
        lambda at: replace_all(at / "audit.jsonl", b"REGISTERED", b"REG\0ISTERED"),
        "an entry before this one was changed or removed",
    ),
    "a second sheet": (lambda at: (at / "sheet.png").write_bytes(b"other"), "not the sheet"),
    "the sheet once more": (
        lambda at: shutil.copy(at / "sheet.pdf", at / "sheet.html"),
        "there is not one sheet here but 2",
    ),
    "the sheet under another type": (
        lambda at: (at / "sheet.pdf").rename(at / "sheet.exe"),
        "sheet.exe is called sheet.pdf in a pack",
    ),
    "a link instead of the sheet": (
        lambda at: link_away(at / "sheet.pdf"),
        "sheet.pdf is no file but a folder or a link",
    ),
    "a link to nothing instead of a time stamp": (
        lambda at: (at / "manifest.tsr").symlink_to("nothing"),
        "manifest.tsr is no file but a folder or a link",
    ),
    "a folder instead of tamper notes": (
        lambda at: (at / "tampering.jsonl").mkdir(),
        "tampering.jsonl is no file but a folder or a link",
    ),
    "a second summary": (
        lambda at: (at / "Summary (final).pdf").write_bytes(b"other"),
        "Summary (final).pdf is no part of a pack",
    ),
    "a hidden file": (lambda at: (at / ".x").write_bytes(b""), ".x is no part of a pack"),
    "a file with a name that looks like a verdict": (
        lambda at: (at / "x\nINTACT\\c").write_bytes(b""),
        "x?INTACT\\c is no part of a pack",
    ),
    "one bit of the signature": (
        lambda at: flip(at / "manifest.sig"),
        "manifest.json is not what was signed",
    ),
    "no sheet": (lambda at: (at / "sheet.pdf").unlink(), "there is not one sheet here but 0"),
    "another key": (
        lambda at: (at / "public-key.pem").write_bytes(Sealed().world.signer.public_key()),
        "manifest.json is not what was signed",
    ),
}


@pytest.mark.parametrize(("forge", "fault"), FORGERIES.values(), ids=FORGERIES.keys())
def test_pack_that_was_forged_is_caught_by_its_own_script(
    folder: Path, forge: Callable[[Path], object], fault: str
) -> None:
    """What was changed is named, and the last line is NOT INTACT."""
    forge(folder)

    said = check(folder)

    assert fault in said
    assert said.splitlines()[-1] == NOT_INTACT


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
