"""The order of the certificates in a time stamp."""

import ssl
from pathlib import Path

import pytest

from shared.domain.canonical import sha256
from shared.messaging.der_order import with_sorted_certificates
from shared.messaging.rfc3161 import Rfc3161Authority

HERE = Path(__file__).parent
SORTED = with_sorted_certificates((HERE / "stamp.v2.tsr").read_bytes())


def swapped() -> bytes:
    """Return the stamp with its two certificates the other way round."""
    # Each begins with a sequence of a length of two bytes, and they follow each other.
    first = SORTED.index(b"\x30\x82", SORTED.index(b"\xa0\x82", 40))
    second = first + 4 + int.from_bytes(SORTED[first + 2 : first + 4])
    end = second + 4 + int.from_bytes(SORTED[second + 2 : second + 4])
    return SORTED[:first] + SORTED[second:end] + SORTED[first:second] + SORTED[end:]


@pytest.mark.parametrize("stamp", [SORTED, swapped()])
def test_stamp_is_read_in_whichever_order_its_certificates_come(stamp: bytes) -> None:
    """Authorities that run openssl send them as they know them."""
    root = ssl.PEM_cert_to_DER_cert((HERE / "stamp.v2.root.pem").read_text())
    authority = Rfc3161Authority("http://127.0.0.1", [root])

    assert authority.time_of(stamp, sha256(b'{"manifestVersion":2}')).year == 2026


def test_order_of_certificates_is_that_of_their_bytes() -> None:
    """Whichever way they come, the same bytes are read."""
    assert swapped() != SORTED
    assert with_sorted_certificates(swapped()) == SORTED
    assert with_sorted_certificates(SORTED) == SORTED


@pytest.mark.parametrize(
    "other", [b"", b"\x30", b"\x30\x80", b"<html>", b"\x30\x03\x02\x01\x02", SORTED[:500]]
)
def test_what_is_no_stamp_is_left_as_it_is(other: bytes) -> None:
    """The reader that follows says what is wrong with it."""
    assert with_sorted_certificates(other) == other
