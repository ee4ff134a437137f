"""Calls whose answer is lost: written once, and known to be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from botocore.exceptions import ReadTimeoutError

from shared.domain.contention import LostRace
from shared.domain.errors import Busy
from shared.domain.outbox import entry_for
from shared.domain.roster import RowChange
from shared.storage.database import Connection
from tests.builders import (
    NOW,
    SESSION_ID,
    a_course,
    a_cuid,
    a_plan,
    a_session,
    a_snapshot,
    a_standing,
    a_step,
    an_absentee,
    an_attendee,
    attendees,
    changed,
)
from tests.storage.conftest import Stores

TIMEOUT = ReadTimeoutError(endpoint_url="https://dynamodb.test")
LATER = NOW + timedelta(hours=1)


class Faults:
    """Faults that each strike once, on the next call of an operation."""

    def __init__(self, connection: Connection) -> None:
        self._events = connection.client.meta.events
        self.struck: list[str] = []

    def lose_answer(self, operation: str) -> None:
        """Carry the next *operation* out, and lose its answer."""
        self._strike(f"after-call.dynamodb.{operation}")

    def lose_request(self, operation: str) -> None:
        """Lose the next *operation* before it takes effect."""
        self._strike(f"before-call.dynamodb.{operation}")

    def _strike(self, event: str) -> None:
        def strike(**_: object) -> None:
            self._events.unregister(event, strike)
            self.struck.append(event)
            raise TIMEOUT

        self._events.register_first(event, strike)


@pytest.fixture
def faults(connection: Connection) -> Faults:
    """Return a way to lose calls of the real stores."""
    return Faults(connection)


def test_save_whose_answer_is_lost_is_found_written(real: Stores, faults: Faults) -> None:
    """One version, not two, and no refusal."""
    before = a_snapshot(an_attendee(1)).session
    real.sessions.save(a_step(before, None, [RowChange(None, an_attendee(1))]))
    change = RowChange(an_attendee(1), an_absentee(1, revision=2))
    faults.lose_answer("TransactWriteItems")

    real.sessions.save(a_step(changed(before, "mine"), before.version, [change]))

    assert len(faults.struck) == 1
    assert real.sessions.load(SESSION_ID) == changed(before, "mine")
    assert real.sessions.attendees(SESSION_ID, [a_cuid(1)]) == [an_absentee(1, revision=2)]


def test_save_that_is_lost_itself_is_repeated(real: Stores, faults: Faults) -> None:
    """What took no effect is written by the next attempt."""
    faults.lose_request("TransactWriteItems")

    real.sessions.save(a_step(a_session(), None))

    assert len(faults.struck) == 1
    assert real.sessions.load(SESSION_ID) == a_session()


def test_save_that_lost_while_its_answer_was_lost_is_told_so(real: Stores, faults: Faults) -> None:
    """A rival that won meanwhile is not mistaken for ourselves."""
    before = a_session()
    real.sessions.save(a_step(before, None))
    real.sessions.save(a_step(changed(before, "rival"), before.version))
    faults.lose_request("TransactWriteItems")

    with pytest.raises(LostRace):
        real.sessions.save(a_step(changed(before, "mine"), before.version))

    assert real.sessions.load(SESSION_ID).audit_head == "rival"


@pytest.mark.parametrize("lose", ["lose_answer", "lose_request"])
def test_commit_is_written_once_whatever_is_lost(real: Stores, faults: Faults, lose: str) -> None:
    """All records, once, and what is owed, once."""
    plan = a_plan(a_snapshot(*attendees(3)))
    real.sessions.save(a_step(plan.before, None))
    getattr(faults, lose)("TransactWriteItems")

    real.finalizations.commit(plan)

    assert len(faults.struck) == 1
    assert real.sessions.load(SESSION_ID) == plan.completed
    people = [record.personnel_id for record in plan.records]
    assert real.records.of_session(plan.completed, people) == list(plan.records)
    assert list(real.outbox.due(LATER)) == [entry_for(SESSION_ID, plan.decision)]


@pytest.mark.parametrize("lose", ["lose_answer", "lose_request"])
def test_seal_stage_and_complete_stand_whatever_is_lost(
    real: Stores, faults: Faults, lose: str
) -> None:
    """Each step is written once, or again to the same effect."""
    plan = a_plan(a_snapshot(*attendees(3)))
    real.sessions.save(a_step(plan.before, None))
    for operation in ("TransactWriteItems", "BatchWriteItem", "PutItem"):
        getattr(faults, lose)(operation)

    real.finalizations.seal(plan)
    real.finalizations.stage(plan.records, lambda: True)
    real.finalizations.complete(plan.after_seal())

    assert len(faults.struck) == 3
    completed = real.sessions.load(SESSION_ID)
    assert completed == plan.after_seal().completed
    people = [record.personnel_id for record in plan.records]
    assert real.records.of_session(completed, people) == list(plan.records)


def test_calculation_whose_answer_is_lost_is_made_again(real: Stores, faults: Faults) -> None:
    """The caller is told to come back; the event is delivered again."""
    faults.lose_answer("PutItem")

    with pytest.raises(Busy):
        real.compliance.save(a_standing())

    assert real.compliance.of_person(a_cuid(1)) == [a_standing()]


READS: dict[str, tuple[str, Callable[[Stores], object]]] = {
    "load": ("GetItem", lambda stores: stores.sessions.load(SESSION_ID)),
    "read": ("Query", lambda stores: stores.sessions.read(SESSION_ID)),
    "attendees": (
        "BatchGetItem",
        lambda stores: stores.sessions.attendees(SESSION_ID, [a_cuid(1)]),
    ),
    "page": ("Query", lambda stores: stores.sessions.page([a_session().status], 10, None)),
    "course": ("GetItem", lambda stores: stores.courses.load("c")),
    "save course": ("UpdateItem", lambda stores: stores.courses.save(a_course())),
    "of_person": ("Query", lambda stores: stores.records.of_person(a_cuid(1))),
    "written": ("BatchGetItem", lambda stores: stores.records.written(a_session(), [a_cuid(1)])),
    "standings": ("Query", lambda stores: stores.compliance.of_person(a_cuid(1))),
    "in_course": ("BatchGetItem", lambda stores: stores.compliance.in_course("c", [a_cuid(1)])),
    "due": ("Query", lambda stores: list(stores.outbox.due(NOW))),
}


@pytest.mark.parametrize(("operation", "call"), READS.values(), ids=READS.keys())
def test_call_without_an_answer_is_a_refusal(
    real: Stores, faults: Faults, operation: str, call: Callable[[Stores], object]
) -> None:
    """Nobody decides on what could not be read, and nobody is shown a stack trace."""
    faults.lose_request(operation)

    with pytest.raises(Busy):
        call(real)

    assert len(faults.struck) == 1
