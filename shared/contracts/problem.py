"""
Refusals as JSON: RFC 9457 problem documents.
"""

from shared.contracts.shape import Shape


class FaultShape(Shape):
    """
    One bad field, by its JSON pointer.
    """

    pointer: str
    detail: str


class Problem(Shape):
    """
    *type* is stable and for programs; *detail* tells a person what to do.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[FaultShape] | None = None
