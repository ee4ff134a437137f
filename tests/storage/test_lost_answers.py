"""Calls whose answer is lost: written once, and known to be written."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from botocore.exceptions import ReadTimeoutError

from shared.application.retry import ConcurrentChange
from shared.domain.errors import Busy
from shared.domain.outbox import entry_for
from shared.domain.roster import RowChange
from shared.storage.database import Connection
from testing.builders import (
    NOW,
    SESSION_ID,
    a_course,
    a_course_change,
    a_cuid,
    a_plan,
    a_session,
    a_snapshot,
    a_standing,
    a_transition,
    an_absentee,
    an_attendee,
    attendees,
    changed,
)
from tests.storage.conftest import Stores

TIMEOUT = ReadTimeoutError(endpoint_url="https://dynamodb.test")
LATER = NOW + timedelta(hours=1)


class Faults:
    """Faults that each happen once, on the next call of an operation."""

    def __init__(self, connection: Connection) -> None:
        self._events = connection.client.meta.events
        self.struck: list[str] = []

    def lose_answer(self, operation: str) -> None:
        """Let the next *operation* take effect, and lose its answer."""
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
    """There is one new version, and no refusal."""
    before = a_snapshot(an_attendee(1)).session
    real.sessions.save(a_transition(before, None, [RowChange(None, an_attendee(1))]))
    change = RowChange(an_attendee(1), an_absentee(1, revision=2))
    faults.lose_answer("TransactWriteItems")

    real.sessions.save(a_transition(changed(before, "mine"), before.version, [change]))

    assert len(faults.struck) == 1
    assert real.sessions.load(SESSION_ID) == changed(before, "mine")
    assert real.sessions.attendees(SESSION_ID, [a_cuid(1)]) == [an_absentee(1, revision=2)]


def test_save_that_is_lost_itself_is_repeated(real: Stores, faults: Faults) -> None:
    """A call that took no effect is repeated by the next attempt."""
    faults.lose_request("TransactWriteItems")

    real.sessions.save(a_transition(a_session(), None))

    assert len(faults.struck) == 1
    assert real.sessions.load(SESSION_ID) == a_session()


def test_save_that_lost_while_its_answer_was_lost_is_told_so(real: Stores, faults: Faults) -> None:
    """The other caller's change is not taken for our own."""
    before = a_session()
    real.sessions.save(a_transition(before, None))
    real.sessions.save(a_transition(changed(before, "rival"), before.version))
    faults.lose_request("TransactWriteItems")

    with pytest.raises(ConcurrentChange):
        real.sessions.save(a_transition(changed(before, "mine"), before.version))

    assert real.sessions.load(SESSION_ID).audit_head == "rival"


@pytest.mark.parametrize("lose", ["lose_answer", "lose_request"])
def test_commit_is_written_once_despite_lost_answers(
    real: Stores, faults: Faults, lose: str
) -> None:
    """All records and the outbox entry are written, each once."""
    plan = a_plan(a_snapshot(*attendees(3)))
    real.sessions.save(a_transition(plan.before, None))
    getattr(faults, lose)("TransactWriteItems")

    real.finalizations.commit(plan)

    assert len(faults.struck) == 1
    assert real.sessions.load(SESSION_ID) == plan.completed
    people = [record.personnel_id for record in plan.records]
    assert real.records.of_session(plan.completed, people) == list(plan.records)
    assert list(real.outbox.due(LATER)) == [entry_for(SESSION_ID, plan.decision)]


@pytest.mark.parametrize("lose", ["lose_answer", "lose_request"])
def test_lock_stage_and_complete_are_written_once_despite_lost_answers(
    real: Stores, faults: Faults, lose: str
) -> None:
    """Each step is written once, or again with the same effect."""
    plan = a_plan(a_snapshot(*attendees(3)))
    real.sessions.save(a_transition(plan.before, None))
    for operation in ("TransactWriteItems", "BatchWriteItem", "PutItem"):
        getattr(faults, lose)(operation)

    real.finalizations.lock(plan)
    real.finalizations.stage(plan.records, lambda: True)
    real.finalizations.complete(plan.after_lock())

    assert len(faults.struck) == 3
    completed = real.sessions.load(SESSION_ID)
    assert completed == plan.after_lock().completed
    people = [record.personnel_id for record in plan.records]
    assert real.records.of_session(completed, people) == list(plan.records)


@pytest.mark.parametrize("lose", ["lose_answer", "lose_request"])
def test_course_is_written_once_despite_a_lost_answer(
    real: Stores, faults: Faults, lose: str
) -> None:
    """The entry that the change would have written tells whether it was."""
    change = a_course_change(a_course())
    getattr(faults, lose)("TransactWriteItems")

    real.courses.save(change)

    assert len(faults.struck) == 1
    assert real.courses.load(change.after.course_id) == change.after
    assert list(real.courses.entries(change.after.course_id)) == [change.entry]


def test_calculation_whose_answer_is_lost_is_made_again(real: Stores, faults: Faults) -> None:
    """The caller has to come back later; the event is delivered again."""
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
    "course entries": ("Query", lambda stores: list(stores.courses.entries("c"))),
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
    """A call without an answer gives a refusal to retry, not a stack trace."""
    faults.lose_request(operation)

    with pytest.raises(Busy):
        call(real)

    assert len(faults.struck) == 1
