"""
Binding the models to real tables through one connection.
"""

from dataclasses import dataclass

from pynamodb.connection import Connection
from pynamodb.models import Model

from shared.storage.models import (
    AttendeeItem,
    ComplianceItem,
    CourseItem,
    OutboxItem,
    RecordItem,
    SessionItem,
    SessionPartition,
)

__all__ = ["Connection", "Tables", "connect"]

# A call must end well before API Gateway's 29 seconds, retries included.
CONNECT_SECONDS = 1
READ_SECONDS = 3
RETRIES = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """
    The names of the tables.
    """

    sessions: str
    courses: str
    records: str
    compliance: str
    outbox: str


def connect(tables: Tables, region: str) -> Connection:
    """
    Bind every model to its table and return the connection they share.

    One connection means one session and one client: each further one costs as much start-up time as
    the first.
    """
    connection = Connection(
        region=region,
        connect_timeout_seconds=CONNECT_SECONDS,
        read_timeout_seconds=READ_SECONDS,
        max_retry_attempts=RETRIES,
    )
    for model, table_name in _bindings(tables):
        _bind(model, table_name, region, connection)
    return connection


def _bindings(tables: Tables) -> list[tuple[type[Model], str]]:
    return [
        (SessionPartition, tables.sessions),
        (SessionItem, tables.sessions),
        (AttendeeItem, tables.sessions),
        (CourseItem, tables.courses),
        (RecordItem, tables.records),
        (ComplianceItem, tables.compliance),
        (OutboxItem, tables.outbox),
    ]


def _bind(model: type[Model], table_name: str, region: str, connection: Connection) -> None:
    model.Meta.table_name = table_name
    model.Meta.region = region
    model._connection = None  # noqa: SLF001 - a class keeps its first connection otherwise
    table = model._get_connection()  # noqa: SLF001 - PynamoDB offers no other way to share one
    connection.add_meta_table(table.get_meta_table())
    table.connection = connection
