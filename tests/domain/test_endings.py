"""Whether a file ends where its format says, however it is cut into pieces while it is read."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shared.domain.endings import ending_of
from shared.domain.evidence import CONTENT_TYPES, HEIC, JPEG, PDF, PNG, TIFF, WEBP

SHEETS = Path(__file__).parents[1] / "functions" / "sheets"
BOX = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


def drawn(kind: str, **options: object) -> bytes:
    """Return a picture with some detail as a program saves it."""
    file = BytesIO()
    Image.effect_noise((80, 60), 40).convert("RGB").save(file, kind, **options)
    return file.getvalue()


FAX = drawn("TIFF", compression="tiff_lzw")
PREVIEW = drawn("JPEG")
APP1 = b"\xff\xe1" + (len(PREVIEW) + 8).to_bytes(2, "big") + b"Exif\x00\x00" + PREVIEW
WITH_PREVIEW = PREVIEW[:2] + APP1 + PREVIEW[2:]
WHOLE = {
    "a scan": (PDF, (SHEETS / "whole.pdf").read_bytes()),
    "a photograph": (JPEG, (SHEETS / "whole.jpg").read_bytes()),
    "a progressive photograph": (JPEG, drawn("JPEG", progressive=True)),
    "a photograph with restarts": (JPEG, drawn("JPEG", restart_marker_blocks=1)),
    "a photograph with a preview in it": (JPEG, WITH_PREVIEW),
    "a photograph with a video behind it": (JPEG, WITH_PREVIEW + b"\0\0\0\x18ftypmp42\xff\xe1\xff"),
    "a screenshot": (PNG, drawn("PNG")),
    "a picture from the web": (WEBP, drawn("WEBP")),
    "a fax": (TIFF, FAX),
    "a phone's picture": (HEIC, BOX + b"\0\0\0\x10mdat" + bytes(8)),
    "a phone's picture of large boxes": (HEIC, BOX + b"\0\0\0\1mdat" + bytes(7) + b"\x14wxyz"),
    "a phone's picture whose last box is open": (HEIC, BOX + b"\0\0\0\0mdatwxyz"),
    "a PDF with a little behind it": (PDF, b"%PDF-1.7\n%%EOF" + bytes(1019)),
}
# A cut at the end of these takes only what follows the sheet, or what its format does not name.
UNNOTICED = {
    "a fax",
    "a PDF with a little behind it",
    "a photograph with a video behind it",
    "a phone's picture whose last box is open",
}
CUT = {
    name: (kind, data[: len(data) - 14])
    for name, (kind, data) in WHOLE.items()
    if name not in UNNOTICED
} | {
    "a photograph without its end mark": (JPEG, (SHEETS / "no-end-mark.jpg").read_bytes()),
    "a photograph half of which is zeros": (JPEG, (SHEETS / "half-then-zeros.jpg").read_bytes()),
    "a fifth of a photograph": (JPEG, (SHEETS / "a-fifth.jpg").read_bytes()),
    "a photograph cut right after its preview": (JPEG, WITH_PREVIEW[: len(APP1) + 2]),
    "a photograph cut in its preview": (JPEG, WITH_PREVIEW[: len(APP1) - 2]),
    "a screenshot without its end": (PNG, (SHEETS / "no-iend.png").read_bytes()),
    "half a scan": (PDF, (SHEETS / "half.pdf").read_bytes()),
    "a PDF with too much behind it": (PDF, b"%PDF-1.7\n%%EOF" + bytes(1020)),
    "a phone's picture of an impossible box": (HEIC, BOX + b"\0\0\0\7mdat"),
    "a fax without the directory of its page": (TIFF, FAX[: int.from_bytes(FAX[4:8], "little")]),
    "the head of a TIFF": (TIFF, b"MM\0*\0\0\0\x08\0"),
    "the head of a WebP": (WEBP, b"RIFF\x24\0\0\0WEBP"),
}


def is_whole(kind: str, pieces: Iterator[bytes]) -> bool:
    """Follow a file to its end."""
    ending = ending_of(kind)
    assert ending is not None
    for piece in pieces:
        ending.feed(piece)
    return ending.is_whole


def cut(data: bytes, size: int) -> Iterator[bytes]:
    """Cut a file into pieces."""
    return (data[at : at + size] for at in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 5, 64, 1 << 20])
@pytest.mark.parametrize(("kind", "data"), WHOLE.values(), ids=WHOLE)
def test_file_that_reaches_its_end_is_whole(kind: str, data: bytes, size: int) -> None:
    """Nothing is said against a sheet as scanners, phones and programs make it."""
    assert is_whole(kind, cut(data, size))


@pytest.mark.parametrize("size", [1, 5, 64, 1 << 20])
@pytest.mark.parametrize(("kind", "data"), CUT.values(), ids=CUT)
def test_file_that_was_cut_off_is_not_whole(kind: str, data: bytes, size: int) -> None:
    """It begins well and opens, but a part of the sheet is missing."""
    assert not is_whole(kind, cut(data, size))


@given(st.sampled_from(sorted(CONTENT_TYPES)), st.binary(max_size=200), st.integers(1, 40))
def test_any_bytes_are_judged_alike_however_they_are_cut(kind: str, data: bytes, size: int) -> None:
    """Pieces are the network's, not the file's."""
    whole = is_whole(kind, cut(data, 1 << 20))

    assert is_whole(kind, cut(data, size)) is whole


@given(st.lists(st.sampled_from([b"\xff", b"\xd9", b"\0", b"\xe1", b"\x02", b"\xd0"]), max_size=12))
def test_marks_of_a_photograph_are_found_across_pieces(parts: list[bytes]) -> None:
    """A mark of two bytes may come in two pieces."""
    data = b"\xff\xd8" + b"".join(parts)

    assert is_whole(JPEG, cut(data, 1)) is is_whole(JPEG, cut(data, 100))


def test_nothing_is_followed_in_what_is_no_sheet() -> None:
    """What is refused for its type needs no other judgement."""
    assert ending_of("text/html") is None
