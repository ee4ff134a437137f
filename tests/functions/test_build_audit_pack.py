"""The pack: checked by its own commands, in an empty folder, and forged in every way."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from functions.build_audit_pack.use_case import Packing, build_audit_pack
from shared.domain.canonical import canonical
from shared.domain.errors import NotFound, SealPending, SessionNotFinalized
from shared.domain.session import SessionStatus
from shared.domain.sheets import SignedRequest
from tests.builders import NOW, PDF_BYTES, SESSION_ID, a_change, an_attendee, attendees
from tests.functions.sealed import Sealed

NAMES = {
    "VERIFY.md",
    "manifest.json",
    "manifest.sig",
    "trail.sig",
    "public-key.pem",
    "audit.jsonl",
    "sheet.pdf",
    "summary.pdf",
}


class FakePacks:
    """The `PackStore` port."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, key: str, file: BinaryIO) -> None:
        """Keep the port."""
        self.files[key] = file.read()

    def link(self, key: str, file_name: str, now: datetime) -> SignedRequest:
        """Keep the port."""
        return SignedRequest("GET", f"https://packs.test/{key}?{file_name}", {}, now)


def packed(sealed: Sealed) -> dict[str, bytes]:
    """Ask for a pack, and return the stored files by their keys."""
    packs, world = FakePacks(), sealed.world
    using = Packing(world.sessions, world.evidence, world.trail, world.vault, packs, BytesIO)
    build_audit_pack(SESSION_ID, "token", NOW, using)
    return packs.files


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack a pack of a session with a few entries."""
    return unpack(Sealed(), tmp_path_factory.mktemp("pack"))


@pytest.fixture
def folder(pristine: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may forge."""
    return Path(shutil.copytree(pristine, tmp_path / "pack"))


