"""The signed sheet: its name, its key, its type and its size."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import UnsupportedEvidence
from shared.domain.evidence import (
    CONTENT_TYPES,
    HEIC,
    JPEG,
    MEBIBYTE,
    PDF,
    PNG,
    TIFF,
    WEBP,
    EvidenceKey,
    accepted_type,
    new_upload_id,
    safe_file_name,
    size_fault,
    sniffed_type,
    type_fault,
)
from tests.builders import NOW

MAX_BYTES = 50 * MEBIBYTE
NAMES = st.text(max_size=40) | st.builds(
    str.__mul__, st.text(min_size=1, max_size=12), st.integers(1, 60)
)
SEGMENTS = st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("sheet.pdf", "sheet.pdf"),
        ("Sign-in_2026.03.10.PDF", "Sign-in_2026.03.10.PDF"),
        ("Sheet of 10 March.pdf", "Sheet-of-10-March.pdf"),
        ("  sheet  .pdf", "sheet-.pdf"),
        ("a\t\n b.pdf", "a-b.pdf"),
        ("Übergabe Höhenarbeit.jpeg", "Ubergabe-Hohenarbeit.jpeg"),
        ("présence.png", "presence.png"),
        ("sheet (1)&?#%.pdf", "sheet-1-.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("C:\\Users\\frank\\sheet.pdf", "sheet.pdf"),
        ("/home/frank/sheet.pdf", "sheet.pdf"),
        (".htaccess", "htaccess"),
        ("--rf.pdf", "rf.pdf"),
        ("sheet.pdf.", "sheet.pdf"),
        ("sheet\x00.pdf", "sheet-.pdf"),
        ("", "sheet"),
        (".", "sheet"),
        ("..", "sheet"),
        ("folder/", "sheet"),
        ("???", "sheet"),
        ("名簿", "sheet"),
        ("\U0001f4c4", "sheet"),
    ],
)
def test_safe_file_name_is_harmless_and_reads_like_the_original(name: str, safe: str) -> None:
    """Folders go, accents are flattened, anything unusual becomes a dash."""
    assert safe_file_name(name) == safe


def test_safe_file_name_cuts_a_long_name_and_keeps_its_ending() -> None:
    """At most 100 characters, and the ending still says what it is."""
    safe = safe_file_name("x" * 300 + ".pdf")

    assert safe == "x" * 89 + ".pdf"


def test_safe_file_name_cuts_a_long_ending() -> None:
    """An ending that is none is cut like the rest: 100 characters in all."""
    safe = safe_file_name("x" * 300 + "." + "y" * 300)

    assert safe == "x" * 89 + "." + "y" * 10


def test_safe_file_name_keeps_a_name_of_just_the_limit() -> None:
    """100 characters are not too many."""
    name = "x" * 96 + ".pdf"

    assert safe_file_name(name) == name


@given(NAMES)
def test_safe_file_name_is_always_one_segment_that_needs_no_escaping(name: str) -> None:
    """Whatever a client calls its file, the key can be put into a URL or a shell as it is."""
    safe = safe_file_name(name)

    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", safe)


@given(NAMES)
def test_safe_file_name_of_a_safe_name_is_itself(name: str) -> None:
    """Passing through twice changes nothing more."""
    safe = safe_file_name(name)

    assert safe_file_name(safe) == safe.strip("-.")


@given(SEGMENTS, SEGMENTS, SEGMENTS)
def test_key_reads_back_as_what_it_was_made_of(session: str, upload: str, name: str) -> None:
    """The key alone says whose sheet it is and when it came."""
    key = EvidenceKey(session, upload, name)

    assert EvidenceKey.parse(str(key)) == key


def test_key_says_session_upload_and_name() -> None:
    """Sheets of one session lie together, in the order they came."""
    assert str(EvidenceKey("s1", "u1", "sheet.pdf")) == "evidence/s1/u1/sheet.pdf"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "sheet.pdf",
        "evidence/s1/sheet.pdf",
        "evidence/s1/u1/",
        "evidence//u1/sheet.pdf",
        "evidence/s1//sheet.pdf",
        "evidence/s1/u1/more/sheet.pdf",
        "/evidence/s1/u1/sheet.pdf",
        "exports/s1/u1/sheet.pdf",
        "my-evidence/s1/u1/sheet.pdf",
    ],
)
def test_key_of_another_object_is_none_of_ours(key: str) -> None:
    """Whatever else lies in the bucket is left alone."""
    assert EvidenceKey.parse(key) is None


@given(
    st.timedeltas(timedelta(0), timedelta(days=9_000)).map(NOW.__add__),
    st.timedeltas(timedelta(microseconds=1), timedelta(days=900)),
    st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
)
def test_upload_ids_sort_by_time_whatever_their_tokens(
    moment: datetime, later: timedelta, one: str, other: str
) -> None:
    """The newest upload is the largest id, to the microsecond."""
    assert new_upload_id(moment, one) < new_upload_id(moment + later, other)


def test_upload_ids_of_one_moment_differ_by_their_token() -> None:
    """Two uploads at once are still two."""
    assert new_upload_id(NOW, "a") != new_upload_id(NOW, "b")


@pytest.mark.parametrize("kind", CONTENT_TYPES)
def test_accepted_type_takes_every_type_a_sheet_may_have(kind: str) -> None:
    """PDF, JPEG, PNG, TIFF, WebP and HEIC, by their registered names."""
    assert accepted_type(kind) == kind


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("image/jpg", JPEG),
        ("image/pjpeg", JPEG),
        ("image/heif", HEIC),
        ("application/x-pdf", PDF),
        ("APPLICATION/PDF", PDF),
        (" image/png ", PNG),
        ("application/pdf; charset=binary", PDF),
        ("image/jpg;q=1", JPEG),
    ],
)
def test_accepted_type_understands_other_spellings(declared: str, kind: str) -> None:
    """What phones and scanners call it counts as what it is."""
    assert accepted_type(declared) == kind


@pytest.mark.parametrize(
    "declared",
    ["", ";", "text/html", "application/zip", "image/gif", "image/svg+xml", "application/pdf2"],
)
def test_accepted_type_refuses_everything_else(declared: str) -> None:
    """A web page or an archive is no signed sheet."""
    with pytest.raises(UnsupportedEvidence, match="Upload a PDF or a picture"):
        accepted_type(declared)


def test_accepted_type_names_what_it_refused() -> None:
    """The person learns what their file claimed to be."""
    with pytest.raises(UnsupportedEvidence) as refusal:
        accepted_type("Text/HTML; charset=utf-8")

    assert "type text/html." in refusal.value.detail


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
    b"\n\n\n\nftypmif1": HEIC,
    b"\x00\x00\x00\x1cftypmsf1": HEIC,
    b"\x00\x00\x00\x1cftyphevc": HEIC,
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
    "a late PDF signature": b"\n%PDF-1.4",
    "old big TIFF": b"II\x00*",
}


@pytest.mark.parametrize(("first_bytes", "kind"), FILES.items())
def test_sniffed_type_knows_each_type_by_its_first_bytes(first_bytes: bytes, kind: str) -> None:
    """Every type that is accepted is recognized."""
    assert sniffed_type(first_bytes) == kind


@pytest.mark.parametrize("first_bytes", NO_SHEETS.values(), ids=NO_SHEETS.keys())
def test_sniffed_type_knows_nothing_else(first_bytes: bytes) -> None:
    """What is none of the accepted types has no type."""
    assert sniffed_type(first_bytes) is None


def test_every_accepted_type_can_be_sniffed() -> None:
    """No type is accepted on the client's word."""
    assert set(FILES.values()) == set(CONTENT_TYPES)


