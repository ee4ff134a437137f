"""A server with the template's tables, and sessions that are ready to be finalized."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3

from local import ministack
from local.progress import step
from local.signals import orderly_termination
from local.workspace import STATE
from shared.runtime.wiring import wiring
from shared.storage.mapping import attendee_item, session_item
from shared.storage.models import SessionPartition
from testing import builders
from testing.environment import ENVIRONMENT
from testing.template import as_written, variable_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The properties that change a table's behaviour; the others are about backups and encryption.
PARTS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Server:
    """Access to the tables for code that does not use the stores."""

    dynamodb: "DynamoDBClient"


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server, create the tables, connect the stores to it, and stop it after the block."""
    with orderly_termination():
        server = ministack.start(STATE / "bench")
        try:
            with step("Starting MiniStack"):
                ministack.wait_until_ready(server)
            with patch.dict(os.environ, _environment(server.endpoint)):
                os.environ.pop("AWS_PROFILE", None)
                wiring.cache_clear()
                yield _with_tables()
        finally:
            ministack.stop(server)


def a_session(people: int) -> str:
    """Store a session of that size, everyone present and the sheet accepted; return its id."""
    session_id = f"benchmark-{people}-{next(_numbers)}"
    snapshot = builders.a_snapshot(*builders.attendees(people), session_id=session_id)
    with SessionPartition.batch_write() as batch:
        batch.save(session_item(snapshot.session))
        for attendee in snapshot.attendees:
            batch.save(attendee_item(session_id, attendee))
    return session_id


def _environment(endpoint: str) -> dict[str, str]:
    return ENVIRONMENT | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": ministack.REGION,
        "AWS_DEFAULT_REGION": ministack.REGION,
        "AWS_ACCESS_KEY_ID": ministack.ACCOUNT_ID,
        "AWS_SECRET_ACCESS_KEY": "unused",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        # The server is on this machine: no proxy can reach it.
        "NO_PROXY": "127.0.0.1",
        "POWERTOOLS_LOG_LEVEL": "WARNING",
    }


def _with_tables() -> Server:
    dynamodb = boto3.client("dynamodb")
    for name, table in as_written().resources("AWS::DynamoDB::Table").items():
        parts: Any = {part: table[part] for part in PARTS if part in table}
        dynamodb.create_table(TableName=ENVIRONMENT[variable_of(name)], **parts)
    boto3.client("events").create_event_bus(Name=ENVIRONMENT["EVENT_BUS_NAME"])
    kms = boto3.client("kms")
    key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    kms.create_alias(AliasName=ENVIRONMENT["ORIGIN_KEY"], TargetKeyId=key["KeyId"])
    # This derives the key of origins as well, so that what follows is measured in a warm process.
    wiring().courses.save(builders.a_course_change(builders.a_course()))
    return Server(dynamodb)
