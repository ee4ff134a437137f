"""The changes in a batch of a table's stream, as Lambda delivers it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shared.domain.canonical import Json
from shared.domain.tampering import Change, Item, Table

# A table is known by its key: no two of these have the same.
WITNESSED = {
    frozenset({"sessionId", "item"}): Table.SESSIONS,
    frozenset({"personnelId", "recordId"}): Table.RECORDS,
    frozenset({"sessionId", "sequence"}): Table.AUDIT,
    frozenset({"courseId"}): Table.COURSES,
    frozenset({"courseId", "sequence"}): Table.COURSE_AUDIT,
}
# A number has 38 digits at most; one that has more would be none that can be read.
_WHOLE = re.compile(r"-?\d{1,38}")


def changes_in(event: Mapping[str, Any]) -> list[Change]:
    """
    All changes in *event*.

    Raises:
        KeyError: It is the stream of a table that is not witnessed.
    """
    return [_change(record) for record in event["Records"]]


def _change(record: Mapping[str, Any]) -> Change:
    told = record["dynamodb"]
    return Change(
        table=WITNESSED[frozenset(told["Keys"])],
        event_id=record["eventID"],
        at=datetime.fromtimestamp(told["ApproximateCreationDateTime"], UTC),
        old=_item(told.get("OldImage")),
        new=_item(told.get("NewImage")),
    )


def _item(image: Mapping[str, Any] | None) -> Item | None:
    # A stream tells an absent image by leaving it out.
    return {name: _plain(value) for name, value in image.items()} if image else None


def _plain(value: Mapping[str, Any]) -> Json:
    """A value without its type; what the product never writes stays text, or a list of texts."""
    ((kind, inner),) = value.items()
    match kind:
        case "M":
            return {name: _plain(part) for name, part in inner.items()}
        case "L":
            return [_plain(part) for part in inner]
        case "N":
            return int(inner) if _WHOLE.fullmatch(inner) else str(inner)
        case "NULL":
            return None
    plain: Json = inner
    return plain
