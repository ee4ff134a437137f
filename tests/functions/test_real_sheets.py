"""Real files of every kind, and files that lie about what they are."""

import hashlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter

from functions.hash_evidence.locked_pdf import needs_password
from functions.hash_evidence.use_case import CheckOutcome, hash_evidence
from local.samples.data import sheet_pdf
from shared.application.ports.evidence import SheetAddress
from shared.domain.errors import Busy
from shared.domain.evidence import HEIC, JPEG, PDF, PNG, TIFF, WEBP, safe_file_name
from shared.storage.evidence import address_of, key_of
from testing import arrivals
from testing.builders import SESSION_ID, a_change, a_snapshot, an_upload, an_upload_id
from testing.fakes import FakeWiring

SHEETS = Path(__file__).with_name("sheets")
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
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x04\x08mdat" + bytes(1024)


def stored(name: str) -> bytes:
    """Return a file as somebody sent it."""
    return (SHEETS / name).read_bytes()


def encrypted(method: str, user_password: str) -> bytes:
    """Return a PDF that its owner protects, and its readers with that password."""
    file, writer = BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt(user_password, "of the owner", algorithm=method)
    writer.write(file)
    return file.getvalue()


REAL: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a PDF of two pages": (PDF, lambda: picture("PDF", pages=2)),
    "the sample sheet": (PDF, sheet_pdf),
    "a photograph": (JPEG, lambda: picture("JPEG")),
    "a screenshot": (PNG, lambda: picture("PNG")),
    "a scan of three pages": (TIFF, lambda: picture("TIFF", pages=3)),
    "a picture from the web": (WEBP, lambda: picture("WEBP")),
    "a picture from a phone": (HEIC, heic),
    "something before the PDF": (PDF, lambda: b"\n" + sheet_pdf()),
    "a byte order mark before the PDF": (PDF, lambda: stored("bom.pdf")),
    "a line end before the PDF": (PDF, lambda: stored("crlf-lead.pdf")),
    "a whole scan": (PDF, lambda: stored("whole.pdf")),
    "a whole photograph": (JPEG, lambda: stored("whole.jpg")),
}
EARLY = {
    "no-end-mark.jpg": JPEG,
    "half-then-zeros.jpg": JPEG,
    "a-fifth.jpg": JPEG,
    "no-iend.png": PNG,
    "half.pdf": PDF,
}
REFUSED = {
    "mif1-major.avif": (HEIC, "The file is an AVIF picture."),
    "a.avif": (HEIC, "The file is an AVIF picture."),
    "big.tiff": (TIFF, "The file is a BigTIFF picture"),
    "encrypted.pdf": (PDF, "The PDF opens only with a password"),
}
LIES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a PDF that says it is a picture": (JPEG, sheet_pdf),
    "a picture that says it is a PDF": (PDF, lambda: picture("PNG")),
    "a page of HTML": (PDF, lambda: HTML),
    "nothing": (PDF, lambda: b""),
}


def sent(data: bytes, kind: str, name: str = "sheet", announced: bytes | None = None) -> FakeWiring:
    """Let a file arrive as it was announced, and be checked."""
    world = FakeWiring(a_snapshot(sheet=None))
    key = key_of(SheetAddress(SESSION_ID, an_upload_id(1), safe_file_name(name)))
    said = hashlib.sha256(data if announced is None else announced).hexdigest()
    upload = an_upload(1, key=key, file_name=name, content_type=kind, sha256=said)
    hash_evidence(arrivals.sent(world, upload, data), a_change("check"), world)
    return world


def outcome(world: FakeWiring) -> CheckOutcome:
    """Return the outcome of the check."""
    session = world.sessions.load(SESSION_ID)
    return CheckOutcome.ACCEPTED if session.sheet else CheckOutcome.REJECTED


@pytest.mark.parametrize(("kind", "made"), REAL.values(), ids=REAL.keys())
def test_real_sheet_is_accepted_with_its_hash(kind: str, made: Callable[[], bytes]) -> None:
    """All that scanners, phones and office programs produce is accepted."""
    data = made()

    sheet = sent(data, kind).sessions.load(SESSION_ID).sheet

    assert sheet is not None
    assert (sheet.content_type, sheet.size_bytes) == (kind, len(data))
    assert sheet.sha256 == hashlib.sha256(data).hexdigest()
    assert sheet.ends_early is None


