"""
PynamoDB attributes for the domain's own values.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel, to_snake
from pynamodb.attributes import Attribute
from pynamodb.constants import BOOLEAN, LIST, MAP, NUMBER, STRING

E = TypeVar("E", bound=StrEnum)
V = TypeVar("V")


class DateAttribute(Attribute[date]):
    """
    A calendar day as YYYY-MM-DD, which sorts and which a person can read.
    """

    attr_type = STRING

    def serialize(self, value: date) -> str:
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        return date.fromisoformat(value)


class EnumAttribute(Attribute[E], Generic[E]):
    """
    One of a closed set of words.
    """

    attr_type = STRING

    def __init__(self, words: type[E], **options: Any) -> None:
        super().__init__(**options)
        self.words = words

    def serialize(self, value: E) -> str:
        return str(value)

    def deserialize(self, value: str) -> E:
        return self.words(value)


class IntegerAttribute(Attribute[int]):
    """
    A whole number.
    """

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        return str(value)

    def deserialize(self, value: str) -> int:
        return int(value)


class ValueAttribute(Attribute[V], Generic[V]):
    """
    A frozen domain value as a map with camelCase names; fields that are None are left out.
    """

    attr_type = MAP

    def __init__(self, kind: type[V], **options: Any) -> None:
        super().__init__(**options)
        self.adapter: TypeAdapter[V] = TypeAdapter(kind)

    def serialize(self, value: V) -> dict[str, Any]:
        fields = self.adapter.dump_python(value, mode="json", exclude_none=True)
        return {to_camel(name): _to_wire(part) for name, part in fields.items()}

    def deserialize(self, value: Mapping[str, Any]) -> V:
        return self.adapter.validate_python(_from_wire({MAP: value}))


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
        return {to_snake(name): _from_wire(part) for name, part in value.items()}
    if kind == LIST:
        return [_from_wire(part) for part in value]
    return int(value) if kind == NUMBER else value
