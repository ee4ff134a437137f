"""The deployed tables once more, in AWS's engine."""

from typing import TYPE_CHECKING, Any

from local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What changes the behaviour of a table; the rest is about backups, encryption and billing.
_PARTS = ("AttributeDefinitions", "KeySchema", "StreamSpecification")
_PARTS_OF_INDEX = ("IndexName", "KeySchema", "Projection")


def create_tables(stack: Stack) -> None:
    """Create each table of *stack* as MiniStack deployed it, unless it is there already."""
    engine, deployed = _client(stack, stack.endpoint_of("dynamodb")), _client(stack, stack.endpoint)
    there = engine.list_tables()["TableNames"]
    for name in stack.tables.model_dump().values():
        if name not in there:
            engine.create_table(TableName=name, **_parts(deployed, name))


def _client(stack: Stack, endpoint: str) -> "DynamoDBClient":
    return stack.session().client("dynamodb", endpoint_url=endpoint)


def _parts(deployed: "DynamoDBClient", name: str) -> Any:  # noqa: ANN401 - as boto3 takes it
    table: dict[str, Any] = {**deployed.describe_table(TableName=name)["Table"]}
    parts = {part: table[part] for part in _PARTS if part in table}
    indexes = [
        {part: index[part] for part in _PARTS_OF_INDEX}
        for index in table.get("GlobalSecondaryIndexes", [])
    ]
    if indexes:
        parts["GlobalSecondaryIndexes"] = indexes
    return parts | {"BillingMode": "PAY_PER_REQUEST"}
