"""Which type of file the first bytes show, and what is wrong with a file that is no sheet."""

import re

from shared.domain.evidence import HEIC, JPEG, PDF, PNG, TIFF, WEBP

# Readers look for the header of a PDF so far into the file (ISO 32000-1, Annex H.3.4.1).
FIRST_BYTES = 1024

_SIGNATURES = (
    (JPEG, re.compile(rb"\xff\xd8\xff")),
    (PNG, re.compile(rb"\x89PNG\r\n\x1a\n")),
    (TIFF, re.compile(rb"II\*\x00|MM\x00\*")),
    (WEBP, re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
)
# ISO 14496-12: a picture names its codec among its brands. mif1 and msf1 stand for any codec.
_HEVC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_AV1 = frozenset({b"avif", b"avis"})

# What people send by mistake. It comes before the search for a PDF's header, because an archive
# or a web page may hold a PDF near its beginning.
_OTHERS = (
    ("a BigTIFF picture, which many programs cannot open", re.compile(rb"II\+\x00|MM\x00\+")),
    ("a GIF picture", re.compile(rb"GIF8")),
    ("a bitmap (BMP)", re.compile(rb"BM.{4}\x00{4}", re.DOTALL)),
    ("an archive (ZIP) or an Office document", re.compile(rb"PK(\x03\x04|\x05\x06)")),
    (
        "an archive (7z, RAR, gzip or tar)",
        re.compile(rb"7z\xbc\xaf|Rar!|\x1f\x8b|.{257}ustar", re.DOTALL),
    ),
    ("an old Office document", re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    ("a text document (RTF)", re.compile(rb"\{\\rtf")),
    ("a web page or an SVG picture", re.compile(rb"(\xef\xbb\xbf)?\s*<[!?a-zA-Z]")),
    ("PostScript", re.compile(rb"%!PS")),
    ("a program", re.compile(rb"MZ|\x7fELF")),
)
_AGAIN = "Save the sheet as a PDF or as a picture (JPEG, PNG) and upload it again."
_NO_SHEET = "The file is neither a PDF nor a picture (JPEG, PNG, TIFF, WebP, HEIC)."


def sniffed_type(first_bytes: bytes) -> str | None:
    """The content type the first bytes show; None if it is not an accepted one."""
    for kind, signature in _SIGNATURES:
        if signature.match(first_bytes):
            return kind
    if _other_kind(first_bytes):
        return None
    if _brands(first_bytes) & _HEVC:
        return HEIC
    return PDF if b"%PDF-" in first_bytes[:FIRST_BYTES] else None


def type_fault(first_bytes: bytes, declared_type: str) -> str | None:
    """
    Say why a file is not of its declared type, in words for the admin; None if it is.

    The bytes decide, not the declaration: a reader who opens the file years later must see what was
    signed.
    """
    found = sniffed_type(first_bytes)
    if found is None:
        return no_sheet_fault(first_bytes)
    if found != declared_type:
        return (
            f"The file claims to be {declared_type}, but its content is {found}. "
            "Save it under its right type and upload it again."
        )
    return None


def no_sheet_fault(first_bytes: bytes) -> str:
    """Say what a file of no accepted type is, and what to do instead."""
    other = _other_kind(first_bytes)
    if other:
        return f"The file is {other}. {_AGAIN}"
    if not first_bytes.strip(b"\0"):
        return f"The file holds nothing but zeros where a picture or a PDF begins. {_AGAIN}"
    return f"{_NO_SHEET} {_AGAIN}"


def _other_kind(first_bytes: bytes) -> str | None:
    """What a file of no accepted type is, with its article; None if that is not known."""
    brands = _brands(first_bytes)
    if brands & _AV1:
        return "an AVIF picture"
    if brands and not brands & _HEVC:
        return "a video, or a picture of a kind that few programs can open"
    return next((name for name, pattern in _OTHERS if pattern.match(first_bytes)), None)


def _brands(first_bytes: bytes) -> frozenset[bytes]:
    """The brands of an ISO media file: the major one, then those it is compatible with."""
    if first_bytes[4:8] != b"ftyp":
        return frozenset()
    size = min(max(int.from_bytes(first_bytes[:4], "big"), 12), FIRST_BYTES)
    listed = first_bytes[8:12] + first_bytes[16:size]
    return frozenset(listed[at : at + 4] for at in range(0, len(listed), 4))