@pytest.mark.parametrize(("first_bytes", "kind"), FILES.items())
def test_type_fault_is_none_for_what_the_file_claims_to_be(first_bytes: bytes, kind: str) -> None:
    """The bytes bear out the claim."""
    assert type_fault(first_bytes, kind) is None


@pytest.mark.parametrize("first_bytes", NO_SHEETS.values(), ids=NO_SHEETS.keys())
@pytest.mark.parametrize("declared", [PDF, JPEG])
def test_type_fault_is_found_in_what_is_no_sheet(first_bytes: bytes, declared: str) -> None:
    """A web page stays a web page whatever it is declared as."""
    fault = type_fault(first_bytes, declared)

    assert fault == "The file is neither a PDF nor a picture (JPEG, PNG, TIFF, WebP, HEIC)."


def test_type_fault_names_claim_and_content() -> None:
    """The admin reads what to mend."""
    fault = type_fault(b"\xff\xd8\xff\xe0", PDF)

    assert fault == (
        "The file claims to be application/pdf, but its content is image/jpeg. "
        "Save it under its right type and upload it again."
    )


@pytest.mark.parametrize("size", [1, 184_320, MAX_BYTES - 1, MAX_BYTES])
def test_size_fault_is_none_up_to_the_limit(size: int) -> None:
    """The largest size allowed is allowed."""
    assert size_fault(size, MAX_BYTES) is None


def test_size_fault_of_nothing_asks_for_another_scan() -> None:
    """An empty file proves nothing."""
    assert size_fault(0, MAX_BYTES) == "The file is empty. Scan or photograph the sheet again."


def test_size_fault_names_size_and_limit() -> None:
    """The admin reads how far over it is, and how to get below."""
    fault = size_fault(60 * MEBIBYTE, MAX_BYTES)

    assert fault == (
        "The file has 60.0 MiB; at most 50 MiB are accepted. Scan it at a lower resolution."
    )


def test_size_fault_begins_one_byte_above_the_limit() -> None:
    """One byte too many is too many."""
    assert size_fault(MAX_BYTES + 1, MAX_BYTES) is not None
