"""
Lists in pages: how far, and from where on.
"""

import base64
from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.domain.errors import FieldError, InvalidRequest

_Limit = Annotated[int, Field(ge=1, le=1000)]


class Paging(BaseModel):
    """
    Where to go on and how far; unknown parameters are ignored.
    """

    model_config = ConfigDict(frozen=True)

    limit: _Limit
    cursor: str | None = Field(default=None, max_length=1000)

    @property
    def after(self) -> str | None:
        """
        The position the cursor stands for.

        Raises:
            InvalidRequest: It is none of ours.
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


P = TypeVar("P", bound=Paging)


def paging(kind: type[P], query: Mapping[str, str] | None, default_limit: int) -> P:
    """
    Read the query string; a page has *default_limit* entries unless it says otherwise.

    Raises:
        InvalidRequest: Naming every parameter that is wrong.
    """
    try:
        return kind.model_validate({"limit": default_limit} | dict(query or {}))
    except ValidationError as error:
        faults = [FieldError(f"/{fault['loc'][0]}", fault["msg"]) for fault in error.errors()]
        raise InvalidRequest("The query in the address is not valid.", faults) from error


def cursor(position: str | None) -> str | None:
    """
    *position* as an opaque cursor.
    """
    return None if position is None else base64.urlsafe_b64encode(position.encode()).decode()


def no_cursor() -> InvalidRequest:
    """
    The refusal of a cursor that no answer of this list contained.
    """
    return InvalidRequest(
        "The cursor is not valid. Start again from the first page.",
        [FieldError("/cursor", "not a cursor of this list")],
    )
