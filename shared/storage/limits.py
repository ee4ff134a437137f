"""The size limits of AWS calls. Checked here, because no emulator checks all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pynamodb.models import Model


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How much one call or one invocation takes. Tests pass smaller limits, so that small sessions are
    written in the steps of large ones.

    *rows* is a transaction's *actions* less the session and its audit entry. *entry_bytes* is the
    size of the row changes in an audit entry: one item has 400 KB at most, and the session's own
    changes are in it too. *lanes* batches of records are written in parallel. Eight *outbox_shards*
    are few enough to be queried each minute, and enough to avoid a hot partition. The last
    *answer_milliseconds* of an invocation are reserved for its answer: one batch takes well under a
    second, and four seconds when every call is slow.
    A file of *multipart_bytes* fits a request: Lambda takes 6 MB, and base64 adds a third.
    """

    actions: int = 100
    transaction_bytes: int = 4 * 1024 * 1024
    rows: int = 98
    entry_bytes: int = 300_000
    batch: int = 25
    lanes: int = 8
    outbox_shards: int = 8
    answer_milliseconds: int = 6_000
    multipart_bytes: int = 4 * 1024 * 1024


AWS = Limits()


def fits_one_transaction(items: Iterable[Model], limits: Limits) -> bool:
    """True if one TransactWriteItems can write *items*."""
    sizes = [item_bytes(item.serialize()) for item in items]
    return len(sizes) <= limits.actions and sum(sizes) <= limits.transaction_bytes


def item_bytes(attributes: Mapping[str, Mapping[str, Any]]) -> int:
    """
    An item's size as DynamoDB counts it: the UTF-8 bytes of names and values, and three more for
    each list or map.
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
