"""The resources of template.yaml, made inside this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.events.models import events_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from testing.environment import ENVIRONMENT
from testing.template import as_written, variable_of
from tests.conftest import REGION
from tests.handlers.calls import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

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

    def edit(self, session_id: str, name: str, value: Json) -> None:
        """Set one attribute of a session's own item behind the API."""
        self.dynamodb.update_item(
            TableName=ENVIRONMENT["SESSIONS_TABLE"],
            Key={"sessionId": {"S": session_id}, "item": {"S": "SESSION"}},
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )

    def edit_row(self, session_id: str, personnel_id: str, name: str, value: Json) -> None:
        """Set one attribute of a person's row behind the API."""
        self.dynamodb.update_item(
            TableName=ENVIRONMENT["SESSIONS_TABLE"],
            Key={"sessionId": {"S": session_id}, "item": {"S": f"ATTENDEE#{personnel_id}"}},
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )

    def lose_row(self, session_id: str, personnel_id: str) -> None:
        """Remove one row of a session's roster behind the API."""
        row = {"sessionId": {"S": session_id}, "item": {"S": f"ATTENDEE#{personnel_id}"}}
        self.dynamodb.delete_item(TableName=ENVIRONMENT["SESSIONS_TABLE"], Key=row)

    def lose_bus(self) -> None:
        """Let the bus refuse every call."""
        self.events.delete_event_bus(Name=BUS)

    def regain_bus(self) -> None:
        """Let the bus accept events again."""
        self.events.create_event_bus(Name=BUS)

    def listen(self) -> Callable[[], list[Json]]:
        """Put a queue behind the bus; return what gives the events that came since."""
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
    """Create tables, bucket, bus and keys, and return their clients."""
    stack = Stack(*map(_client, ("dynamodb", "s3", "events", "sqs", "kms")))
    for name in ("SIGNING_KEY", "REPORT_KEY"):
        key = stack.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        stack.kms.create_alias(AliasName=ENVIRONMENT[name], TargetKeyId=key["KeyId"])
    key = stack.kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    stack.kms.create_alias(AliasName=ENVIRONMENT["ORIGIN_KEY"], TargetKeyId=key["KeyId"])
    empty(stack)
    return stack


def empty(stack: Stack) -> None:
    """Delete all that was stored and published, and make again what a test has removed."""
    there = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    for name, parts in tables().items():
        if ENVIRONMENT[name] in there:
            # Making a table again takes as long as a test.
            there[ENVIRONMENT[name]].items.clear()
        else:
            stack.dynamodb.create_table(TableName=ENVIRONMENT[name], **parts)
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].reset()
    stack.s3.create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
        ObjectLockEnabledForBucket=True,
    )
    sqs_backends[DEFAULT_ACCOUNT_ID][REGION].reset()
    events_backends[DEFAULT_ACCOUNT_ID][REGION].reset()
    stack.regain_bus()


def renew_tables(dynamodb: "DynamoDBClient") -> None:
    """Make every table again, empty, in an engine whose inside cannot be reached."""
    there = dynamodb.list_tables()["TableNames"]
    for name, parts in tables().items():
        if ENVIRONMENT[name] in there:
            dynamodb.delete_table(TableName=ENVIRONMENT[name])
        dynamodb.create_table(TableName=ENVIRONMENT[name], **parts)


@cache
def _client(service: Any) -> Any:  # noqa: ANN401 - the stubs' overloads take literals
    # Used by all tests: making one costs more than most tests do.
    return boto3.client(service, region_name=REGION)


@cache
def tables() -> dict[str, Json]:
    """Return the tables' definitions by the variable that names them: SESSIONS_TABLE."""
    declared = as_written().resources("AWS::DynamoDB::Table")
    return {
        variable_of(name): {part: definition[part] for part in _PARTS if part in definition}
        for name, definition in declared.items()
    }
