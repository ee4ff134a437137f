"""What the first bytes of a file show, and what is said of one that is no sheet."""

import pytest

from shared.domain.evidence import CONTENT_TYPES, HEIC, JPEG, PDF, PNG, TIFF, WEBP
from shared.domain.signatures import sniffed_type, type_fault

FILES = {
    b"%PDF-1.4\n": PDF,
    b"%PDF-2.0 more": PDF,
    b"\xff\xd8\xff\xe0\x00\x10JFIF": JPEG,
    b"\xff\xd8\xff\xe1Exif": JPEG,
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR": PNG,
    b"II*\x00\x08\x00": TIFF,
    b"MM\x00*\x00\x08": TIFF,
    b"RIFF\x24\x00\x00\x00WEBPVP8 ": WEBP,
    b"RIFF\n\n\n\nWEBP": WEBP,
    b"\x00\x00\x00\x18ftypheic\x00": HEIC,
    b"\x00\x00\x00\x18ftypheix": HEIC,
    b"\x00\x00\x00\x1cftyphevc": HEIC,
    b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic": HEIC,
    b"\x00\x00\x00\x18ftypmsf1\x00\x00\x00\x00msf1hevc": HEIC,
    b"\n\n\n\nftypmif1\x00\x00\x00\x00miafheix": HEIC,
    b"\n%PDF-1.4": PDF,
    b"\xef\xbb\xbf%PDF-1.4": PDF,
    b"\x1b%-12345X@PJL SET COPIES=1\r\n%PDF-1.4": PDF,
    b"\0" * 1019 + b"%PDF-": PDF,
}
NO_SHEETS = {
    "nothing": b"",
    "a web page": b"<!DOCTYPE html><html>",
    "a web page that mentions PDF": b"<html>%PDF-1.4",
    "an archive": b"PK\x03\x04\x14\x00",
    "a program": b"MZ\x90\x00\x03",
    "a GIF": b"GIF89a",
    "a video": b"\x00\x00\x00\x18ftypmp42",
    "sound": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "half a PNG signature": b"\x89PNG\r\n",
    "half a JPEG signature": b"\xff\xd8",
    "a PDF signature that comes too late": b"\n" * 1020 + b"%PDF-1.4",
    "an archive that holds a PDF": b"PK\x03\x04" + bytes(26) + b"a.pdf%PDF-1.4",
    "a tar archive that holds a PDF": b"a.pdf".ljust(257, b"\0")
    + b"ustar".ljust(255, b"\0")
    + b"%PDF-",
    "old big TIFF": b"II\x00*",
    "an AVIF picture": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1",
    "an AVIF picture of a neutral first brand": (
        b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif"
    ),
    "a picture that is both AVIF and HEIC": b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00mif1heicavif",
    "a picture of a neutral brand alone": b"\x00\x00\x00\x14ftypmif1\x00\x00\x00\x00mif1",
}


@pytest.mark.parametrize(("first_bytes", "kind"), FILES.items())
def test_sniffed_type_knows_each_type_by_its_first_bytes(first_bytes: bytes, kind: str) -> None:
    """Every type that is accepted is recognized."""
    assert sniffed_type(first_bytes) == kind


@pytest.mark.parametrize("first_bytes", NO_SHEETS.values(), ids=NO_SHEETS.keys())
def test_sniffed_type_knows_nothing_else(first_bytes: bytes) -> None:
    """Bytes of no accepted type have no type."""
    assert sniffed_type(first_bytes) is None


def test_every_accepted_type_can_be_sniffed() -> None:
    """For every accepted type the content is checked, not just the client's word."""
    assert set(FILES.values()) == set(CONTENT_TYPES)


@pytest.mark.parametrize(("first_bytes", "kind"), FILES.items())
def test_type_fault_is_none_for_what_the_file_claims_to_be(first_bytes: bytes, kind: str) -> None:
    """Bytes of the claimed type are no fault."""
    assert type_fault(first_bytes, kind) is None


@pytest.mark.parametrize("first_bytes", NO_SHEETS.values(), ids=NO_SHEETS.keys())
@pytest.mark.parametrize("declared", [PDF, JPEG])
def test_type_fault_is_found_in_what_is_no_sheet(first_bytes: bytes, declared: str) -> None:
    """A web page is a fault under any declared type, and the text says what to do next."""
    fault = type_fault(first_bytes, declared)

    assert fault is not None
    assert "Save the sheet as a PDF or as a picture (JPEG, PNG) and upload it again." in fault


@pytest.mark.parametrize(
    ("first_bytes", "what"),
    [
        (b"II+\x00\x08\x00", "a BigTIFF picture"),
        (b"MM\x00+\x00\x08", "a BigTIFF picture"),
        (NO_SHEETS["an AVIF picture"], "an AVIF picture"),
        (NO_SHEETS["an AVIF picture of a neutral first brand"], "an AVIF picture"),
        (NO_SHEETS["a picture that is both AVIF and HEIC"], "an AVIF picture"),
        (NO_SHEETS["a video"], "a video"),
        (NO_SHEETS["a GIF"], "a GIF picture"),
        (NO_SHEETS["an archive"], "an archive (ZIP) or an Office document"),
        (NO_SHEETS["a tar archive that holds a PDF"], "an archive (7z, RAR, gzip or tar)"),
        (NO_SHEETS["a web page that mentions PDF"], "a web page or an SVG picture"),
        (b"\xef\xbb\xbf <svg xmlns=", "a web page or an SVG picture"),
        (NO_SHEETS["a program"], "a program"),
        (b"{\\rtf1", "a text document (RTF)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
        (b"%!PS-Adobe", "PostScript"),
        (b"BM\x36\x10\x00\x00\x00\x00\x00\x00", "a bitmap (BMP)"),
    ],
)
def test_type_fault_says_what_this_file_is(first_bytes: bytes, what: str) -> None:
    """Whoever sent it learns what they took for a sheet."""
    fault = type_fault(first_bytes, PDF)

    assert fault is not None
    assert fault.startswith(f"The file is {what}")


def test_type_fault_tells_zeros_from_a_file_of_another_kind() -> None:
    """A file that was never filled is not the fault of a program that saves pictures."""
    assert "nothing but zeros" in str(type_fault(bytes(1024), JPEG))


def test_type_fault_of_an_unknown_kind_names_what_a_sheet_may_be() -> None:
    """Of a file that nobody knows, only that can be said."""
    fault = type_fault(b"hello", PDF)

    assert str(fault).startswith(
        "The file is neither a PDF nor a picture (JPEG, PNG, TIFF, WebP, HEIC)."
    )


def test_type_fault_names_claim_and_content() -> None:
    """The text names both types, so that the admin knows what to correct."""
    fault = type_fault(b"\xff\xd8\xff\xe0", PDF)

    assert fault == (
        "The file claims to be application/pdf, but its content is image/jpeg. "
        "Save it under its right type and upload it again."
    )
