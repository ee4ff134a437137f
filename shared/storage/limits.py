"""
What one DynamoDB transaction carries. Checked here, because no emulator checks all of it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pynamodb.models import Model

MAX_ACTIONS = 100
MAX_BYTES = 4 * 1024 * 1024


def fits_one_transaction(items: Iterable[Model]) -> bool:
    """
    True if *items* can be written by one TransactWriteItems.
    """
    sizes = [item_bytes(item.serialize()) for item in items]
    return len(sizes) <= MAX_ACTIONS and sum(sizes) <= MAX_BYTES


def item_bytes(attributes: Mapping[str, Mapping[str, Any]]) -> int:
    """
    An item's size as DynamoDB counts it: UTF-8 bytes of names and values, three more for a list or
    map.
    """
    return sum(len(name.encode()) + _value_bytes(wire) for name, wire in attributes.items())


def _value_bytes(wire: Mapping[str, Any]) -> int:
    ((kind, value),) = wire.items()
    match kind:
        case "M":
            return 3 + item_bytes(value) + len(value)
        case "L":
            return 3 + sum(_value_bytes(part) + 1 for part in value)
        case "N":
            return len(value) // 2 + 2
        case "BOOL" | "NULL":
            return 1
        case _:
            return len(value.encode())
