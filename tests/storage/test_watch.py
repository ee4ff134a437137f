"""Which stream a table has, and which one the witness reads."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from shared.domain.tampering import Table
from shared.domain.watch import Followed
from shared.storage.watch import StreamWatch
from tests.conftest import REGION

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.literals import StreamViewTypeType

MAPPING = "5d2b6c1e-8f0a-4c57-9e59-1f0d3c1b2a77"


class Functions:
    """Lambda, as far as it tells of one mapping."""

    def __init__(self, stream: str, state: str) -> None:
        self._found = {"EventSourceArn": stream, "State": state}

    def get_event_source_mapping(self, UUID: str) -> dict[str, str]:  # noqa: N803 - as boto3
        """Answer as Lambda does."""
        assert UUID == MAPPING
        return self._found


@pytest.fixture
def dynamodb() -> "Iterator[DynamoDBClient]":
    """Return a client of a database that has one table, with a stream."""
    with mock_aws():
        client = boto3.client("dynamodb", region_name=REGION)
        make(client, "NEW_AND_OLD_IMAGES")
        yield client


def make(dynamodb: "DynamoDBClient", view: "StreamViewTypeType") -> None:
    """Make the table with a stream of this kind."""
    dynamodb.create_table(
        TableName="trail",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": view},
    )


def switch_off(dynamodb: "DynamoDBClient") -> None:
    """Switch the table's stream off."""
    dynamodb.update_table(TableName="trail", StreamSpecification={"StreamEnabled": False})


def stream_of(dynamodb: "DynamoDBClient") -> str:
    """Return the stream that the table has."""
    return dynamodb.describe_table(TableName="trail")["Table"]["LatestStreamArn"]


def followed(dynamodb: "DynamoDBClient", read: str = "", state: str = "Enabled") -> Followed:
    """Return what is told of the table."""
    functions = Functions(read, state)
    watch = StreamWatch(
        dynamodb,
        functions,  # type: ignore[arg-type] # as much of it as is called
        {Table.AUDIT: "trail"},
        {Table.AUDIT: MAPPING},
    )
    (found,) = watch.followed()
    return found


def test_stream_and_mapping_are_told(dynamodb: "DynamoDBClient") -> None:
    """As the table has it, and as the mapping reads it."""
    stream = stream_of(dynamodb)

    assert followed(dynamodb, stream) == Followed(Table.AUDIT, stream, stream)


def test_stream_that_is_off_is_none(dynamodb: "DynamoDBClient") -> None:
    """Its name may stay with the table."""
    switch_off(dynamodb)

    assert followed(dynamodb).stream is None


def test_stream_without_the_items_is_none(dynamodb: "DynamoDBClient") -> None:
    """Only with both images the witness can judge a change."""
    dynamodb.delete_table(TableName="trail")
    make(dynamodb, "KEYS_ONLY")

    assert followed(dynamodb).stream is None


@pytest.mark.parametrize(
    ("state", "is_read"), [("Enabled", True), ("Updating", True), ("Disabled", False)]
)
def test_mapping_that_is_off_reads_nothing(
    dynamodb: "DynamoDBClient", state: str, *, is_read: bool
) -> None:
    """One that is being changed goes on afterwards."""
    assert followed(dynamodb, "stream-1", state).read == ("stream-1" if is_read else None)


def test_mapping_that_is_gone_reads_nothing(dynamodb: "DynamoDBClient") -> None:
    """Lambda knows it no more."""
    functions = boto3.client("lambda", region_name=REGION)
    watch = StreamWatch(dynamodb, functions, {Table.AUDIT: "trail"}, {Table.AUDIT: MAPPING})

    (found,) = watch.followed()

    assert found.read is None
