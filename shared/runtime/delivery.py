"""
How an answer travels: compressed, as it is, without its body, or not at all (RFC 9110).

API Gateway decodes base64 only for a client that sends an Accept header; others would get the
base64 itself. They get text, uncompressed.
"""

import base64
import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from shared.domain.errors import AnswerTooLarge
from shared.runtime.etag import names

# A Lambda returns at most 6 MiB and 100 bytes. Status, headers and the signs of JSON take a part.
MOST_BYTES = 6_291_556
BODY_BYTES = MOST_BYTES - 20_000
# One character outside Unicode's first plane is written as two escapes of six characters in JSON.
_LONGEST_ESCAPE = 12

_CODING = re.compile(r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a client says about the answer that it wants."""

    method: str
    accept: str | None = None
    accept_encoding: str | None = None
    if_none_match: str | None = None

    @property
    def takes_bytes(self) -> bool:
        """Whether API Gateway turns base64 into bytes for this client."""
        return bool(self.accept and self.accept.strip())

    @property
    def takes_gzip(self) -> bool:
        return self.takes_bytes and prefers_gzip(self.accept_encoding)


def prefers_gzip(accept_encoding: str | None) -> bool:
    """
    Whether gzip is allowed, and wanted no less than the answer as it is (RFC 9110 §12.5.3).

    A client that takes neither gets the answer as it is, as the RFC allows.
    """
    weights = _weights(accept_encoding or "")
    anything = weights.get("*", 0.0)
    gzipped = weights.get("gzip", weights.get("x-gzip", anything))
    return gzipped > 0 and gzipped >= weights.get("identity", anything)


def delivered(response: Response[str], wanted: Preferences) -> Response[str]:
    """
    The *response* as it travels to a client that *wanted* it so.

    Raises:
        AnswerTooLarge: No Lambda can return it to this client.
    """
    if _is_known(response, wanted):
        response.status_code = HTTPStatus.NOT_MODIFIED.value
        response.headers.pop("Content-Type", None)
        response.body = ""
    elif wanted.method == "HEAD":
        response.body = ""
    else:
        _encode(response, response.body or "", wanted)
    return response


def _weights(accept_encoding: str) -> Mapping[str, float]:
    parts = (_CODING.fullmatch(part) for part in accept_encoding.lower().split(","))
    return {part[1]: float(part[2] or 1) for part in parts if part}


def _is_known(response: Response[str], wanted: Preferences) -> bool:
    tag = response.headers.get("ETag")
    is_view = wanted.method in {"GET", "HEAD"} and response.status_code == HTTPStatus.OK
    return is_view and bool(wanted.if_none_match and names(wanted.if_none_match, str(tag)))


def _encode(response: Response[str], body: str, wanted: Preferences) -> None:
    if wanted.takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
        _send_bytes(response, gzip.compress(body.encode(), compresslevel=6, mtime=0))
    elif not _fits_as_text(body):
        if not wanted.takes_bytes:
            raise AnswerTooLarge
        _send_bytes(response, body.encode())


def _send_bytes(response: Response[str], body: bytes) -> None:
    response.body = base64.b64encode(body).decode()
    response.base64_encoded = True
    if len(response.body) > BODY_BYTES:
        raise AnswerTooLarge


def _fits_as_text(body: str) -> bool:
    # The answer is JSON that holds the body as a string, in which every quote is escaped.
    return len(body) * _LONGEST_ESCAPE <= BODY_BYTES or len(json.dumps(body)) <= BODY_BYTES
