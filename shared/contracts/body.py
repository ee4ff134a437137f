"""
Reading request bodies: fields are checked strictly, unknown fields are ignored, and all faults are
reported together.
"""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from shared.domain.errors import FieldError, InvalidRequest


class Body(BaseModel):
    """A JSON object in camelCase. Unknown keys are ignored, as Zod's `object()` does."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


B = TypeVar("B", bound=Body)


def parse(kind: type[B], text: str | bytes | None) -> B:
    """
    Read *text* as *kind*, strictly: "true" is not a boolean and 1 is not a string.

    Raises:
        InvalidRequest: Names every bad field by its JSON pointer.
    """
    try:
        return kind.model_validate_json(text or "", strict=True)
    except ValidationError as error:
        faults = [
            FieldError(_pointer(fault["loc"]), fault["msg"])
            for fault in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise InvalidRequest(
            "The request is not as it should be. Nothing was saved. "
            "Correct the fields listed and send it again.",
            faults,
        ) from error


def _pointer(location: tuple[int | str, ...]) -> str:
    return "".join(f"/{_escaped(str(step))}" for step in location)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
