"""Answers of time-stamp authorities, with what nobody signs in them exchanged."""

_SEQUENCE, _INTEGER, _UTF8_STRING = 0x30, 0x02, 0x0C
_LONG = 0x80


def with_status_text(answer: bytes, text: str) -> bytes:
    """Return an answer (TimeStampResp, RFC 3161) that is granted with a text; its token stays."""
    content, _ = _read(answer)
    _, token = _read(content)
    free_text = _element(_SEQUENCE, _element(_UTF8_STRING, text.encode()))
    status = _element(_SEQUENCE, _element(_INTEGER, b"\0") + free_text)
    return _element(_SEQUENCE, status + token)


def _element(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < _LONG:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, _LONG + len(octets)]) + octets + content


def _read(data: bytes) -> tuple[bytes, bytes]:
    """Return the content of the first element, and what follows it."""
    length, start = data[1], 2
    if length >= _LONG:
        start += length - _LONG
        length = int.from_bytes(data[2:start])
    return data[start : start + length], data[start + length :]
