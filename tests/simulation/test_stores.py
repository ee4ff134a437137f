"""The simulated stores keep the contract of the stores that run in AWS, test by test."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes import World
from tests.simulation import stores as simulated
from tests.simulation.database import Database
from tests.simulation.scheduler import Scheduler
from tests.storage.conftest import Stores
from tests.storage.test_audit_trail import TestAuditTrail
from tests.storage.test_compliance_store import TestComplianceStore
from tests.storage.test_course_store import TestCourseStore
from tests.storage.test_finalization_store import TestCommit, TestSealStageComplete
from tests.storage.test_outbox import TestOutbox
from tests.storage.test_record_store import TestRecordStore
from tests.storage.test_session_store import TestSessionStore

# Collected here once more, for the stores that the fixture below makes.
__all__ = [
    "TestAuditTrail",
    "TestCommit",
    "TestComplianceStore",
    "TestCourseStore",
    "TestOutbox",
    "TestRecordStore",
    "TestSealStageComplete",
    "TestSessionStore",
]

MAX_ACTIONS = 100


class Alone:
    """A store whose every call is made by the only actor there is."""

    def __init__(self, store: object, scheduler: Scheduler) -> None:
        self._store = store
        self._scheduler = scheduler

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:  # noqa: ANN401 - whatever the store takes and gives
            answers: list[Any] = []
            refusals: list[Exception] = []

            def run() -> None:
                try:
                    answers.append(getattr(self._store, name)(*arguments))
                except Exception as refusal:  # noqa: BLE001 - raised below
                    refusals.append(refusal)

            self._scheduler.spawn(name, run)
            self._scheduler.run()
            for refusal in refusals:
                raise refusal
            return answers[0]

        return call


@pytest.fixture
def stores() -> Stores:
    """Return the simulated stores; lists of sessions and evidence are nothing they simulate."""
    scheduler = Scheduler(0)
    database, evidence = Database(scheduler), World().evidence
    sessions = simulated.Sessions(database, scheduler.pause)
    finalizations = simulated.Finalizations(database, sessions, scheduler.pause, MAX_ACTIONS)

    def alone(store: object) -> Any:  # noqa: ANN401 - stands in for any port
        return Alone(store, scheduler)

    return Stores(
        alone(sessions),
        alone(simulated.Courses(database)),
        alone(simulated.Records(database, scheduler.pause)),
        alone(simulated.ComplianceResults(database)),
        alone(simulated.OutboxTable(database)),
        alone(finalizations),
        evidence,
        alone(simulated.Trail(database, scheduler.pause)),
        World().vault,
        evidence.versions,
        evidence.labels.get,
    )
