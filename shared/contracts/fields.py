"""The kinds of fields that bodies share, with their bounds."""

import re
from datetime import datetime
from typing import Annotated, TypeGuard

from pydantic import AfterValidator, Field, PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from shared.domain.days import FIRST_YEAR, LAST_YEAR, is_in_range
from shared.domain.names import is_identifier, name_fault
from shared.domain.roster import can_be_asked_for, can_be_enrolled
from shared.domain.zones import zone_names

# JavaScript's \s written out, so that exactly the values of Zod's cuid() are accepted.
_JS_SPACE = r"\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CUID = re.compile(rf"[cC][^{_JS_SPACE}-]{{8,}}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"T([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?"
    r"(Z|[+-][0-9]{2}(:?[0-5][0-9])?)"
)

# Zod sets no limit. With 5,000 characters, 98 remarks fit one transaction's 4 MB in any script.
REMARKS_LIMIT = 5_000
PEOPLE_LIMIT = 10_000
# As many as can be saved in the time of one request, whatever they weigh (docs/performance.md).
MARKS_LIMIT = 5_000


def is_cuid(value: str) -> bool:
    """Whether Zod's cuid() accepts it."""
    return bool(_CUID.fullmatch(value))


def _cuid(value: str) -> str:
    if not is_cuid(value):
        raise PydanticCustomError("cuid", "Invalid cuid: a 'c' and at least 8 more characters")
    return value


def _identifier(value: str) -> str:
    if not is_identifier(value):
        raise PydanticCustomError("id", "Use 1 to 64 letters, digits, '-' or '_'")
    return value


def _timezone(value: str) -> str:
    if value not in zone_names():
        raise PydanticCustomError(
            "timezone", "Use a name from the IANA time zone database, such as Europe/Berlin"
        )
    return value


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value if _is_moment(value) else "")
    except ValueError as error:
        raise PydanticCustomError(
            "moment", "Use ISO 8601 with an offset, such as 2026-05-31T08:00:00+02:00"
        ) from error
    if not is_in_range(moment):
        raise PydanticCustomError("year", f"Use a date in the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def _is_moment(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(_MOMENT.fullmatch(value))


def _askable(value: str) -> str:
    if not can_be_enrolled(value):
        raise PydanticCustomError("id", "This id is longer than 255 characters")
    if not can_be_asked_for(value):
        raise PydanticCustomError(
            "id", "Use letters from A to Z, digits, '.', '_' or '~': the id is part of addresses"
        )
    return value


def _name(value: str) -> str:
    fault = name_fault(value)
    if fault:
        raise PydanticCustomError("name", fault)
    return value


Cuid = Annotated[str, AfterValidator(_cuid)]
RosterCuid = Annotated[str, AfterValidator(_cuid), AfterValidator(_askable)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Timezone = Annotated[str, Field(max_length=64), AfterValidator(_timezone)]
# A line of text that people see, such as a name.
Name = AfterValidator(_name)
Line = Annotated[str, StringConstraints(min_length=1, max_length=300), Name]
# Pydantic's own reading takes "2026" and "20260131" for seconds since 1970.
Moment = Annotated[datetime, PlainValidator(_moment)]
