"""The server, with a new account on it for every history."""

import itertools
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import httpx
import pytest

from shared.storage.database import Connection, Tables, connect
from testing.template import as_written
from tests.conftest import REGION

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import TargetTypeDef
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

BUS = "training-sessions"
TABLES = Tables(
    sessions="SessionsTable",
    courses="CoursesTable",
    course_audit="CourseAuditTable",
    records="RecordsTable",
    compliance="ComplianceTable",
    outbox="OutboxTable",
    audit="AuditTable",
    sheets="SheetsTable",
)

# What the server needs of a table; the rest is about backups, encryption and deletion.
_PARTS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
# One server serves several modules, and each account is used only once.
_accounts = itertools.count(100_000_000_000)


@dataclass(frozen=True)
class Account:
    """What belongs to one history: MiniStack takes a number of twelve digits as an account."""

    bucket: str
    queue: str


class Cloud:
    """Clients of one server that all work in the account opened last."""

    connection: Connection
    s3: "S3Client"

    def __init__(self, endpoint: str, patch: pytest.MonkeyPatch) -> None:
        for name, value in _environment(endpoint).items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        session = boto3.Session(region_name=REGION)
        self.connection = connect(TABLES, REGION)
        self.s3 = session.client("s3")
        self.events: EventBridgeClient = session.client("events")
        self.sqs: SQSClient = session.client("sqs")
        self.http = httpx.Client(trust_env=False)
        self._dynamodb = session.client("dynamodb")
        # The clients keep these objects, and sign with their current content.
        self._keys = [session.get_credentials(), self.connection.session.get_credentials()]
        self._tables = as_written().resources("AWS::DynamoDB::Table")

    def open_account(self) -> Account:
        """Move to an unused account, with empty tables, a bucket, and a queue at the bus."""
        account = str(next(_accounts))
        for key in self._keys:
            assert key is not None
            key.access_key = account
        for name, definition in self._tables.items():
            parts = {part: definition[part] for part in _PARTS if part in definition}
            self._dynamodb.create_table(TableName=name, **parts)
        bucket = f"evidence-{account}"
        self.s3.create_bucket(
            Bucket=bucket,
            CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
            ObjectLockEnabledForBucket=True,
        )
        return Account(bucket, self._listen())

    def _listen(self) -> str:
        self.events.create_event_bus(Name=BUS)
        queue = self.sqs.create_queue(QueueName="listener")["QueueUrl"]
        found = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        self.events.put_rule(
            Name="all", EventBusName=BUS, EventPattern='{"source": ["training.sessions"]}'
        )
        target: TargetTypeDef = {"Id": "listener", "Arn": found["Attributes"]["QueueArn"]}
        self.events.put_targets(Rule="all", EventBusName=BUS, Targets=[target])
        return queue


def _environment(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": str(next(_accounts)),
        # The one secret of all accounts: signatures are checked.
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_ENDPOINT_URL": endpoint,
        "NO_PROXY": "127.0.0.1",
    }
