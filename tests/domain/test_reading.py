"""What one reading of a sheet's bytes shows."""

import hashlib

import pytest

from shared.domain.evidence import JPEG, PDF
from shared.domain.reading import Reading

LOCKED = b"%PDF-1.7\n" + bytes(2000) + b"trailer << /Encrypt 5 0 R >>\n%%EOF\n"


def read(kind: str, data: bytes, size: int = 1 << 20) -> Reading:
    """Read a file in pieces of that size."""
    reading = Reading(kind)
    for at in range(0, len(data), size):
        reading.feed(data[at : at + size])
    return reading


@pytest.mark.parametrize("size", [1, 3, 500, 1 << 20])
def test_reading_is_of_the_whole_file(size: int) -> None:
    """Size and SHA-256 are those of all bytes, the first bytes are the first 1,024."""
    reading = read(PDF, LOCKED, size)

    assert reading.sha256 == hashlib.sha256(LOCKED).hexdigest()
    assert (reading.size_bytes, reading.first_bytes) == (len(LOCKED), LOCKED[:1024])
    assert not reading.ends_early


@pytest.mark.parametrize("size", [1, 3, 7, 9, 500, 1 << 20])
def test_reading_notices_that_a_pdf_names_its_encryption(size: int) -> None:
    """The entry is noticed also where two pieces meet."""
    assert read(PDF, LOCKED, size).names_encryption
    assert not read(PDF, LOCKED.replace(b"/Encrypt", b"/Encryp "), size).names_encryption


def test_reading_looks_for_encryption_in_pdfs_alone() -> None:
    """In a photograph the word means nothing."""
    assert not read(JPEG, b"\xff\xd8\xff/Encrypt").names_encryption


@pytest.mark.parametrize("kind", [PDF, "text/html"])
def test_reading_of_a_file_of_another_type_says_only_what_holds(kind: str) -> None:
    """Bytes that were stored by hand may have any type; reading them fails nothing."""
    assert read(kind, b"").ends_early is (kind == PDF)
