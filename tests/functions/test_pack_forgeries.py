"""Packs in which something was changed, left out or added, and what their own check says of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.functions.packs import INTACT, NOT_INTACT, check, flip, unpack
from tests.functions.sealed import Sealed

NOT_THE_SUMMARY = "summary.pdf is not the summary that was signed of manifest.json"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack a pack of a session with a few entries."""
    return unpack(Sealed(), tmp_path_factory.mktemp("pack"))


@pytest.fixture
def folder(pristine: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may forge."""
    return Path(shutil.copytree(pristine, tmp_path / "pack"))


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
    "a second sheet": (
        lambda at: (at / "sheet.png").write_bytes(b"other"),
        "sheet.png is called sheet.pdf in a pack",
    ),
    "a sheet with a name that moves the cursor": (
        lambda at: (at / "sheet.\x1b[2J").mkdir(),
        "sheet.?[2J is no file",
    ),
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


def test_what_the_signature_does_not_cover_is_counted(tmp_path: Path) -> None:
    """A late sheet that is taken out of both trails is missed by nobody; a new pack has it."""
    sealed = Sealed()
    sealed.note_late()
    folder = unpack(sealed, tmp_path)
    for name in ("audit.jsonl", "witness.jsonl"):
        drop_line(folder / name, -1)

    said = check(folder)

    assert "Not covered: entries after the signature (here 0)" in said
    assert said.splitlines()[-1] == INTACT
