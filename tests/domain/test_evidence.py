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
    accepted_type,
    new_upload_id,
    safe_file_name,
    size_fault,
)
from testing.builders import NOW

MAX_BYTES = 50 * MEBIBYTE
NAMES = st.text(max_size=40) | st.builds(
    str.__mul__, st.text(min_size=1, max_size=12), st.integers(1, 60)
)


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
        ("X-ray.pdf", "X-ray.pdf"),
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
    safe = safe_file_name("10.3." + "x" * 300 + ".pdf")

    assert safe == "10.3." + "x" * 84 + ".pdf"


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
    """Any name a client sends gives a key that fits a URL or a shell as it is."""
    safe = safe_file_name(name)

    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", safe)


@given(NAMES)
def test_safe_file_name_of_a_safe_name_is_itself(name: str) -> None:
    """Making a safe name safe again changes nothing."""
    safe = safe_file_name(name)

    assert safe_file_name(safe) == safe.strip("-.")


@given(
    st.timedeltas(timedelta(0), timedelta(days=9_000)).map(NOW.__add__),
    st.timedeltas(timedelta(microseconds=1), timedelta(days=900)),
    st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
)
def test_upload_ids_sort_by_time_with_any_tokens(
    moment: datetime, later: timedelta, one: str, other: str
) -> None:
    """The newest upload has the largest id, to the microsecond."""
    assert new_upload_id(moment, one) < new_upload_id(moment + later, other)


def test_upload_ids_of_one_moment_differ_by_their_token() -> None:
    """Two uploads at the same moment have two ids."""
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
    """Other names that phones and scanners use for a type count as that type."""
    assert accepted_type(declared) == kind


@pytest.mark.parametrize(
    "declared",
    ["", ";", "text/html", "application/zip", "image/gif", "image/svg+xml", "application/pdf2"],
)
def test_accepted_type_refuses_everything_else(declared: str) -> None:
    """A web page or an archive cannot be a signed sheet."""
    with pytest.raises(UnsupportedEvidence, match="Upload a PDF or a picture"):
        accepted_type(declared)


def test_accepted_type_names_what_it_refused() -> None:
    """The person learns what their file claimed to be."""
    with pytest.raises(UnsupportedEvidence) as refusal:
        accepted_type("Text/HTML; charset=utf-8")

    assert "type text/html." in refusal.value.detail


@pytest.mark.parametrize("size", [1, 184_320, MAX_BYTES - 1, MAX_BYTES])
def test_size_fault_is_none_up_to_the_limit(size: int) -> None:
    """A sheet of exactly the largest size is no fault."""
    assert size_fault(size, MAX_BYTES) is None


def test_size_fault_of_nothing_asks_for_another_scan() -> None:
    """An empty file proves nothing."""
    assert size_fault(0, MAX_BYTES) == "The file is empty. Scan or photograph the sheet again."


def test_size_fault_names_size_and_limit() -> None:
    """The text names both, so that the admin knows how far over the limit the sheet is."""
    fault = size_fault(60 * MEBIBYTE, MAX_BYTES)

    assert fault == (
        "The file has 60.0 MiB; at most 50 MiB are accepted. Scan it at a lower resolution."
    )


def test_size_fault_begins_one_byte_above_the_limit() -> None:
    """One byte too many is too many."""
    assert size_fault(MAX_BYTES + 1, MAX_BYTES) is not None
