"""Refusals as JSON: RFC 9457 problem documents."""

from shared.contracts.response import ResponseBody


class FaultResponse(ResponseBody):
    """One bad field, by its JSON pointer."""

    pointer: str
    detail: str


class Problem(ResponseBody):
    """
    *type* is stable and for programs; *detail* tells a person what to do. *error_count* says how
    many fields are bad where *errors* does not name all of them; *saved* and *version*, how far a
    request got that can be repeated.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[FaultResponse] | None = None
    error_count: int | None = None
    saved: int | None = None
    version: int | None = None
