"""The expressions that PynamoDB writes for our stores, evaluated as DynamoDB does."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

Value = Mapping[str, Any]
Item = dict[str, Any]
Test = Callable[[Item, Mapping[str, str], Mapping[str, Value]], bool]

_TERM = re.compile(
    r"attribute_not_exists \((?P<absent>#\d+)\)"
    r"|(?P<name>#\d+) (?P<sign>[=<>]+) (?P<value>:\d+)"
    r"|(?P<one>#\d+) IN \((?P<among>[^)]+)\)"
)
_BETWEEN_TERMS = re.compile(r"[()\s]|AND")
_ACTION = re.compile(r"(?P<name>#\d+)(?: (?P<sign>= )?(?P<value>:\d+))?")
_SIGNS = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The values of the placeholders of one request."""

    names: Mapping[str, str]
    values: Mapping[str, Value]

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> "Scope":
        return cls(
            request.get("ExpressionAttributeNames", {}),
            request.get("ExpressionAttributeValues", {}),
        )

    def holds(self, expression: str | None, item: Item | None) -> bool:
        """
        Return whether the item, or its absence, meets the condition; no condition is
        always met.
        """
        if expression is None:
            return True
        return all(test(item or {}, self.names, self.values) for test in _tests(expression))

    def updated(self, expression: str, item: Item) -> Item:
        """Return the item after SET, REMOVE and ADD."""
        changed = dict(item)
        for action in _ACTION.finditer(expression):
            name = self.names[action["name"]]
            if action["value"] is None:
                changed.pop(name, None)
            elif action["sign"]:
                changed[name] = self.values[action["value"]]
            else:
                before = int(changed.get(name, {"N": "0"})["N"])
                changed[name] = {"N": str(before + int(self.values[action["value"]]["N"]))}
        return changed

    def projected(self, expression: str | None, item: Item) -> Item:
        """Return the parts of the item that the projection names."""
        if expression is None:
            return item
        wanted = {self.names[name] for name in expression.split(", ")}
        return {name: value for name, value in item.items() if name in wanted}


def plain(value: Value) -> Any:  # noqa: ANN401 - a text or a number, as the attribute is
    """Return the value in a form that compares in DynamoDB's order."""
    ((kind, content),) = value.items()
    return int(content) if kind == "N" else content


@cache
def _tests(expression: str) -> tuple[Test, ...]:
    if _BETWEEN_TERMS.sub("", _TERM.sub("", expression)):
        raise NotImplementedError(expression)
    return tuple(_test(term) for term in _TERM.finditer(expression))


def _test(term: re.Match[str]) -> Test:
    if term["absent"]:
        return lambda item, names, _: names[term["absent"]] not in item
    if term["among"]:
        among = term["among"].split(", ")
        return lambda item, names, values: (
            item.get(names[term["one"]]) in [values[name] for name in among]
        )
    compare = _SIGNS[term["sign"]]

    def holds(item: Item, names: Mapping[str, str], values: Mapping[str, Value]) -> bool:
        stored = item.get(names[term["name"]])
        return stored is not None and compare(plain(stored), plain(values[term["value"]]))

    return holds
