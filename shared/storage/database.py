"""Binding the models to real tables through one connection."""

from dataclasses import dataclass

from pynamodb.connection import Connection, TableConnection
from pynamodb.models import Model

from shared.storage.models import (
    AttendeeItem,
    AuditItem,
    ComplianceItem,
    CourseAuditItem,
    CourseItem,
    OutboxItem,
    RecordItem,
    SessionItem,
    SessionPartition,
    SheetUseItem,
)

__all__ = ["Connection", "Tables", "connect"]

# A call must end well before API Gateway's 29 seconds, retries included.
CONNECT_SECONDS = 1
READ_SECONDS = 3
RETRIES = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of the tables."""

    sessions: str
    courses: str
    course_audit: str
    records: str
    compliance: str
    outbox: str
    audit: str
    sheets: str


def connect(tables: Tables, region: str) -> Connection:
    """
    Bind every model to its table and return the connection they share.

    One connection means one session and one client, and each client costs start-up time.
    """
    connection = Connection(
        region=region,
        connect_timeout_seconds=CONNECT_SECONDS,
        read_timeout_seconds=READ_SECONDS,
        max_retry_attempts=RETRIES,
    )
    described: set[str] = set()
    for model, table_name in _bindings(tables):
        table = _bound(model, table_name, region)
        if table_name not in described:
            connection.add_meta_table(table.get_meta_table())
            described.add(table_name)
        table.connection = connection
    return connection


def _bindings(tables: Tables) -> list[tuple[type[Model], str]]:
    return [
        # Three models share this table. The first one describes it, so it must have the index.
        (SessionItem, tables.sessions),
        (SessionPartition, tables.sessions),
        (AttendeeItem, tables.sessions),
        (CourseItem, tables.courses),
        (CourseAuditItem, tables.course_audit),
        (RecordItem, tables.records),
        (ComplianceItem, tables.compliance),
        (OutboxItem, tables.outbox),
        (AuditItem, tables.audit),
        (SheetUseItem, tables.sheets),
    ]


def _bound(model: type[Model], table_name: str, region: str) -> TableConnection:
    model.Meta.table_name = table_name
    model.Meta.region = region
    model._connection = None  # noqa: SLF001 - a class keeps its first connection otherwise
    return model._get_connection()  # noqa: SLF001 - PynamoDB offers no other way to share one
