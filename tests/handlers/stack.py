"""What template.yaml declares, made inside this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

from tests.conftest import REGION
from tests.handlers.calls import EVENTS, Json
from tests.template.cloudformation import as_written

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

ENVIRONMENT: dict[str, str] = json.loads((EVENTS / "env.json").read_text())["Parameters"]
BUCKET = ENVIRONMENT["EVIDENCE_BUCKET"]
BUS = ENVIRONMENT["EVENT_BUS_NAME"]

# What moto needs of a table; the rest is about backups, encryption and billing.
_PARTS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


@dataclass(frozen=True)
class Stack:
    """Clients of the services behind the functions."""

    dynamodb: "DynamoDBClient"
    s3: "S3Client"
    events: "EventBridgeClient"
    sqs: "SQSClient"
    kms: "KMSClient"

    def items(self, table: str) -> list[Json]:
        """Return everything in a table."""
        found: list[Json] = list(self.dynamodb.scan(TableName=table, ConsistentRead=True)["Items"])
        return found

    def lose_bus(self) -> None:
        """Let the bus refuse every call."""
        self.events.delete_event_bus(Name=BUS)

    def regain_bus(self) -> None:
        """Let the bus take events again."""
        self.events.create_event_bus(Name=BUS)

    def listen(self) -> Callable[[], list[Json]]:
        """Put a queue behind the bus; return what hands over the events that came since."""
        queue = self.sqs.create_queue(QueueName="listener")["QueueUrl"]
        about = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        self.events.put_rule(
            Name="all", EventBusName=BUS, EventPattern='{"source": ["training.sessions"]}'
        )
        self.events.put_targets(
            Rule="all",
            EventBusName=BUS,
            Targets=[{"Id": "listener", "Arn": about["Attributes"]["QueueArn"]}],
        )
        return lambda: [
            json.loads(message["Body"])
            for message in self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get(
                "Messages", []
            )
        ]


def create() -> Stack:
    """Create tables, bucket and bus, and return what reaches them."""
    stack = Stack(*map(_client, ("dynamodb", "s3", "events", "sqs", "kms")))
    for name, parts in _tables().items():
        stack.dynamodb.create_table(TableName=ENVIRONMENT[name], **parts)
    stack.s3.create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
        ObjectLockEnabledForBucket=True,
    )
    stack.regain_bus()
    for name in ("SIGNING_KEY", "REPORT_KEY"):
        key = stack.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        stack.kms.create_alias(AliasName=ENVIRONMENT[name], TargetKeyId=key["KeyId"])
    return stack


@cache
def _client(service: Any) -> Any:  # noqa: ANN401 - the stubs' overloads take literals
    # Kept for all tests: making one costs more than most tests do.
    return boto3.client(service, region_name=REGION)


@cache
def _tables() -> dict[str, Json]:
    """Return the tables' definitions by the variable that names them: SESSIONS_TABLE."""
    tables = as_written().resources("AWS::DynamoDB::Table")
    return {
        f"{name.removesuffix('Table').upper()}_TABLE": {
            part: definition[part] for part in _PARTS if part in definition
        }
        for name, definition in tables.items()
    }
