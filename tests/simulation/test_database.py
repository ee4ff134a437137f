"""The model of DynamoDB allows what the service allows."""

from collections.abc import Callable, Sequence
from functools import partial

import pytest
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from shared.storage.models import AuditItem
from tests.simulation.database import Database
from tests.simulation.scheduler import Scheduler
from tests.simulation.transport import TABLES, connected

SEEDS = range(100)
PARTITION = "partition"


def item(number: int, content: str) -> AuditItem:
    return AuditItem(PARTITION, number, content=content, sha256="")


def two_old_items(seed: int = 0) -> tuple[Connection, Database]:
    """Return a database in which both items are old."""
    connection, database = connected(Scheduler(seed))
    item(1, "old").save()
    item(2, "old").save()
    return connection, database


def stored(database: Database) -> list[str]:
    """Return what the items hold, without being an actor."""
    return [str(one["content"]["S"]) for one in database.tables.of(TABLES.audit)]


def read(number: int) -> str:
    return AuditItem.get(PARTITION, number, consistent_read=True).content


def read_all() -> list[str]:
    """Return what a query finds, from the first item to the last."""
    return [one.content for one in AuditItem.query(PARTITION, consistent_read=True)]


def read_batch() -> list[str]:
    """Return what a batch read finds."""
    keys = [(PARTITION, 1), (PARTITION, 2)]
    found = sorted(AuditItem.batch_get(keys, consistent_read=True), key=lambda one: one.sequence)
    return [one.content for one in found]


def write_both(
    connection: Connection, second: Condition | None = None, content: str = "new"
) -> None:
    """Change both items in one transaction, on condition of the second."""
    with TransactWrite(connection=connection) as transaction:
        transaction.save(item(1, content))
        transaction.save(item(2, content), condition=second)


def write_batch(content: str) -> None:
    """Change both items in one batch."""
    with AuditItem.batch_write() as batch:
        batch.save(item(1, content))
        batch.save(item(2, content))


def run(database: Database, *actions: Callable[[], object]) -> None:
    """Let actors do these things concurrently."""
    for number, action in enumerate(actions):
        database.scheduler.spawn(f"actor-{number}", action)
    database.scheduler.run()


@pytest.mark.parametrize("look", [read_all, read_batch])
def test_transaction_appears_item_by_item(look: Callable[[], Sequence[str]]) -> None:
    """While a transaction is applied, a reader may see either item new and the other one old."""
    seen: set[tuple[str, ...]] = set()
    for seed in SEEDS:
        connection, database = two_old_items(seed)

        def observe() -> None:
            seen.add((read(1), read(2)))
            seen.add(tuple(look()))

        run(database, partial(write_both, connection), observe)

    assert seen == {("old", "old"), ("new", "old"), ("old", "new"), ("new", "new")}


def test_transaction_is_answered_when_all_is_applied() -> None:
    """A client with the answer to a transaction can read all of it, in any schedule."""
    for seed in SEEDS:
        connection, database = two_old_items(seed)
        found: list[list[str]] = []

        def write_and_read(connection: Connection, found: list[list[str]]) -> None:
            write_both(connection)
            found.append(read_all())

        run(database, partial(write_and_read, connection, found))

        assert found == [["new", "new"]]


def test_transaction_applies_nothing_if_one_condition_fails() -> None:
    """A transaction whose second condition fails leaves the first item unchanged."""
    connection, database = two_old_items()
    refusals: list[TransactWriteError] = []

    def write() -> None:
        try:
            write_both(connection, AuditItem.content == "other")
        except TransactWriteError as refusal:
            refusals.append(refusal)

    run(database, write)

    reasons = [reason and reason.code for reason in refusals[0].cancellation_reasons]
    assert reasons == [None, "ConditionalCheckFailed"]
    assert stored(database) == ["old", "old"]


def test_write_that_meets_an_ongoing_transaction_changes_nothing() -> None:
    """A write during a transaction gets a conflict; otherwise it comes before or after it."""
    outcomes: set[str] = set()
    for seed in SEEDS:
        connection, database = two_old_items(seed)

        def write() -> None:
            try:
                item(1, "mine").save()
            except PutError as error:
                outcomes.add(str(error.cause_response_code))
            else:
                outcomes.add("written")

        run(database, partial(write_both, connection), write)
        first, second = stored(database)
        outcomes.add(f"then {first}")

        assert second == "new"

    assert outcomes == {"written", "TransactionConflictException", "then new", "then mine"}


def test_batch_is_no_transaction() -> None:
    """Two batches of the same items leave any mixture, and every write of both happens."""
    left: set[tuple[str, ...]] = set()
    for seed in SEEDS:
        _, database = two_old_items(seed)

        run(database, partial(write_batch, "a"), partial(write_batch, "b"))
        left.add(tuple(stored(database)))

    assert left == {("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")}


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_lost_answers_hide_effects_and_lost_requests_have_none(rate: float) -> None:
    """A refused write may have an effect or none, but nothing in between."""
    states: set[tuple[bool, str]] = set()
    for seed in SEEDS:
        _, database = two_old_items(seed)
        database.fault_rate = rate
        told: list[bool] = []

        def write(told: list[bool]) -> None:
            try:
                item(1, "new").save()
                told.append(True)
            except BaseException:  # noqa: BLE001 - crashes, too
                told.append(False)

        run(database, partial(write, told))
        states.add((told[0], stored(database)[0]))

    assert states == ({(False, "old"), (False, "new")} if rate else {(True, "new")})
