"""The header and the body of POST /sessions/{sessionId}/finalize; both may be missing."""

import re
from typing import Annotated

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from shared.contracts.body import Body, parse
from shared.domain.errors import FieldError, InvalidRequest
from shared.domain.warning import WarningSlug

# As many as there are; a client that sends one twice means it once.
MOST_ACKNOWLEDGED = 2 * len(WarningSlug)

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


def _slug(value: object) -> WarningSlug:
    try:
        return WarningSlug(str(value))
    except ValueError as error:
        raise PydanticCustomError(
            "warning", "There is no such warning: send the slugs that the session shows"
        ) from error


class FinalizeBody(Body):
    """Which warnings a person has seen: there is nothing else to say."""

    acknowledged: tuple[Annotated[WarningSlug, PlainValidator(_slug)], ...] = Field(
        (), max_length=MOST_ACKNOWLEDGED
    )


def acknowledged(body: bytes) -> frozenset[WarningSlug]:
    """
    The warnings that the client acknowledges; none if there is no body.

    Raises:
        InvalidRequest: It is no JSON object, or names what is no warning at all.
    """
    return frozenset(parse(FinalizeBody, body).acknowledged) if body.strip() else frozenset()
