"""PynamoDB attributes for domain values."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel
from pynamodb.attributes import Attribute
from pynamodb.constants import BOOLEAN, LIST, MAP, NUMBER, STRING

from shared.domain.course import Course
from shared.domain.validity import Validity

E = TypeVar("E", bound=StrEnum)
V = TypeVar("V")


class DateAttribute(Attribute[date]):
    """A calendar day as YYYY-MM-DD, which sorts by time and is readable."""

    attr_type = STRING

    def serialize(self, value: date) -> str:
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        return date.fromisoformat(value)


class EnumAttribute(Attribute[E], Generic[E]):
    """A member of an enumeration, stored as its text."""

    attr_type = STRING

    def __init__(self, words: type[E], **options: Any) -> None:
        super().__init__(**options)
        self.words = words

    def serialize(self, value: E) -> str:
        return str(value)

    def deserialize(self, value: str) -> E:
        return self.words(value)


class LenientTextAttribute(Attribute[str | None]):
    """
    Text; None if something else is stored, so that one damaged item does not fail the reading of a
    whole list.
    """

    attr_type = STRING

    def get_value(self, value: dict[str, Any]) -> Any:
        return value.get(STRING)


class IntegerAttribute(Attribute[int]):
    """A whole number."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        return str(value)

    def deserialize(self, value: str) -> int:
        return int(value)


class ValueAttribute(Attribute[V], Generic[V]):
    """A frozen domain value as a map with camelCase names; fields that are None are left out."""

    attr_type = MAP

    def __init__(self, kind: type[V], **options: Any) -> None:
        super().__init__(**options)
        self.adapter: TypeAdapter[V] = TypeAdapter(kind)

    def serialize(self, value: V) -> dict[str, Any]:
        fields = self.adapter.dump_python(value, mode="json", exclude_none=True)
        return {to_camel(name): _to_wire(part) for name, part in fields.items()}

    def deserialize(self, value: Mapping[str, Any]) -> V:
        return self.adapter.validate_python(_from_wire({MAP: value}))


class ValuesAttribute(Attribute[tuple[V, ...]], Generic[V]):
    """A tuple of domain values as a list of maps or of texts; see `ValueAttribute`."""

    attr_type = LIST

    def __init__(self, kind: type[V], **options: Any) -> None:
        super().__init__(**options)
        self.adapter: TypeAdapter[tuple[V, ...]] = TypeAdapter(tuple[kind, ...])  # type: ignore[valid-type]

    def serialize(self, value: tuple[V, ...]) -> list[Any]:
        return [_to_wire(part) for part in self.adapter.dump_python(value, mode="json")]

    def deserialize(self, value: list[Any]) -> tuple[V, ...]:
        return self.adapter.validate_python(_from_wire({LIST: value}))


class ValidityAttribute(Attribute[Validity]):
    """A validity as its number of months."""

    attr_type = NUMBER

    def serialize(self, value: Validity) -> str:
        return str(value.months)

    def deserialize(self, value: str) -> Validity:
        return Validity(int(value))


class CourseAttribute(ValueAttribute[Course]):
    """A course as a map, with its validity as a number of months."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Course, **options)

    def serialize(self, value: Course) -> dict[str, Any]:
        stored = super().serialize(value)
        if validity := stored.pop("validity", None):
            stored["validityMonths"] = validity[MAP]["months"]
        return stored

    def deserialize(self, value: Mapping[str, Any]) -> Course:
        stored = dict(value)
        if months := stored.pop("validityMonths", None):
            stored["validity"] = {MAP: {"months": months}}
        return super().deserialize(stored)


def _to_wire(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {BOOLEAN: value}
        case int():
            return {NUMBER: str(value)}
        case str():
            return {STRING: value}
        case dict():
            return {MAP: {to_camel(name): _to_wire(part) for name, part in value.items()}}
        case list():
            return {LIST: [_to_wire(part) for part in value]}
    raise TypeError(f"a domain value holds {type(value).__name__}, which the tables do not")


def _from_wire(wire: Mapping[str, Any]) -> Any:
    ((kind, value),) = wire.items()
    if kind == MAP:
        return {_field(name): _from_wire(part) for name, part in value.items()}
    if kind == LIST:
        return [_from_wire(part) for part in value]
    return int(value) if kind == NUMBER else value


def _field(name: str) -> str:
    """The inverse of `to_camel`. Pydantic's `to_snake` would turn sha256 into sha_256."""
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