def unpack(sealed: Sealed, folder: Path) -> Path:
    """Unpack what was asked for into an empty folder."""
    (data,) = packed(sealed).values()
    with ZipFile(BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder


def read(summary: Path) -> str:
    """Return the text of a PDF, as whoever searches in it finds it."""
    return "\n".join(page.extract_text() for page in PdfReader(summary).pages)


def check(folder: Path, shell: str = "sh") -> str:
    """Paste the pack's own commands into a shell, and return what it says."""
    text = (folder / "VERIFY.md").read_text()
    commands = text.partition("```sh\n")[2].partition("```")[0]
    ran = subprocess.run(  # noqa: S603 - the very point
        [shell, "-c", commands],
        cwd=folder,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout + ran.stderr


def test_pack_holds_everything(pristine: Path) -> None:
    """Sheet, manifest, signatures, key, trail, summary, and how to check them."""
    assert {path.name for path in pristine.iterdir()} == NAMES
    assert (pristine / "sheet.pdf").read_bytes() == PDF_BYTES


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_pack_checks_out_by_its_own_commands(pristine: Path, shell: str) -> None:
    """With openssl and coreutils alone, in a folder that holds nothing else."""
    said = check(pristine, shell)

    assert said.splitlines()[-1] == "INTACT"
    assert "NOT" not in said


def flip(path: Path, position: int = -2) -> None:
    """Flip one bit of one byte."""
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(bytes(data))


def replace_in(path: Path, old: str, new: str) -> None:
    """Exchange a text that is there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def drop_line(path: Path, number: int) -> None:
    """Remove one line."""
    lines = path.read_text().splitlines(keepends=True)
    del lines[number]
    path.write_text("".join(lines))


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
        "does not end as it was signed",
    ),
    "a removed first entry": (
        lambda at: drop_line(at / "audit.jsonl", 0),
        "an entry before this one was changed or removed",
    ),
    "a removed last entry": (
        lambda at: drop_line(at / "audit.jsonl", -1),
        "does not end as it was signed",
    ),
    "an empty trail": (
        lambda at: (at / "audit.jsonl").write_text(""),
        "does not lead to manifest.json",
    ),
    "one bit of the signature": (
        lambda at: flip(at / "manifest.sig"),
        "manifest.json is not what was signed",
    ),
    "no sheet": (lambda at: (at / "sheet.pdf").unlink(), "not the sheet"),
    "another key": (
        lambda at: (at / "public-key.pem").write_bytes(Sealed().world.signer.public_key()),
        "manifest.json is not what was signed",
    ),
}


@pytest.mark.parametrize(("forge", "fault"), FORGERIES.values(), ids=FORGERIES.keys())
def test_pack_that_was_forged_is_caught_by_its_own_commands(
    folder: Path, forge: Callable[[Path], object], fault: str
) -> None:
    """Whatever was changed is named, and nobody reads INTACT."""
    forge(folder)

    said = check(folder)

    assert fault in said
    assert not said.endswith("\nINTACT\n")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the pack of another session of the same company, signed by the same key."""
    sealed = Sealed(title="Another course", data=b"%PDF-1.7 of another session")
    return unpack(sealed, tmp_path_factory.mktemp("other"))


@pytest.mark.parametrize(
    "names",
    [
        ("sheet.pdf",),
        ("audit.jsonl", "trail.sig", "public-key.pem"),
        ("manifest.json", "manifest.sig", "public-key.pem"),
    ],
)
def test_pack_with_parts_of_another_session_is_caught(
    folder: Path, other: Path, names: tuple[str, ...]
) -> None:
    """Each genuine, but they do not belong together."""
    for name in names:
        shutil.copy(other / name, folder / name)

    said = check(folder)

    assert "NOT INTACT" in said
    assert not said.endswith("\nINTACT\n")


def test_pack_is_not_confused_by_names_that_look_like_json(tmp_path: Path) -> None:
    """Quotes in a file name or a remark are escaped, and so never taken for a name."""
    trick = 'a","sha256":"' + "0" * 64 + '","previous":"' + "1" * 64 + '"'

    folder = unpack(Sealed(people=[an_attendee(1, remarks=trick)], file_name=trick), tmp_path)

    assert check(folder).splitlines()[-1] == "INTACT"


def test_pack_of_a_session_with_a_late_sheet_checks_out(tmp_path: Path) -> None:
    """What was noted after the signature follows it in the chain."""
    sealed = Sealed()
    sealed.note_late()

    assert check(unpack(sealed, tmp_path)).splitlines()[-1] == "INTACT"


def test_pack_has_a_trail_of_canonical_lines(pristine: Path) -> None:
    """Each line is an entry, to the byte that was hashed."""
    lines = (pristine / "audit.jsonl").read_bytes().splitlines()

    assert [canonical(json.loads(line)) for line in lines] == lines
    assert [json.loads(line)["action"] for line in lines] == ["REGISTERED", "FINALIZED", "SIGNED"]


def test_pack_has_a_summary_a_person_can_read(pristine: Path) -> None:
    """Names, results, expiry, hashes, who signed off and what that means."""
    text = read(pristine / "summary.pdf")

    for part in (
        "Person 1",
        "PASSED",
        "FAILED",
        "absent",
        "2027-03-10",
        "Frank Okafor",
        "I attest",
    ):
        assert part in text
    assert json.loads((pristine / "manifest.json").read_bytes())["evidence"]["sha256"] in text


@pytest.mark.parametrize("name", ["Łukasz Żółć", "Siân Ødegård", "Ольга Петрова", "Ελένη Παππά"])
def test_summary_shows_a_name_in_its_own_letters(name: str, tmp_path: Path) -> None:
    """A record of somebody whose name cannot be read is a record of nobody."""
    folder = unpack(Sealed(people=[an_attendee(name=name)]), tmp_path)

    assert name in read(folder / "summary.pdf")


def test_summary_shows_long_names_whole(tmp_path: Path) -> None:
    """What does not fit its column goes on below; nothing is cut off."""
    name = "Maria Fernanda Guadalupe de la Concepción Villanueva-Echeverría y Ordóñez"
    folder = unpack(Sealed(people=[an_attendee(name=name), an_attendee(2)]), tmp_path)

    words = read(folder / "summary.pdf").split()

    assert set(name.split()) <= set(words)


def test_pack_has_a_name_nobody_guesses() -> None:
    """Under packs/, which forgets after a day."""
    (key,) = packed(Sealed())

    assert key == f"packs/{SESSION_ID}/fin-1/token/audit-pack.zip"


@pytest.mark.parametrize("part", ["manifest", "signature", "trail_signature", "public_key"])
def test_pack_waits_for_the_signature(part: str) -> None:
    """A pack that proves nothing is not handed out."""
    sealed = Sealed()
    del sealed.world.vault.objects[getattr(sealed.keys, part)]

    with pytest.raises(SealPending):
        packed(sealed)


def test_pack_of_a_session_that_is_not_finalized_is_refused() -> None:
    """Nothing about it is final yet."""
    sealed = Sealed()
    sealed.store(status=SessionStatus.FINALIZING)

    with pytest.raises(SessionNotFinalized):
        packed(sealed)


def test_pack_of_an_unknown_session_is_not_found() -> None:
    """There is nothing to pack."""
    sealed = Sealed()
    world = sealed.world
    using = Packing(world.sessions, world.evidence, world.trail, world.vault, FakePacks(), BytesIO)

    with pytest.raises(NotFound):
        build_audit_pack("nowhere", "token", NOW, using)


@pytest.mark.torture
def test_pack_of_ten_thousand_people_checks_out(tmp_path: Path) -> None:
    """As large as a session may be."""
    sealed = Sealed(people=attendees(10_000))

    folder = unpack(sealed, tmp_path)

    assert check(folder).splitlines()[-1] == "INTACT"
    assert len(PdfReader(folder / "summary.pdf").pages) > 100
    assert a_change().request_id in (folder / "audit.jsonl").read_text()
