"""The name of a file in a form, in each of the ways clients write it."""

from collections.abc import Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import cast

Value = str | tuple[str | None, str | None, str]

# A character set in which any bytes are text.
ANY_BYTES = "latin-1"


def sent_name(disposition: str) -> str | None:
    """
    The file name in a part's Content-Disposition; None if it has none, and so is no file.

    Browsers send it as it is (RFC 7578). Other clients send `filename*` in percent code (RFC 5987),
    which counts before a plain `filename` beside it, or an encoded word (RFC 2047).
    """
    part = Message()
    part["Content-Disposition"] = _decoded(disposition)
    # Its annotation forgets that an extended value is a tuple.
    options = cast(Sequence[tuple[str, Value]], part.get_params([], "content-disposition"))
    names = [value for name, value in options if name.lower() == "filename"]
    extended = [value for value in names if isinstance(value, tuple)]
    if extended:
        return collapse_rfc2231_value(extended[0])
    # Browsers write a quotation mark so, and nothing else (HTML, multipart form data).
    plain = [_without_encoded_words(value) for value in names if isinstance(value, str)]
    return plain[0].replace("%22", '"') if plain else None


def _decoded(header: str) -> str:
    """The header, of which every byte is still a letter, in UTF-8, or as it is if it is older."""
    try:
        return header.encode(ANY_BYTES).decode()
    except UnicodeDecodeError:
        return header


def _without_encoded_words(name: str) -> str:
    try:
        return str(make_header(decode_header(name))) if "=?" in name else name
    except (HeaderParseError, LookupError, ValueError):
        # It only looked like an encoded word, or names a character set that nobody knows.
        return name
