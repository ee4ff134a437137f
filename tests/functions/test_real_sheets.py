"""Real files of every kind, and files that lie about what they are."""

import hashlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from functions.hash_evidence.use_case import Checking, Fate, hash_evidence
from local.samples.data import sheet_pdf
from shared.domain.evidence import HEIC, JPEG, PDF, PNG, TIFF, WEBP, EvidenceKey, safe_file_name
from tests.builders import SESSION_ID, a_change, a_snapshot, an_upload, an_upload_id
from tests.fakes import World, no_pause

MAX_BYTES = 50 * 1024 * 1024
HTML = b"<!DOCTYPE html><html><body>Signed by everybody</body></html>"


def picture(kind: str, pages: int = 1) -> bytes:
    """Return a picture of so many pages as a camera or a scanner saves it."""
    sheets = [Image.new("RGB", (64, 48), (page * 40, 90, 120)) for page in range(pages)]
    file = BytesIO()
    if pages > 1:
        sheets[0].save(file, kind, save_all=True, append_images=sheets[1:])
    else:
        sheets[0].save(file, kind)
    return file.getvalue()


def heic() -> bytes:
    """Return the head of a picture as a phone saves it; nothing here can draw the rest."""
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(range(256)) * 4


REAL: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a PDF of two pages": (PDF, lambda: picture("PDF", pages=2)),
    "the sample sheet": (PDF, sheet_pdf),
    "a photograph": (JPEG, lambda: picture("JPEG")),
    "a screenshot": (PNG, lambda: picture("PNG")),
    "a scan of three pages": (TIFF, lambda: picture("TIFF", pages=3)),
    "a picture from the web": (WEBP, lambda: picture("WEBP")),
    "a picture from a phone": (HEIC, heic),
}
LIES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a PDF that says it is a picture": (JPEG, sheet_pdf),
    "a picture that says it is a PDF": (PDF, lambda: picture("PNG")),
    "a page of HTML": (PDF, lambda: HTML),
    "nothing": (PDF, lambda: b""),
    "something before the PDF": (PDF, lambda: b"\n" + sheet_pdf()),
}


def sent(data: bytes, kind: str, name: str = "sheet", announced: bytes | None = None) -> World:
    """Let a file arrive as it was announced, and be checked."""
    world = World(a_snapshot(sheet=None))
    key = EvidenceKey(SESSION_ID, an_upload_id(1), safe_file_name(name))
    said = hashlib.sha256(data if announced is None else announced).hexdigest()
    upload = an_upload(1, key=str(key), file_name=name, content_type=kind, sha256=said)
    using = Checking(world.sessions, world.evidence, world.trail, MAX_BYTES, no_pause)
    hash_evidence(world.evidence.add(upload, data), a_change("check"), using)
    return world


def fate(world: World) -> Fate:
    """Return what became of the file."""
    session = world.sessions.load(SESSION_ID)
    return Fate.ACCEPTED if session.sheet else Fate.REJECTED


@pytest.mark.parametrize(("kind", "made"), REAL.values(), ids=REAL.keys())
def test_real_sheet_is_accepted_with_its_hash(kind: str, made: Callable[[], bytes]) -> None:
    """Whatever scanners, phones and offices produce."""
    data = made()

    sheet = sent(data, kind).sessions.load(SESSION_ID).sheet

    assert sheet is not None
    assert (sheet.content_type, sheet.size_bytes) == (kind, len(data))
    assert sheet.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(("kind", "made"), LIES.values(), ids=LIES.keys())
def test_file_that_lies_is_rejected(kind: str, made: Callable[[], bytes]) -> None:
    """The bytes decide."""
    assert fate(sent(made(), kind)) is Fate.REJECTED


@pytest.mark.parametrize("left", [0.5, 0.99])
def test_truncated_upload_is_rejected(left: float) -> None:
    """A connection that broke leaves a file that begins well; its hash is not the announced one."""
    whole = sheet_pdf()

    world = sent(whole[: int(len(whole) * left)], PDF, announced=whole)

    assert fate(world) is Fate.REJECTED


@pytest.mark.parametrize(
    ("size", "expected"), [(MAX_BYTES, Fate.ACCEPTED), (MAX_BYTES + 1, Fate.REJECTED)]
)
def test_size_limit_is_exact(size: int, expected: Fate) -> None:
    """50 MiB, and one byte more."""
    assert fate(sent(b"%PDF-1.7\n".ljust(size, b"\0"), PDF)) is expected


@pytest.mark.parametrize(
    "name",
    [
        "sign-in sheet March.pdf",
        "Übergabe Höhe (3).pdf",
        "高所作業.pdf",
        "../../etc/passwd.pdf",
        "..\\..\\sheet.pdf",
        "a" * 300 + ".pdf",
        "$(rm -rf ~).pdf",
        ".pdf",
    ],
)
def test_names_are_harmless_and_kept(name: str) -> None:
    """The key is one plain segment; the admin finds the file by the name they gave it."""
    sheet = sent(sheet_pdf(), PDF, name).sessions.load(SESSION_ID).sheet

    assert sheet is not None
    assert sheet.file_name == name
    assert EvidenceKey.parse(sheet.key) is not None
    assert sheet.key.count("/") == 3
    assert len(sheet.key.rpartition("/")[2]) <= 100
