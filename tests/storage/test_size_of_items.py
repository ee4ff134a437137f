"""
Our count of bytes against that of AWS's own engine, which alone refuses by it.

What we count is never less than what it counts, so nothing that we send is refused; and over by
less than a hundredth, so nothing is split in vain.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.storage.limits import AWS, item_bytes
from testing.environment import ENVIRONMENT
from tests.handlers.calls import Json
from tests.handlers.stack import Stack, tables

ITEM_BYTES = 400 * 1024
OVER = 1.01
LATER_RELEASES = {
    "attendee": "SESSIONS_TABLE",
    "audit": "AUDIT_TABLE",
    "session": "SESSIONS_TABLE",
    "course": "COURSES_TABLE",
    "courseAudit": "COURSE_AUDIT_TABLE",
}


def golden(name: str) -> Json:
    """Read what a release stored."""
    read: Json = json.loads((Path(__file__).parent / name).read_bytes())
    return read


def stored_items() -> Iterator[tuple[str, Json]]:
    """Give each kind of item that was ever written, with its table's variable."""
    for table, items in golden("items.v1.json").items():
        yield from ((f"{table.upper()}_TABLE", item) for item in items)
    for version in (2, 3):
        for kind, item in golden(f"items.v{version}.json").items():
            yield LATER_RELEASES[kind], item


STORED = list(stored_items())
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NAMES = TEXTS.filter(bool)
VALUES = st.recursive(
    st.builds(lambda text: {"S": text}, TEXTS)
    | st.builds(lambda number: {"N": str(number)}, st.integers(-(10**37), 10**37))
    | st.builds(lambda whether: {"BOOL": whether}, st.booleans())
    | st.just({"NULL": True}),
    lambda parts: (
        st.builds(lambda found: {"L": found}, st.lists(parts, max_size=4))
        | st.builds(lambda found: {"M": found}, st.dictionaries(NAMES, parts, max_size=4))
    ),
    max_leaves=12,
)


def padded(item: Json, size: int) -> Json:
    """Return *item* with one more text, so that by our count it has *size* bytes."""
    return item | {"padding": {"S": "x" * (size - item_bytes(item | {"padding": {"S": ""}}))}}


def is_taken(call: Callable[..., object], **request: Any) -> bool:  # noqa: ANN401 - as boto3
    """Try a write, and tell whether it was small enough."""
    try:
        call(**request)
    except ClientError as error:
        if "size" not in str(error).lower():
            raise
        return False
    return True


def numbered(table: str, item: Json, number: int) -> Json:
    """Return *item* under another key of its table."""
    *_, key = tables()[table]["KeySchema"]
    name = key["AttributeName"]
    ((kind, _),) = item[name].items()
    return item | {name: {kind: str(number)}}


def test_an_item_of_every_table_is_among_them() -> None:
    """A table that is new is counted from the day it is there."""
    assert {table for table, _ in STORED} == tables().keys()


@pytest.mark.parametrize(("table", "item"), STORED)
def test_item_of_400_kib_is_taken_and_little_more_is_not(
    table: str, item: Json, stack: Stack
) -> None:
    """By our count an item of 400 KiB fits, and one of a hundredth more does not."""
    put, name = stack.dynamodb.put_item, ENVIRONMENT[table]

    assert is_taken(put, TableName=name, Item=padded(item, ITEM_BYTES))
    assert not is_taken(put, TableName=name, Item=padded(item, int(ITEM_BYTES * OVER)))


@pytest.mark.parametrize(("table", "item"), STORED)
def test_transaction_of_4_mib_is_taken_and_little_more_is_not(
    table: str, item: Json, stack: Stack
) -> None:
    """By our count eleven items of 4 MiB fit, and a hundredth more does not."""

    def writes(size: float) -> list[Json]:
        parts = [padded(numbered(table, item, n), int(size) // 11) for n in range(10, 21)]
        return [{"Put": {"TableName": ENVIRONMENT[table], "Item": part}} for part in parts]

    put = stack.dynamodb.transact_write_items

    assert is_taken(put, TransactItems=writes(AWS.transaction_bytes))
    assert not is_taken(put, TransactItems=writes(AWS.transaction_bytes * OVER))


@given(values=st.dictionaries(NAMES, VALUES, max_size=8))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_item_of_any_values_is_never_larger_than_we_count(
    values: dict[str, Json], stack: Stack
) -> None:
    """Texts of any script, numbers, lists and maps: what we count to 400 KiB is taken."""
    item = values | {"courseId": {"S": "c"}}

    assert is_taken(
        stack.dynamodb.put_item,
        TableName=ENVIRONMENT["COURSES_TABLE"],
        Item=padded(item, ITEM_BYTES),
    )
    assert not is_taken(
        stack.dynamodb.put_item,
        TableName=ENVIRONMENT["COURSES_TABLE"],
        Item=padded(item, int(ITEM_BYTES * OVER)),
    )
