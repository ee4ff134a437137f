"""A server with the template's tables, and sessions that lack nothing but Finalize."""

import itertools
import json
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
from local.workspace import ROOT, STATE
from shared.runtime import wiring
from shared.storage.mapping import attendee_item, session_item
from shared.storage.models import SessionPartition
from tests import builders
from tests.template.cloudformation import as_written

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NAMES: dict[str, str] = json.loads((ROOT / "events" / "env.json").read_text())["Parameters"]
# What a table needs to behave; the rest is about backups and encryption.
PARTS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")

_numbers = itertools.count(1)


@dataclass(frozen=True)
class World:
    """The way to the tables for code that does not use the stores."""

    dynamodb: "DynamoDBClient"


@contextmanager
def world() -> Iterator[World]:
    """Start a server, make the tables, point the stores to it, and end it after the block."""
    with orderly_termination():
        server = ministack.start(STATE / "bench")
        try:
            with step("Starting MiniStack"):
                ministack.wait_until_ready(server)
            with patch.dict(os.environ, _environment(server.endpoint)):
                os.environ.pop("AWS_PROFILE", None)
                wiring.forget()
                yield _furnished()
        finally:
            ministack.stop(server)


def a_session(people: int) -> str:
    """Enter a session of that size: everybody there, the sheet accepted; return its id."""
    session_id = f"benchmark-{people}-{next(_numbers)}"
    snapshot = builders.a_snapshot(*builders.attendees(people), session_id=session_id)
    with SessionPartition.batch_write() as batch:
        batch.save(session_item(snapshot.session))
        for attendee in snapshot.attendees:
            batch.save(attendee_item(session_id, attendee))
    return session_id


def _environment(endpoint: str) -> dict[str, str]:
    return NAMES | {
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


def _furnished() -> World:
    dynamodb = boto3.client("dynamodb")
    for name, table in as_written().resources("AWS::DynamoDB::Table").items():
        parts: Any = {part: table[part] for part in PARTS if part in table}
        variable = f"{name.removesuffix('Table').upper()}_TABLE"
        dynamodb.create_table(TableName=NAMES[variable], **parts)
    boto3.client("events").create_event_bus(Name=NAMES["EVENT_BUS_NAME"])
    wiring.courses().save(builders.a_course())
    return World(dynamodb)
