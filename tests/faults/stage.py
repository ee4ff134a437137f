"""A server with the template's tables, the real stores on it, and sessions to play with."""

import itertools
import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest

import shared.domain.outbox
import shared.storage.outbox
from local import ministack
from local.stack import session as aws_session
from shared.domain.audit import GENESIS, Action
from shared.domain.portions import first_portion
from shared.domain.roster import RowChange
from shared.domain.session import Attendee
from shared.domain.step import step
from shared.runtime import wiring
from tests import builders
from tests.conftest import REGION
from tests.template.cloudformation import as_written

Json = dict[str, Any]

SETTINGS: dict[str, str] = json.loads(
    (Path(__file__).parents[2] / "events" / "env.json").read_text()
)["Parameters"]
BUCKET = SETTINGS["EVIDENCE_BUCKET"]
BUS = SETTINGS["EVENT_BUS_NAME"]
QUEUE = "everything"

# MiniStack takes a number of twelve digits for the key of an account.
ACCOUNT = "202603100001"

# Enough to have several; the relay asks each of them in each scenario.
FEW_SHARDS = ("0", "1")

_PARTS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Scene:
    """A session nobody else uses, the people who were present, and one who was not."""

    session_id: str
    present: tuple[str, ...]
    absent: str

    @property
    def roster(self) -> tuple[str, ...]:
        return (*self.present, self.absent)


@contextmanager
def running_server(home: Path) -> Iterator[str]:
    """Start a server with empty tables, a bucket and a bus, and end it; yield its endpoint."""
    server = ministack.start(home)
    try:
        ministack.wait_until_ready(server)
        _create(server.endpoint)
        yield server.endpoint
    finally:
        ministack.stop(server)


@cache
def client(service: Any, endpoint: str) -> Any:  # noqa: ANN401 - the stubs' overloads take literals
    """Return a client to look behind the scenes with."""
    return aws_session(ACCOUNT, REGION).client(service, endpoint_url=endpoint)


def environment(endpoint: str) -> dict[str, str]:
    """Return what the functions' code needs to know of the server, and nothing of the person's."""
    return SETTINGS | {
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "unused",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "NO_PROXY": "127.0.0.1",
        "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    }


def set_up(endpoint: str, patch: pytest.MonkeyPatch) -> None:
    """Let the real wiring reach the server, with pauses that are next to none."""
    for name, value in environment(endpoint).items():
        patch.setenv(name, value)
    patch.delenv("AWS_PROFILE", raising=False)
    patch.setattr(boto3, "DEFAULT_SESSION", None)
    patch.setattr(wiring, "pause", short_pause)
    for module in (shared.domain.outbox, shared.storage.outbox):
        patch.setattr(module, "SHARDS", FEW_SHARDS)
    wiring.forget()


def short_pause(attempt: int) -> None:
    """Wait next to nothing, but by chance, so that rivals do not go on in step."""
    time.sleep(random.uniform(0, 0.0005 * (1 + attempt)))  # noqa: S311 - no secret


def opened(present: int, **details: object) -> Scene:
    """Enter a session whose sheet is accepted and everybody but one was present."""
    scene = named(present)
    people = [_attendee(scene, number) for number in range(len(scene.roster))]
    session = builders.a_session(
        session_id=scene.session_id,
        version=0,
        audit_head=GENESIS,
        details=builders.some_details(**details),
    )
    before, left = None, [RowChange(None, row) for row in people]
    while left:
        rows = first_portion(left)
        opened = step(before, before or session, Action.REGISTERED, builders.a_change(), rows)
        wiring.sessions().save(opened)
        before, left = opened.after, left[len(rows) :]
    return scene


def named(present: int) -> Scene:
    """Return ids that were never used before."""
    name = f"{next(_numbers):06}"
    return Scene(
        session_id=f"session-{name}",
        present=tuple(f"p{name}{number:06}" for number in range(present)),
        absent=f"p{name}{present:06}",
    )


def _attendee(scene: Scene, number: int) -> Attendee:
    person = scene.roster[number]
    return Attendee(person, f"Person {number}", "Scaffolder", is_present=person != scene.absent)


def _create(endpoint: str) -> None:
    dynamodb = client("dynamodb", endpoint)
    for name, definition in as_written().resources("AWS::DynamoDB::Table").items():
        table = SETTINGS[f"{name.removesuffix('Table').upper()}_TABLE"]
        parts = {part: definition[part] for part in _PARTS if part in definition}
        dynamodb.create_table(TableName=table, **parts)
    client("s3", endpoint).create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": REGION},
        ObjectLockEnabledForBucket=True,
    )
    _create_bus(endpoint)
    _create_keys(endpoint)


def _create_bus(endpoint: str) -> None:
    """Create the bus, and a queue that gets all it takes, so that deaths leave traces."""
    events, sqs = client("events", endpoint), client("sqs", endpoint)
    url = sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    events.create_event_bus(Name=BUS)
    pattern = json.dumps({"source": [{"prefix": ""}]})
    events.put_rule(Name=QUEUE, EventBusName=BUS, EventPattern=pattern)
    events.put_targets(
        Rule=QUEUE, EventBusName=BUS, Targets=[{"Id": QUEUE, "Arn": arn["QueueArn"]}]
    )


def _create_keys(endpoint: str) -> None:
    kms = client("kms", endpoint)
    for name in ("SIGNING_KEY", "REPORT_KEY"):
        key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        kms.create_alias(AliasName=SETTINGS[name], TargetKeyId=key["KeyId"])
