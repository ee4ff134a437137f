"""Paging: the limit and the cursor of a list."""

import base64
from collections.abc import Iterable, Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.contracts.response import ResponseBody
from shared.domain.errors import FieldError, InvalidRequest

# A Lambda returns 6,291,556 bytes, of which base64 leaves three quarters.
PAGE_BYTES = 3_500_000

_Limit = Annotated[int, Field(ge=1, le=1000)]


class Paging(BaseModel):
    """How many entries to return, and after which to begin; unknown parameters are ignored."""

    model_config = ConfigDict(frozen=True)

    limit: _Limit
    cursor: str | None = Field(default=None, max_length=1000)

    @property
    def after(self) -> str | None:
        """
        The position the cursor stands for.

        Raises:
            InvalidRequest: It is not one of our cursors.
        """
        if self.cursor is None:
            return None
        try:
            position = base64.b64decode(self.cursor, altchars=b"-_", validate=True).decode()
        except ValueError:
            position = ""
        if not position:
            raise no_cursor()
        return position

    def number_after(self, most_digits: int) -> int:
        """
        The position as a number; 0 without a cursor.

        Raises:
            InvalidRequest: It is not a number of at most that many digits.
        """
        position = self.after or "0"
        if not (position.isascii() and position.isdecimal() and len(position) <= most_digits):
            raise no_cursor()
        return int(position)


P = TypeVar("P", bound=Paging)


def paging(kind: type[P], query: Mapping[str, str] | None, default_limit: int) -> P:
    """
    Read the query string; without a limit a page has *default_limit* entries.

    Raises:
        InvalidRequest: Names every parameter that is wrong.
    """
    try:
        return kind.model_validate({"limit": default_limit} | dict(query or {}))
    except ValidationError as error:
        faults = [FieldError(f"/{fault['loc'][0]}", fault["msg"]) for fault in error.errors()]
        raise InvalidRequest("The query in the address is not valid.", faults) from error


def cursor(position: str | None) -> str | None:
    """*position* as an opaque cursor."""
    return None if position is None else base64.urlsafe_b64encode(position.encode()).decode()


def fitting(bodies: Iterable[ResponseBody], room: int = PAGE_BYTES) -> int:
    """How many of *bodies* fit *room*, from the first on: at least one, if there is one."""
    left = room
    number = 0
    for number, body in enumerate(bodies, start=1):
        left -= len(body.json_text().encode())
        if left < 0:
            return max(number - 1, 1)
    return number


def no_cursor() -> InvalidRequest:
    """The refusal of a cursor that is not from this list."""
    return InvalidRequest(
        "The cursor is not valid. Start again from the first page.",
        [FieldError("/cursor", "not a cursor of this list")],
    )
