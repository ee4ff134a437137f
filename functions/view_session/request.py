"""
The query strings of the session views.
"""

import base64
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.domain.errors import FieldError, InvalidRequest
from shared.domain.session import SessionStatus

_Limit = Annotated[int, Field(ge=1, le=1000)]


class Paging(BaseModel):
    """
    Where to go on and how far; unknown parameters are ignored.
    """

    model_config = ConfigDict(frozen=True)

    status: SessionStatus | None = None
    limit: _Limit
    cursor: str | None = Field(default=None, max_length=1000)

    @property
    def statuses(self) -> tuple[SessionStatus, ...]:
        return (self.status,) if self.status else tuple(SessionStatus)

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
            raise InvalidRequest(
                "The cursor is not valid. Start again from the first page.",
                [FieldError("/cursor", "not a cursor of this list")],
            )
        return position


def paging(query: Mapping[str, str] | None, default_limit: int) -> Paging:
    """
    Read the query string; a page has *default_limit* entries unless it says otherwise.

    Raises:
        InvalidRequest: Naming every parameter that is wrong.
    """
    try:
        return Paging.model_validate({"limit": default_limit} | dict(query or {}))
    except ValidationError as error:
        faults = [FieldError(f"/{fault['loc'][0]}", fault["msg"]) for fault in error.errors()]
        raise InvalidRequest("The query in the address is not valid.", faults) from error


def cursor(position: str | None) -> str | None:
    """
    *position* as an opaque cursor.
    """
    return None if position is None else base64.urlsafe_b64encode(position.encode()).decode()
