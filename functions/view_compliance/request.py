"""The query string of the compliance view."""

import re
from collections.abc import Mapping
from datetime import date

from shared.domain.days import FIRST_YEAR, LAST_YEAR
from shared.domain.errors import FieldError, InvalidRequest

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def as_of(query: Mapping[str, str] | None) -> date | None:
    """
    The calendar day to judge by, `asOf`; None if it is this moment.

    Raises:
        InvalidRequest: It is not a calendar day.
    """
    text = (query or {}).get("asOf")
    if text is None:
        return None
    try:
        day = date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError as error:
        raise _no_day("asOf must be a calendar day such as 2026-05-31.") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _no_day(f"asOf must be in the years {FIRST_YEAR} to {LAST_YEAR}, such as 2026-05-31.")
    return day


def _no_day(detail: str) -> InvalidRequest:
    return InvalidRequest(detail, [FieldError("/asOf", detail)])
