"""
The query string of the compliance view.
"""

import re
from collections.abc import Mapping
from datetime import date

from shared.domain.errors import FieldError, InvalidRequest

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def as_of(query: Mapping[str, str] | None, today: date) -> date:
    """
    The day to judge by: `asOf`, or *today* (UTC).

    Raises:
        InvalidRequest: It is no calendar day.
    """
    text = (query or {}).get("asOf")
    if text is None:
        return today
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError as error:
        detail = "asOf must be a calendar day such as 2026-05-31."
        raise InvalidRequest(detail, [FieldError("/asOf", detail)]) from error
