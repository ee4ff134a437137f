"""
Every store twice: in memory, and on the tables and the bucket that template.yaml declares.

The tables are moto's, or with --dynamodb-local those of AWS's own engine.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from shared.application.ports.evidence import EvidenceStore
from shared.application.ports.messaging import Outbox
from shared.application.ports.records import ComplianceStore, FinalizationStore, RecordStore
from shared.application.ports.sessions import AuditTrail, CourseStore, SessionIndex, SessionStore
from shared.application.ports.vault import Vault
from shared.domain.evidence import ObjectVersion
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
from shared.storage.witness import VaultWitness
from testing.environment import ENVIRONMENT
from testing.fakes import FakeSessions, FakeWiring, no_pause
from testing.origins import an_origin
from tests.conftest import AWS_ENGINE, REGION
from tests.handlers.stack import BUCKET, Stack, create, empty, renew_tables

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
    witness: VaultWitness
    versions: Callable[[str], list[ObjectVersion]]
    tag_of: Callable[[ObjectVersion], str | None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what AWS's own engine alone can judge, unless it is there."""
    if not config.getoption(AWS_ENGINE):
        left_out = [item for item in items if _is_for_aws_only(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _is_for_aws_only(item)]


def _is_for_aws_only(item: pytest.Item) -> bool:
    is_there = item.path.name == "test_size_of_items.py"
    return is_there and "stack" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="module")
def connection(created: Stack) -> Connection:  # noqa: ARG001 - the engine is chosen first
    """Bind the models to the tables, once: a client costs more than most tests do."""
    tables = Tables(
        sessions=ENVIRONMENT["SESSIONS_TABLE"],
        courses=ENVIRONMENT["COURSES_TABLE"],
        course_audit=ENVIRONMENT["COURSE_AUDIT_TABLE"],
        records=ENVIRONMENT["RECORDS_TABLE"],
        compliance=ENVIRONMENT["COMPLIANCE_TABLE"],
        outbox=ENVIRONMENT["OUTBOX_TABLE"],
        audit=ENVIRONMENT["AUDIT_TABLE"],
        sheets=ENVIRONMENT["SHEETS_TABLE"],
    )
    return connect(tables, REGION)


@pytest.fixture(scope="module")
def created(aws: str, engine: str | None) -> Iterator[Stack]:
    """Stand in for the deployed tables and bucket."""
    stack = create()
    with pytest.MonkeyPatch.context() as patch:
        if engine:
            patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", engine)
            stack = replace(stack, dynamodb=boto3.client("dynamodb", aws))
        yield stack


@pytest.fixture
def stack(created: Stack, engine: str | None) -> Stack:
    """Return the same, empty at the start of each test."""
    empty(created)
    if engine:
        renew_tables(created.dynamodb)
    return created


@pytest.fixture
def real(stack: Stack, connection: Connection) -> Stores:
    """Return the real stores, over the tables and the bucket."""
    sessions = DynamoSessionStore(connection, no_pause, an_origin)

    def versions(key: str) -> list[ObjectVersion]:
        found = stack.s3.list_object_versions(Bucket=BUCKET, Prefix=key).get("Versions", [])
        return [ObjectVersion(version["Key"], version["VersionId"]) for version in found]

    def tag_of(version: ObjectVersion) -> str | None:
        tags = stack.s3.get_object_tagging(
            Bucket=BUCKET, Key=version.key, VersionId=version.version_id
        )["TagSet"]
        return {tag["Key"]: tag["Value"] for tag in tags}.get("evidence")

    return Stores(
        sessions,
        DynamoCourseStore(connection, no_pause, an_origin),
        DynamoRecordStore(no_pause),
        DynamoComplianceStore(),
        DynamoOutbox(),
        DynamoFinalizationStore(connection, sessions, no_pause),
        S3EvidenceStore(_s3(), BUCKET, LINK_SECONDS),
        DynamoAuditTrail(no_pause, an_origin),
        S3Vault(_s3(), BUCKET),
        VaultWitness(S3Vault(_s3(), BUCKET)),
        versions,
        tag_of,
    )


@pytest.fixture
def fake() -> Stores:
    """Return the fake stores that the use cases are tested on."""
    world = FakeWiring()
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
        VaultWitness(world.vault),
        world.evidence.versions,
        world.evidence.tags.get,
    )


@pytest.fixture(params=["fake", "real"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """Return the real or the fake stores; both have to behave the same."""
    chosen: Stores = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture
def index(stores: Stores) -> SessionIndex:
    """Return the real or the fake sessions, as a walk over all of them uses them."""
    assert isinstance(stores.sessions, DynamoSessionStore | FakeSessions)
    return stores.sessions


@cache
def _s3() -> "S3Client":
    return boto3.client("s3", region_name=REGION, config=Config(signature_version="s3v4"))
