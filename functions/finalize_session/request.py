"""
The header of POST /sessions/{sessionId}/finalize; its body is empty.
"""

import re

from shared.domain.errors import FieldError, InvalidRequest

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def request_key(header: str | None) -> str | None:
    """
    The Idempotency-Key, if there is one.

    Raises:
        InvalidRequest: It is not 1 to 255 visible characters.
    """
    if header is None or _KEY.fullmatch(header):
        return header
    detail = "Idempotency-Key must have 1 to 255 visible ASCII characters; a UUID serves well."
    raise InvalidRequest(detail, [FieldError("", detail)])
