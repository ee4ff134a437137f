"""A server with the template's tables, the real stores on it, and sessions to run trials on."""

import itertools
import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest

from local import ministack
from local.stack import session as aws_session
from shared.domain.audit import GENESIS, Action
from shared.domain.roster import RowChange
from shared.domain.session import Attendee
from shared.domain.transition import transition
from shared.runtime.settings import Settings
from shared.runtime.wiring import Wiring
from shared.storage.limits import Limits
from testing import builders
from testing.environment import ENVIRONMENT
from testing.template import as_written, variable_of
from tests.conftest import REGION

Json = dict[str, Any]

SETTINGS = ENVIRONMENT
BUCKET = SETTINGS["EVIDENCE_BUCKET"]
BUS = SETTINGS["EVENT_BUS_NAME"]
QUEUE = "everything"
MOST_BYTES = 1024 * 1024

# MiniStack takes a number of twelve digits for the key of an account.
ACCOUNT = "202603100001"

# Enough to have several; the relay reads each of them in each trial.
FEW_SHARDS = 2


class _Wiring(Wiring):
    """The product's wiring, at the moment of all these sessions."""

    @staticmethod
    def now() -> datetime:
        """Return that moment."""
        return builders.NOW


WIRED: dict[str, Wiring] = {}

_PARTS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class PreparedSession:
    """A session no other test uses, the people who were present, and one who was not."""

    session_id: str
    present: tuple[str, ...]
    absent: str

    @property
    def roster(self) -> tuple[str, ...]:
        return (*self.present, self.absent)


@contextmanager
def running_server(home: Path, engine: str | None = None) -> Iterator[str]:
    """
    Start a server with empty tables, a bucket and a bus, and end it; yield its endpoint.

    The tables are in *engine*, if there is one.
    """
    server = ministack.start(home)
    try:
        ministack.wait_until_ready(server)
        _create_tables(engine or server.endpoint)
        _create(server.endpoint)
        yield server.endpoint
    finally:
        ministack.stop(server)


@cache
def client(service: Any, endpoint: str) -> Any:  # noqa: ANN401 - the stubs' overloads take literals
    """Return a client to inspect what is stored."""
    return aws_session(ACCOUNT, REGION).client(service, endpoint_url=endpoint)


def variables(endpoint: str) -> dict[str, str]:
    """
    Return what the functions' code needs to know of the server, and nothing of this machine's
    environment.
    """
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
        "EVIDENCE_MAX_BYTES": str(MOST_BYTES),
    }


def set_up(endpoint: str, patch: pytest.MonkeyPatch) -> None:
    """Connect the real wiring to the server, with pauses that are next to none."""
    for name, value in variables(endpoint).items():
        patch.setenv(name, value)
    patch.delenv("AWS_PROFILE", raising=False)
    patch.setattr(boto3, "DEFAULT_SESSION", None)
    rewire(patch, Limits(outbox_shards=FEW_SHARDS))


def rewire(patch: pytest.MonkeyPatch, limits: Limits) -> None:
    """Make a new wiring with these limits."""
    made = _Wiring(Settings.read(os.environ), short_pause, limits)
    # Derives the key of origins, so that each trial makes the same calls.
    made.origin_of("")
    patch.setitem(WIRED, "now", made)


def wiring() -> Wiring:
    """Return the current wiring."""
    return WIRED["now"]


def forget_records() -> None:
    """Let the store of records know no session yet, as in a new process."""
    vars(wiring()).pop("records", None)


def forget_origin() -> None:
    """Let the key of origins be derived again, as in a new process."""
    vars(wiring().origin_of).pop("_key", None)


def short_pause(attempt: int) -> None:
    """Pause for a very short random time, so that rivals do not stay in step."""
    time.sleep(random.uniform(0, 0.0005 * (1 + attempt)))  # noqa: S311 - no secret


def opened(present: int, **details: object) -> PreparedSession:
    """Register a session with an accepted sheet, in which all but one were present."""
    prepared = named(present)
    people = [_attendee(prepared, number) for number in range(len(prepared.roster))]
    session = builders.a_session(
        session_id=prepared.session_id,
        version=0,
        audit_head=GENESIS,
        details=builders.some_details(**details),
    )
    before, left = None, [RowChange(None, row) for row in people]
    while left:
        rows = wiring().sessions.first_batch(left)
        opened = transition(before, before or session, Action.REGISTERED, builders.a_change(), rows)
        wiring().sessions.save(opened)
        before, left = opened.after, left[len(rows) :]
    return prepared


def named(present: int) -> PreparedSession:
    """Return ids that were never used before."""
    name = f"{next(_numbers):06}"
    return PreparedSession(
        session_id=f"session-{name}",
        present=tuple(f"p{name}{number:06}" for number in range(present)),
        absent=f"p{name}{present:06}",
    )


def _attendee(prepared: PreparedSession, number: int) -> Attendee:
    person = prepared.roster[number]
    return Attendee(person, f"Person {number}", "Scaffolder", is_present=person != prepared.absent)


def _create_tables(endpoint: str) -> None:
    dynamodb = client("dynamodb", endpoint)
    for name, definition in as_written().resources("AWS::DynamoDB::Table").items():
        table = SETTINGS[variable_of(name)]
        parts = {part: definition[part] for part in _PARTS if part in definition}
        dynamodb.create_table(TableName=table, **parts)


def _create(endpoint: str) -> None:
    client("s3", endpoint).create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": REGION},
        ObjectLockEnabledForBucket=True,
    )
    _create_bus(endpoint)
    _create_keys(endpoint)


def _create_bus(endpoint: str) -> None:
    """Create the bus, and a queue that gets every event, so that they can be read after a death."""
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
    key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    kms.create_alias(AliasName=SETTINGS["ORIGIN_KEY"], TargetKeyId=key["KeyId"])
