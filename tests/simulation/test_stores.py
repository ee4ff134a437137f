"""The real stores fulfil their contract tests on the model of DynamoDB as on the emulator."""

import pytest

from shared.storage.audit import DynamoAuditTrail
from shared.storage.compliance import DynamoComplianceStore
from shared.storage.courses import DynamoCourseStore
from shared.storage.finalizations import DynamoFinalizationStore
from shared.storage.outbox import DynamoOutbox
from shared.storage.records import DynamoRecordStore
from shared.storage.sessions import DynamoSessionStore
from testing.fakes import FakeWiring
from testing.origins import an_origin
from tests.simulation.lanes import Lanes
from tests.simulation.scheduler import Scheduler
from tests.simulation.transport import connected
from tests.storage.conftest import Stores
from tests.storage.test_audit_trail import TestAuditTrail
from tests.storage.test_compliance_store import TestComplianceStore
from tests.storage.test_course_store import TestCourseStore
from tests.storage.test_finalization_store import TestCommit, TestLockStageComplete
from tests.storage.test_outbox import TestOutbox
from tests.storage.test_record_store import TestRecordStore
from tests.storage.test_session_store import TestSessionStore

# Collected here a second time, for the stores of the fixture below.
__all__ = [
    "TestAuditTrail",
    "TestCommit",
    "TestComplianceStore",
    "TestCourseStore",
    "TestLockStageComplete",
    "TestOutbox",
    "TestRecordStore",
    "TestSessionStore",
]


@pytest.fixture
def stores() -> Stores:
    """Return the real stores on the model; evidence is not simulated."""
    scheduler = Scheduler(0)
    connection, _ = connected(scheduler)
    pause, evidence = scheduler.pause, FakeWiring().evidence
    sessions = DynamoSessionStore(connection, pause, an_origin)
    return Stores(
        sessions,
        DynamoCourseStore(connection, pause, an_origin),
        DynamoRecordStore(pause),
        DynamoComplianceStore(),
        DynamoOutbox(),
        DynamoFinalizationStore(connection, sessions, pause, executor=lambda _: Lanes(scheduler)),
        evidence,
        DynamoAuditTrail(pause, an_origin),
        FakeWiring().vault,
        FakeWiring().witness,
        evidence.versions,
        evidence.tags.get,
    )
