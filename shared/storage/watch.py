"""Which stream each witnessed table has, and which one the witness reads."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.aws_errors import busy_if_unavailable
from shared.domain.tampering import Table
from shared.domain.watch import Followed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

# A mapping that is being changed goes on afterwards; any other state than these is an end.
_READING = {"Creating", "Enabling", "Enabled", "Updating"}
_IMAGES = "NEW_AND_OLD_IMAGES"


class StreamWatch:
    """Implements the `Watch` port, for the tables that have a mapping in *mappings*."""

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        functions: "LambdaClient",
        names: Mapping[Table, str],
        mappings: Mapping[Table, str],
    ) -> None:
        self._dynamodb = dynamodb
        self._functions = functions
        self._names = names
        self._mappings = mappings

    def followed(self) -> list[Followed]:
        return [
            Followed(table, self._stream(self._names[table]), self._read(mapping))
            for table, mapping in self._mappings.items()
        ]

    def _stream(self, name: str) -> str | None:
        with busy_if_unavailable():
            table = self._dynamodb.describe_table(TableName=name)["Table"]
        # A stream that was switched off stays the table's latest one.
        stream = table.get("StreamSpecification", {})
        tells = stream.get("StreamEnabled") and stream.get("StreamViewType") == _IMAGES
        return table.get("LatestStreamArn") if tells else None

    def _read(self, mapping: str) -> str | None:
        try:
            with busy_if_unavailable():
                found = self._functions.get_event_source_mapping(UUID=mapping)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise
        return found["EventSourceArn"] if found["State"] in _READING else None
