"""Every store twice: in memory, and on the tables and the bucket that template.yaml declares."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from shared.domain.evidence import ObjectVersion
from shared.domain.ports import (
    AuditTrail,
    ComplianceStore,
    CourseStore,
    FinalizationStore,
    Outbox,
    RecordStore,
    SessionStore,
)
from shared.domain.sheets import EvidenceStore
from shared.domain.vault import Vault
from shared.storage.audit import DynamoAuditTrail
from shared.storage.compliance import DynamoComplianceStore
from shared.storage.courses import DynamoCourseStore
from shared.storage.database import Connection, Tables, connect
from shared.storage.evidence import S3EvidenceStore
from shared.storage.finalizations import DynamoFinalizationStore
from shared.storage.outbox import DynamoOutbox
from shared.storage.records import DynamoRecordStore
from shared.storage.sessions import DynamoSessionStore
from shared.storage.vault import S3Vault
from tests.conftest import REGION
from tests.fakes import World, no_pause
from tests.handlers.stack import BUCKET, ENVIRONMENT, Stack, create

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LINK_SECONDS = 900


@dataclass(frozen=True)
class Stores:
    """All ports over one database and one bucket, and a look into the bucket."""

    sessions: SessionStore
    courses: CourseStore
    records: RecordStore
    compliance: ComplianceStore
    outbox: Outbox
    finalizations: FinalizationStore
    evidence: EvidenceStore
    trail: AuditTrail
    vault: Vault
    versions: Callable[[str], list[ObjectVersion]]
    label_of: Callable[[ObjectVersion], str | None]


@pytest.fixture(scope="module")
def connection() -> Connection:
    """Bind the models to the tables, once: a client costs more than most tests do."""
    tables = Tables(
        sessions=ENVIRONMENT["SESSIONS_TABLE"],
        courses=ENVIRONMENT["COURSES_TABLE"],
        records=ENVIRONMENT["RECORDS_TABLE"],
        compliance=ENVIRONMENT["COMPLIANCE_TABLE"],
        outbox=ENVIRONMENT["OUTBOX_TABLE"],
        audit=ENVIRONMENT["AUDIT_TABLE"],
        sheets=ENVIRONMENT["SHEETS_TABLE"],
    )
    return connect(tables, REGION)


@pytest.fixture
def stack(aws: str) -> Stack:  # noqa: ARG001 - AWS must be there first
    """Stand in for the deployed tables and bucket, empty at the start of each test."""
    return create()


@pytest.fixture
def real(stack: Stack, connection: Connection) -> Stores:
    """Return the stores that run in AWS."""
    sessions = DynamoSessionStore(connection, no_pause)

    def versions(key: str) -> list[ObjectVersion]:
        found = stack.s3.list_object_versions(Bucket=BUCKET, Prefix=key).get("Versions", [])
        return [ObjectVersion(version["Key"], version["VersionId"]) for version in found]

    def label_of(version: ObjectVersion) -> str | None:
        tags = stack.s3.get_object_tagging(
            Bucket=BUCKET, Key=version.key, VersionId=version.version_id
        )["TagSet"]
        return {tag["Key"]: tag["Value"] for tag in tags}.get("evidence")

    return Stores(
        sessions,
        DynamoCourseStore(),
        DynamoRecordStore(no_pause),
        DynamoComplianceStore(),
        DynamoOutbox(),
        DynamoFinalizationStore(connection, sessions, no_pause),
        S3EvidenceStore(_s3(), BUCKET, LINK_SECONDS),
        DynamoAuditTrail(no_pause),
        S3Vault(_s3(), BUCKET),
        versions,
        label_of,
    )


@pytest.fixture
def fake() -> Stores:
    """Return the stores that the use cases are tested on."""
    world = World()
    return Stores(
        world.sessions,
        world.courses,
        world.records,
        world.compliance,
        world.outbox,
        world.finalizations,
        world.evidence,
        world.trail,
        world.vault,
        world.evidence.versions,
        world.evidence.labels.get,
    )


@pytest.fixture(params=["fake", "real"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """Return either: what one refuses the other refuses."""
    chosen: Stores = request.getfixturevalue(request.param)
    return chosen


@cache
def _s3() -> "S3Client":
    return boto3.client("s3", region_name=REGION, config=Config(signature_version="s3v4"))
