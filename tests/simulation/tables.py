"""What is stored: items by table and key, and what a request says about them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.connection import Connection

from tests.simulation.expressions import Item, Scope, plain

Request = Mapping[str, Any]
# A table, a partition key, and a sort key if the table has one.
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """One item to put, update or delete, from a request or a part of one."""

    kind: str
    key: Key
    request: Request

    def holds(self, stored: Item | None) -> bool:
        """Return whether the stored item meets the condition."""
        return Scope.of(self.request).holds(self.request.get("ConditionExpression"), stored)

    def applied(self, stored: Item | None) -> Item | None:
        """Return the item after the write."""
        if self.kind == "Update":
            expression = self.request["UpdateExpression"]
            return Scope.of(self.request).updated(expression, stored or self.request["Key"])
        item: Item | None = self.request.get("Item")
        return item


class Tables:
    """The items of all tables, whose keys come from the connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._items: dict[str, dict[Key, Item | None]] = {}
        self._before: dict[Key, tuple[datetime, Item | None]] = {}

    def get(self, key: Key) -> Item | None:
        return self._items.get(key[0], {}).get(key)

    def get_as_of(self, moment: datetime, key: Key) -> Item | None:
        """Return the item without its last change, if that came later."""
        changed, before = self._before.get(key, (moment, None))
        return before if changed > moment else self.get(key)

    def put(self, moment: datetime, key: Key, item: Item | None) -> None:
        """Put the item, or delete it if it is None."""
        self._before[key] = moment, self.get(key)
        self._items.setdefault(key[0], {})[key] = item

    def of(self, table: str) -> list[Item]:
        """Return all items of a table."""
        return [item for item in self._items.get(table, {}).values() if item is not None]

    def keys(self, table: str) -> list[Key]:
        """Return the keys of all items that are or were in a table."""
        return list(self._items.get(table, ()))

    def write(self, kind: str, request: Request) -> Write:
        """Return the writes of a request of this kind."""
        attributes = request["Item"] if kind == "Put" else request["Key"]
        return Write(kind, self.key(request["TableName"], attributes), request)

    def key(self, table: str, attributes: Item) -> Key:
        return table, *(plain(attributes[name]) for name in self._key_names(table))

    def keys_of(self, table: str, item: Item) -> Item:
        """Return the key of an item, as it is stored."""
        return {name: item[name] for name in self._key_names(table)}

    def selected(self, request: Request, items: Iterable[Item | None]) -> list[Item]:
        """Return the items that meet the key condition, in order, after the start of the query."""
        scope, condition = Scope.of(request), request["KeyConditionExpression"]
        found = (item for item in items if item and scope.holds(condition, item))
        name = self._sorting(request)
        in_order = sorted(found, key=lambda item: plain(item[name]))
        if not request.get("ScanIndexForward", True):
            in_order.reverse()
        begin = request.get("ExclusiveStartKey")
        if begin is None:
            return in_order
        border, forward = plain(begin[name]), request.get("ScanIndexForward", True)
        return [
            item
            for item in in_order
            if (plain(item[name]) > border if forward else plain(item[name]) < border)
        ]

    def position(self, request: Request, item: Item) -> Item:
        """Return the position of a query that stopped at the item."""
        table = request["TableName"]
        names = {*self._key_names(table), self._sorting(request)}
        return {name: item[name] for name in names}

    def _sorting(self, request: Request) -> str:
        table = self._connection.get_meta_table(request["TableName"])
        index = request.get("IndexName")
        name = table.get_index_range_keyname(index) if index else table.range_keyname  # type: ignore[no-untyped-call]
        return str(name)

    def _key_names(self, table: str) -> list[str]:
        meta = self._connection.get_meta_table(table)
        return [name for name in (meta.hash_keyname, meta.range_keyname) if name]
