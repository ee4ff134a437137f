"""The model of DynamoDB: as generous and as treacherous as the service itself."""

from collections.abc import Callable
from functools import partial

import pytest
from pynamodb.exceptions import PutError, TransactWriteError

from tests.simulation.database import Database, Write
from tests.simulation.scheduler import Scheduler

A, B = ("table", "a"), ("table", "b")
SEEDS = range(300)


def a_database(seed: int = 0) -> Database:
    """Return a database in which both items are old."""
    database = Database(Scheduler(seed))
    database.apply(Write(A, "old"))
    database.apply(Write(B, "old"))
    return database


def run(database: Database, *actions: Callable[[], object]) -> None:
    """Let actors do these things at once."""
    for number, action in enumerate(actions):
        database.scheduler.spawn(f"actor-{number}", action)
    database.scheduler.run()


def both_new(database: Database) -> None:
    """Renew both items in one transaction."""
    database.transact([Write(A, "new"), Write(B, "new")])


def test_transaction_appears_item_by_item() -> None:
    """While a transaction is applied a reader may see either item new and the other one old."""
    seen: set[tuple[str, ...]] = set()
    for seed in SEEDS:
        database = a_database(seed)

        def read(database: Database = database) -> None:
            seen.add((database.get(A), database.get(B)))
            seen.add(tuple(database.query("table")))

        run(database, partial(both_new, database), read)

    assert seen == {("old", "old"), ("new", "old"), ("old", "new"), ("new", "new")}


def test_transaction_is_answered_when_all_is_applied() -> None:
    """Whoever has the answer to a transaction finds all of it, whatever the schedule."""
    for seed in SEEDS:
        database, found = a_database(seed), list[list[str]]()

        def write_and_read(database: Database = database, found: list[list[str]] = found) -> None:
            both_new(database)
            found.append(database.query("table"))

        run(database, write_and_read)

        assert found == [["new", "new"]]


def test_transaction_applies_nothing_if_one_condition_fails() -> None:
    """A transaction whose second condition fails leaves the first item as it was."""
    database, refusals = a_database(), list[TransactWriteError]()

    def write() -> None:
        try:
            database.transact([Write(A, "new"), Write(B, "new", lambda stored: stored == "other")])
        except TransactWriteError as refusal:
            refusals.append(refusal)

    run(database, write)

    reasons = [reason and reason.code for reason in refusals[0].cancellation_reasons]
    assert reasons == [None, "ConditionalCheckFailed"]
    assert database.partition("table") == {"a": "old", "b": "old"}


def test_write_that_meets_an_ongoing_transaction_changes_nothing() -> None:
    """A single write during a transaction conflicts; otherwise it comes before it or after it."""
    outcomes: set[str] = set()
    for seed in SEEDS:
        database = a_database(seed)

        def write(database: Database = database) -> None:
            try:
                database.put(Write(A, "mine"))
            except PutError as error:
                outcomes.add(str(error.cause_response_code))
            else:
                outcomes.add("written")

        run(database, partial(both_new, database), write)
        outcomes.add(f"then {database.stored(A)}")

        assert database.stored(B) == "new"

    assert outcomes == {"written", "TransactionConflictException", "then new", "then mine"}


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_lost_answers_hide_effects_and_lost_requests_have_none(rate: float) -> None:
    """Under faults a write may be refused and there, or refused and not there; never else."""
    states: set[tuple[bool, str]] = set()
    for seed in SEEDS:
        database = a_database(seed)
        database.fault_rate = rate

        def write(database: Database = database) -> None:
            is_told = False
            try:
                database.put(Write(A, "new"))
                is_told = True
            except BaseException:  # noqa: BLE001 - crashes, too
                is_told = False
            states.add((is_told, database.stored(A)))

        run(database, write)

    assert states == ({(False, "old"), (False, "new")} if rate else {(True, "new")})
