"""
A model of DynamoDB where it differs from what emulators do.

A transaction checks all its conditions at once and is serializable, but its items become visible
one by one, in any order, with other actors' reads in between; its client is answered at the end, or
never. Whoever meets an item of an ongoing transaction with a write gets a conflict and changes
nothing. A write of one item is linearizable. A query or batch read sees every item as it is when it
comes to it. An answer may be lost before or after the effect, or the effect may come long after the
client has given up; the process may die at any step. Errors are those PynamoDB raises, so that
`shared.storage.writes` itself judges them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from greenlet import greenlet
from pynamodb.exceptions import (
    CancellationReason,
    PutError,
    QueryError,
    TransactWriteError,
    VerboseClientError,
)

from shared.storage.writes import answered
from tests.simulation.scheduler import Scheduler

Key = tuple[str, str]
Condition = Callable[[Any], bool]


class Crash(BaseException):
    """The process dies here; no `except Exception` hides it."""


class Fate(StrEnum):
    """What else may happen to a call than that it is carried out and answered."""

    THROTTLED = "throttled"
    CONFLICT = "conflict with nobody we know"
    LOST_REQUEST = "request lost"
    LATE_REQUEST = "request carried out after the client gave up"
    LOST_ANSWER = "answer lost"
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"


READ_FATES = (Fate.THROTTLED, Fate.LOST_REQUEST, Fate.CRASH_BEFORE)

CONDITION = "ConditionalCheckFailed"
CONFLICT = "TransactionConflict"
_NO_ANSWER = ReadTimeoutError(endpoint_url="dynamodb")
_CAUSES = {
    code: ClientError({"Error": {"Code": code, "Message": ""}}, "PutItem")
    for code in (f"{CONDITION}Exception", f"{CONFLICT}Exception", "ThrottlingException")
}


def whatever(_item: object) -> bool:
    """Ask for nothing: the condition of an unconditional write."""
    return True


@dataclass(frozen=True, slots=True)
class Write:
    """One item to be put, or deleted if *item* is None, provided the stored one meets *holds*."""

    key: Key
    item: object
    holds: Condition = whatever


@dataclass(eq=False, slots=True)
class Transaction:
    """An accepted transaction whose items are being applied."""

    database: "Database"
    left: list[Write]
    waiting: list[greenlet] = field(default_factory=list)

    def advance(self) -> bool:
        """Apply one item, any."""
        chosen = int(self.database.scheduler.chance() * len(self.left))
        self.database.apply(self.left.pop(chosen))
        return not self.left


@dataclass(eq=False, slots=True)
class LateRequest:
    """A request that is still under way although its client has given up on it."""

    carry_out: Callable[[], object]
    waiting: list[greenlet] = field(default_factory=list)

    def advance(self) -> bool:
        """Arrive, and be refused or not; nobody hears of it."""
        with suppress(PutError, TransactWriteError):
            self.carry_out()
        return True


class Database:
    """All tables; a key is a partition and what sorts within it."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.fault_rate = 0.0
        self.fates = tuple(Fate)
        self.happened: Counter[str] = Counter()
        self._partitions: dict[str, dict[str, Any]] = {}
        self._locked: set[Key] = set()

    def stored(self, key: Key) -> Any:  # noqa: ANN401 - items are of any kind
        """Return the item as applied so far, for whoever stands outside the simulation."""
        return self._partitions.get(key[0], {}).get(key[1])

    def partition(self, partition: str) -> dict[str, Any]:
        """Return a whole partition as applied so far, likewise."""
        return dict(sorted(self._partitions.get(partition, {}).items()))

    def get(self, key: Key) -> Any:  # noqa: ANN401 - items are of any kind
        """Read one item."""
        self._begin_read(key)
        return self.stored(key)

    def get_many(self, keys: Sequence[Key]) -> list[Any]:
        """Read those of the items that exist, in no particular order."""
        if not keys:
            return []
        self._begin_read(keys[0])
        border = self._border(keys)
        found = [self.stored(key) for key in keys[:border]]
        if border < len(keys):
            self.scheduler.stall()
            found += [self.stored(key) for key in keys[border:]]
        return [item for item in found if item is not None]

    def query(self, partition: str) -> list[Any]:
        """Read the items of a partition in the order they sort, each as it is at that moment."""
        self._begin_read((partition, ""))
        items = self._partitions.setdefault(partition, {})
        names = sorted(items)
        border = self._border(names)
        found = [items[name] for name in names[:border]]
        if border < len(names):
            last = names[border - 1] if border else ""
            self.scheduler.stall()
            found += [items[name] for name in sorted(items) if name > last]
        return found

    def put(self, write: Write) -> None:
        """Write one item; the answer follows at once."""
        fate = self._begin_write((write,), lambda: self._put(write))
        self._put(write)
        self._end_write(fate)

    def transact(self, writes: Sequence[Write]) -> None:
        """Write all items or none; the answer follows when all of them are applied."""
        fate = self._begin_write(writes, lambda: self._accept(writes))
        transaction = self._accept(writes)
        if fate is None or self.scheduler.chance() < 0.5:
            self.scheduler.wait_for(transaction)
        self._end_write(fate)

    def apply(self, write: Write) -> None:
        """Make one write visible."""
        partition, name = write.key
        items = self._partitions.setdefault(partition, {})
        if write.item is None:
            items.pop(name, None)
        else:
            items[name] = write.item
        self._locked.discard(write.key)
        self.scheduler.note("applied", *write.key, write.item)

    def _put(self, write: Write) -> None:
        code = self._objection(write)
        if code is not None:
            self.happened[code] += 1
            raise PutError(cause=_CAUSES[f"{code}Exception"])
        self.apply(write)

    def _accept(self, writes: Sequence[Write]) -> Transaction:
        codes = [self._objection(write) for write in writes]
        if any(codes):
            self.happened.update(code for code in codes if code)
            raise _cancelled(codes)
        self._locked.update(write.key for write in writes)
        transaction = Transaction(self, list(writes))
        self.scheduler.in_flight.append(transaction)
        return transaction

    def _objection(self, write: Write) -> str | None:
        if write.key in self._locked:
            return CONFLICT
        return None if write.holds(self.stored(write.key)) else CONDITION

    def _border(self, things: Sequence[object]) -> int:
        """Return where a read lets others in between: nowhere, every other time."""
        return int(self.scheduler.chance() * len(things) * 2)

    def _begin_read(self, key: Key) -> None:
        self.scheduler.step()
        if self.scheduler.chance() < self.fault_rate:
            fate = self.scheduler.random.choice(self.fates)
            if fate in READ_FATES:
                # Judged here, as every read of the stores is: one that fails is never settled.
                with answered():
                    self._fail_before(fate, QueryError)
        self.scheduler.note("read", *key)

    def _begin_write(self, writes: Sequence[Write], carry_out: Callable[[], object]) -> Fate | None:
        self.scheduler.step()
        self.scheduler.note("write", *(write.key for write in writes))
        if self.scheduler.chance() >= self.fault_rate:
            return None
        fate = self.scheduler.random.choice(self.fates)
        if fate is Fate.LATE_REQUEST:
            self.scheduler.in_flight.append(LateRequest(carry_out))
        if fate not in (Fate.LOST_ANSWER, Fate.CRASH_AFTER):
            self._fail_before(fate, PutError)
        return fate

    def _fail_before(self, fate: Fate, error: type[PutError] | type[QueryError]) -> None:
        self._note_fate(fate)
        if fate is Fate.CRASH_BEFORE:
            raise Crash
        if fate is Fate.THROTTLED:
            raise error(cause=_CAUSES["ThrottlingException"])
        if fate is Fate.CONFLICT:
            raise error(cause=_CAUSES[f"{CONFLICT}Exception"])
        self.scheduler.doubt()
        raise error(cause=_NO_ANSWER)

    def _end_write(self, fate: Fate | None) -> None:
        if fate is None:
            return
        self._note_fate(fate)
        if fate is Fate.CRASH_AFTER:
            raise Crash
        self.scheduler.doubt()
        raise PutError(cause=_NO_ANSWER)

    def _note_fate(self, fate: Fate) -> None:
        self.happened[fate] += 1
        self.scheduler.note("!!", fate)


def _cancelled(codes: Iterable[str | None]) -> TransactWriteError:
    reasons = [CancellationReason(code) if code else None for code in codes]
    response = {"Error": {"Code": "TransactionCanceledException", "Message": ""}}
    cause = VerboseClientError(response, "TransactWriteItems", cancellation_reasons=reasons)
    return TransactWriteError("cancelled", cause)
