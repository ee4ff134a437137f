"""
The kinds of fields that bodies and paths share, with their bounds.
"""

import re
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from pydantic_core import PydanticCustomError

from shared.domain.errors import FieldError, InvalidRequest
from shared.domain.roster import can_be_enrolled

# JavaScript's \s written out, so that exactly what Zod's cuid() takes is taken here.
_JS_SPACE = r"\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CUID = re.compile(rf"[cC][^{_JS_SPACE}-]{{8,}}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

# Zod sets no bound; 5,000 characters keep 98 of them within one transaction's 4 MB, whatever the
# script.
REMARKS_LIMIT = 5_000
PEOPLE_LIMIT = 10_000


def _cuid(value: str) -> str:
    if not _CUID.fullmatch(value):
        raise PydanticCustomError("cuid", "Invalid cuid: a 'c' and at least 8 more characters")
    return value


def _identifier(value: str) -> str:
    if not _ID.fullmatch(value):
        raise PydanticCustomError("id", "Use 1 to 64 letters, digits, '-' or '_'")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError) as error:
        raise PydanticCustomError(
            "timezone", "Use a name from the IANA time zone database, such as Europe/Berlin"
        ) from error
    return value


def _enrollable(value: str) -> str:
    if not can_be_enrolled(value):
        raise PydanticCustomError("id", "This id is longer than 255 characters, or 1,000 bytes")
    return value


Cuid = Annotated[str, AfterValidator(_cuid)]
RosterCuid = Annotated[str, AfterValidator(_cuid), AfterValidator(_enrollable)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Timezone = Annotated[str, Field(max_length=64), AfterValidator(_timezone)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"\S")]
Moment = AwareDatetime


def path_id(name: str, value: str) -> str:
    """
    Check an id from the URL before anything uses it.

    Raises:
        InvalidRequest: It is no id of ours.
    """
    if _ID.fullmatch(value):
        return value
    raise InvalidRequest(
        f"{name} in the address is not valid: use 1 to 64 letters, digits, '-' or '_'.",
        [FieldError("", f"{name} is not a valid id")],
    )


def path_cuid(name: str, value: str) -> str:
    """
    Check a person's id from the URL before anything uses it.

    Raises:
        InvalidRequest: It is no cuid.
    """
    if can_be_enrolled(value) and _CUID.fullmatch(value):
        return value
    raise InvalidRequest(
        f"{name} in the address is not valid: use the person's cuid.",
        [FieldError("", f"{name} is not a valid cuid")],
    )