@pytest.mark.parametrize(("name", "kind"), EARLY.items())
def test_sheet_that_ends_early_is_accepted_with_a_note(name: str, kind: str) -> None:
    """A part of it is missing, which only a person can judge who sees it."""
    sheet = sent(stored(name), kind).sessions.load(SESSION_ID).sheet

    assert sheet is not None
    assert sheet.ends_early is True


@pytest.mark.parametrize(("name", "kind", "reason"), [(n, *v) for n, v in REFUSED.items()])
def test_file_that_is_refused_says_what_is_wrong_with_it(name: str, kind: str, reason: str) -> None:
    """The reason is about this file, not about what a sheet may be."""
    rejection = sent(stored(name), kind).sessions.load(SESSION_ID).rejection

    assert rejection is not None
    assert rejection.reason.startswith(reason)


@pytest.mark.parametrize("method", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_pdf_that_opens_without_a_password_is_accepted(method: str) -> None:
    """An owner's password only restricts printing and changing."""
    assert outcome(sent(encrypted(method, ""), PDF)) is CheckOutcome.ACCEPTED
    assert outcome(sent(encrypted(method, "secret"), PDF)) is CheckOutcome.REJECTED


def test_pdf_that_cannot_be_read_again_is_not_taken_for_an_open_one() -> None:
    """That the bucket does not answer says nothing about the file: the check is repeated."""

    def interrupted() -> Iterator[bytes]:
        yield encrypted("AES-256", "secret")[:100]
        raise Busy

    with pytest.raises(Busy):
        needs_password(interrupted())


@pytest.mark.parametrize(
    ("trailer", "expected"),
    [
        (b"trailer << /Encrypt 9 0 R >>", CheckOutcome.ACCEPTED),
        (
            b"trailer << /Encrypt << /Filter /Adobe.PubSec >> /ID [<00><00>] >>",
            CheckOutcome.REJECTED,
        ),
        (b"(about /Encrypt)", CheckOutcome.ACCEPTED),
    ],
)
def test_pdf_is_called_locked_only_if_that_is_known(trailer: bytes, expected: CheckOutcome) -> None:
    """Of a broken file nothing is claimed; one for certificates nobody else can open."""
    data = b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \n" + trailer + b"\nstartxref\n9\n%%EOF\n"

    assert outcome(sent(data, PDF)) is expected


@pytest.mark.parametrize(("kind", "made"), LIES.values(), ids=LIES.keys())
def test_file_that_lies_is_rejected(kind: str, made: Callable[[], bytes]) -> None:
    """The type is decided by the bytes."""
    assert outcome(sent(made(), kind)) is CheckOutcome.REJECTED


@pytest.mark.parametrize("left", [0.5, 0.99])
def test_truncated_upload_is_rejected(left: float) -> None:
    """A file cut off by a broken connection begins well, but does not have the announced hash."""
    whole = sheet_pdf()

    world = sent(whole[: int(len(whole) * left)], PDF, announced=whole)

    assert outcome(world) is CheckOutcome.REJECTED


@pytest.mark.parametrize(
    ("size", "expected"),
    [(MAX_BYTES, CheckOutcome.ACCEPTED), (MAX_BYTES + 1, CheckOutcome.REJECTED)],
)
def test_size_limit_is_exact(size: int, expected: CheckOutcome) -> None:
    """50 MiB, and one byte more."""
    assert outcome(sent(b"%PDF-1.7\n".ljust(size, b"\0"), PDF)) is expected


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
    """The key is one plain segment; the admin sees the original name."""
    sheet = sent(sheet_pdf(), PDF, name).sessions.load(SESSION_ID).sheet

    assert sheet is not None
    assert sheet.file_name == name
    assert address_of(sheet.key) is not None
    assert sheet.key.count("/") == 3
    assert len(sheet.key.rpartition("/")[2]) <= 100
