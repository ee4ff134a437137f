"""
The order of certificates in a time stamp.

DER wants a set's members in the order of their bytes. Authorities that run openssl send them in the
order they know them, and the strict reader of the library then refuses all of it. The set is not
covered by the signature, and no length changes.
"""

from collections.abc import Iterator

SEQUENCE, OBJECT_CONTENT, CERTIFICATES = 0x30, 0xA0, 0xA0
# Bits of a length: more bytes of it follow.
_LONG = 0x80


def with_sorted_certificates(answer: bytes) -> bytes:
    """
    The answer with its certificates as DER wants them; anything that is no answer as it is.

    TimeStampResp {status, token {type, [0] SignedData {version, digests, content, [0] certificates
    ...}}}, by RFC 3161 and RFC 5652.
    """
    try:
        start, end = _certificates(answer)
        members = sorted(answer[at:until] for at, until in _members(answer, start, end))
    except (IndexError, ValueError):
        return answer
    return answer[:start] + b"".join(members) + answer[end:]


def _certificates(answer: bytes) -> tuple[int, int]:
    at, end = _inside(answer, 0, SEQUENCE)
    for position, tag in ((1, SEQUENCE), (1, OBJECT_CONTENT), (0, SEQUENCE), (3, CERTIFICATES)):
        member, _ = list(_members(answer, at, end))[position]
        at, end = _inside(answer, member, tag)
    return at, end


def _members(answer: bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    while at < end:
        _, until = _inside(answer, at, answer[at])
        yield at, until
        at = until


def _inside(answer: bytes, at: int, tag: int) -> tuple[int, int]:
    """Where the content of the element at *at* starts and ends."""
    length, start = answer[at + 1], at + 2
    if length >= _LONG:
        more = length - _LONG
        length, start = int.from_bytes(answer[start : start + more]), start + more
    if answer[at] != tag or start + length > len(answer):
        raise ValueError("another element was expected")
    return start, start + length
