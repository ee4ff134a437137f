"""The stack as its operator sees it, behind the API: tables, bucket, functions and their logs."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from local import sam
from local.stack import Stack
from local.workspace import ROOT
from shared.domain.plan import plan_of
from shared.domain.session import Snapshot
from shared.storage.mapping import attendee_from, session_from
from shared.storage.models import AttendeeItem, SessionItem
from testing.api import Json, Session
from testing.waiting import wait_until

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

Item = dict[str, Any]

FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
OUTBOX_SHARDS = 8


class Operator:
    """Root access to one stack."""

    def __init__(self, stack: Stack) -> None:
        session = stack.session()
        self.stack = stack
        self.dynamodb: DynamoDBClient = session.client(
            "dynamodb", endpoint_url=stack.endpoint_of("dynamodb")
        )
        self.events: EventBridgeClient = session.client("events", endpoint_url=stack.endpoint)
        self.lambda_: LambdaClient = session.client("lambda", endpoint_url=stack.endpoint)
        self.logs: CloudWatchLogsClient = session.client("logs", endpoint_url=stack.endpoint)
        self.s3: S3Client = session.client("s3", endpoint_url=stack.endpoint)
        self.sqs: SQSClient = session.client("sqs", endpoint_url=stack.endpoint)
        self._cloudformation: CloudFormationClient = session.client(
            "cloudformation", endpoint_url=stack.endpoint
        )

    @cached_property
    def resources(self) -> dict[str, str]:
        """Physical ids by the names of the template."""
        pages = self._cloudformation.get_paginator("list_stack_resources")
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages.paginate(StackName=self.stack.stack_name)
            for resource in page["StackResourceSummaries"]
        }

    def state(self, session: Session) -> Json:
        """Return all that is stored of *session*, for comparison."""
        return {
            "session": self.rows(session),
            "records": self.records(session),
            "outbox": self.outbox(session),
            "sheets": self.versions(session),
        }

    def rows(self, session: Session) -> Sequence[Item]:
        """Return the session's own item and its attendees'."""
        return self.items(self.stack.tables.sessions, "sessionId", session.session_id)

    def own_row(self, session: Session) -> Item:
        """Return the session's own item."""
        return next(row for row in self.rows(session) if row["item"]["S"] == "SESSION")

    def lock_again(self, session: Session) -> None:
        """
        Put a finalized session back to just before its completion, after its events
        were published.
        """
        last = session.people[-1]
        wait_until(f"{last} to be recalculated", lambda: bool(self.standing(session, last)))
        self.edit(session, "status", {"S": "FINALIZING"})

    def edit(self, session: Session, name: str, value: Item) -> None:
        """Set one attribute of the session's own item by hand."""
        self.dynamodb.update_item(
            TableName=self.stack.tables.sessions,
            Key={"sessionId": {"S": session.session_id}, "item": {"S": "SESSION"}},
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )

    def age_announcement(self, session: Session) -> None:
        """Let 16 minutes pass since the latest sheet of *session* was announced."""
        pending = self.own_row(session)["pendingUpload"]
        pending["M"]["uploadedAt"] = {"S": (datetime.now(UTC) - timedelta(minutes=16)).isoformat()}
        self.edit(session, "pendingUpload", pending)

    def course(self, course_id: str) -> Item:
        """Return a course as it is stored, empty if it is not."""
        key = {"courseId": {"S": course_id}}
        found = self.dynamodb.get_item(TableName=self.stack.tables.courses, Key=key)
        return found.get("Item", {})

    def records(self, session: Session) -> Sequence[Item]:
        """Return every record of the people on the roster."""
        table = self.stack.tables.records
        return [
            record
            for person in session.people
            for record in self.items(table, "personnelId", person)
        ]

    def delete_record(self, session: Session, person: str) -> None:
        """Delete one person's record by hand, as the spec tells an admin to."""
        (record,) = self.items(self.stack.tables.records, "personnelId", person)
        key = {name: record[name] for name in ("personnelId", "recordId")}
        assert record["sessionId"]["S"] == session.session_id
        self.dynamodb.delete_item(TableName=self.stack.tables.records, Key=key)

    def standing(self, session: Session, person: str) -> Item:
        """Return the stored standing of one person in the session's course, empty if none is."""
        key = {"personnelId": {"S": person}, "courseId": {"S": session.course_id}}
        found = self.dynamodb.get_item(
            TableName=self.stack.tables.compliance, Key=key, ConsistentRead=True
        )
        return found.get("Item", {})

    def standings(self, session: Session) -> dict[str, str]:
        """Return the stored status in the session's course of everyone who has one."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.stack.tables.compliance,
            ConsistentRead=True,
            FilterExpression="courseId = :course",
            ExpressionAttributeValues={":course": {"S": session.course_id}},
        )
        rows = (row for page in pages for row in page["Items"])
        return {row["personnelId"]["S"]: row["status"]["S"] for row in rows}

    def outbox(self, session: Session) -> Sequence[Item]:
        """Return the outbox entries of *session*."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.stack.tables.outbox)
        rows = (row for page in pages for row in page["Items"])
        return [row for row in rows if row["sessionId"]["S"] == session.session_id]

    def owe(self, session: Session, hours: int) -> None:
        """Finalize *session* as of *hours* ago, with its events still in the outbox."""
        moment = datetime.now(UTC) - timedelta(hours=hours)
        self.edit(session, "finalizedAt", {"S": f"{moment:%Y-%m-%dT%H:%M:%S.%f%z}"})
        self.edit(session, "manifestSha256", {"S": self._manifest_sha256(session)})
        decision = self.own_row(session)["finalizationId"]["S"]
        shard = hashlib.sha256(session.session_id.encode()).digest()[0] % OUTBOX_SHARDS
        due = f"{moment + timedelta(seconds=30):%Y-%m-%dT%H:%M:%S.%fZ}#{decision}"
        self.put_outbox_row(str(shard), due, session.session_id)

    def _manifest_sha256(self, session: Session) -> str:
        """Return the hash of the manifest that the session would have been finalized with."""
        rows = self.rows(session)
        own = session_from(SessionItem.from_raw_data(self.own_row(session)))
        people = (attendee_from(AttendeeItem.from_raw_data(row)) for row in rows if "name" in row)
        assert own.finalization is not None
        undecided = replace(own.finalization, manifest_sha256="")
        plan = plan_of(Snapshot(replace(own, finalization=undecided), tuple(people)))
        return plan.decision.manifest_sha256

    def put_outbox_row(self, shard: str, due: str, session_id: str) -> None:
        """Put a row into the outbox by hand."""
        row = {"shard": {"S": shard}, "due": {"S": due}, "sessionId": {"S": session_id}}
        self.dynamodb.put_item(TableName=self.stack.tables.outbox, Item=row)

    def delete_outbox_row(self, shard: str, due: str) -> None:
        """Remove a row from the outbox by hand."""
        key = {"shard": {"S": shard}, "due": {"S": due}}
        self.dynamodb.delete_item(TableName=self.stack.tables.outbox, Key=key)

    def versions(self, session: Session) -> Sequence[tuple[str, str]]:
        """Return key and version of every sheet that was stored for *session*."""
        found = self.s3.list_object_versions(
            Bucket=self.stack.bucket, Prefix=f"evidence/{session.session_id}/"
        )
        return [(version["Key"], version["VersionId"]) for version in found.get("Versions", [])]

    def tags(self, session: Session, key: str) -> dict[str, str]:
        """Return the tags of the one version that *key* has."""
        (version,) = [found for name, found in self.versions(session) if name == key]
        tags = self.s3.get_object_tagging(Bucket=self.stack.bucket, Key=key, VersionId=version)
        return {tag["Key"]: tag["Value"] for tag in tags["TagSet"]}

    def recalculates_nothing(self) -> bool:
        """Return whether the queue of recalculations is empty, including messages in flight."""
        url = self.resources["RecalculationQueue"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        waiting = found["ApproximateNumberOfMessages"]
        return waiting == found["ApproximateNumberOfMessagesNotVisible"] == "0"

    def invoke(self, function: str, event: Json) -> Json:
        """
        Invoke a function, named by its folder; return its answer, or its error as
        Lambda gives it.
        """
        answer = self.lambda_.invoke(
            FunctionName=self.resources[sam.logical_id(function)], Payload=json.dumps(event)
        )
        return {"error": answer.get("FunctionError"), "payload": json.load(answer["Payload"])}

    def lines(self, function: str, about: str) -> list[Json]:
        """Return the structured lines of a function's log that contain *about*."""
        group = f"/{self.stack.stack_name}/{function}"
        pages = self.logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        messages = (event["message"] for page in pages for event in page["events"])
        return [json.loads(text) for text in messages if about in text and text.startswith("{")]

    def put(self, table: str, item: Item) -> None:
        """Put a row into a table by hand."""
        self.dynamodb.put_item(TableName=table, Item=item)

    def delete(self, table: str, item: Item, *key: str) -> None:
        """Remove a row, which these attributes name, by hand."""
        self.dynamodb.delete_item(TableName=table, Key={name: item[name] for name in key})

    def items(self, table: str, key: str, value: str) -> list[Item]:
        """Return every row under one key, read consistently."""
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=table,
            ConsistentRead=True,
            KeyConditionExpression="#key = :value",
            ExpressionAttributeNames={"#key": key},
            ExpressionAttributeValues={":value": {"S": value}},
        )
        return [item for page in pages for item in page["Items"]]
