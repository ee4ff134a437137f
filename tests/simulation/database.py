"""
A model of DynamoDB where it differs from emulators.

A transaction checks all its conditions at once and is serializable, but its items become visible
one by one, in any order, with other actors' reads in between; its client is answered at the end, or
never. A batch is many writes in any order, and each of them may be handed back. A write that meets
an item of an ongoing transaction gets a conflict and changes nothing. A write of one item is
linearizable. A read that is not consistent may miss the last change. A query or batch read may end
early and be continued, and sees every item as it is at that moment. An answer may be lost before or
after the effect, or the effect may come long after the client has given up; the process may die at
any step. Requests and answers are those between PynamoDB and botocore.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from botocore.exceptions import ClientError
from pynamodb.connection import Connection

from tests.simulation import faults
from tests.simulation.expressions import Item, Scope
from tests.simulation.faults import BATCH, TRANSACTION, Fault
from tests.simulation.scheduler import Crash, InFlight, Scheduler
from tests.simulation.tables import Key, Request, Tables, Write
from tests.simulation.work import Batch, LateRequest, Transaction

T = TypeVar("T")
Reply = dict[str, Any]
Json = dict[str, Any]

# A read that is not consistent may miss a change for this long.
LAG = timedelta(milliseconds=50)


class Database:
    """All tables, and the faults that meet requests."""

    def __init__(self, scheduler: Scheduler, connection: Connection) -> None:
        self.scheduler = scheduler
        self.tables = Tables(connection)
        self.fault_rate = 0.0
        self.happened: Counter[str] = Counter()
        # Every change of an item, as the stream of its table tells it.
        self.streamed: list[Json] = []
        self._locked: set[Key] = set()
        self._operations: Mapping[str, Callable[[Request], Reply]] = {
            "GetItem": self._get,
            "BatchGetItem": self._get_many,
            "Query": self._query,
            "PutItem": self._put,
            "UpdateItem": self._update,
            "DeleteItem": self._delete,
            TRANSACTION: self._transact,
            BATCH: self._write_many,
        }

    def answer(self, operation: str, request: Request) -> Reply:
        """
        Carry a request out, or apply a fault to it.

        Raises:
            ClientError, ReadTimeoutError: As botocore does after its last try.
        """
        self.scheduler.step()
        return self._operations[operation](request)

    def apply(self, write: Write) -> None:
        """Make one write visible."""
        before = self.tables.get(write.key)
        item = write.applied(before)
        self._stream(write, before, item)
        self.tables.put(self.scheduler.now, write.key, item)
        self._locked.discard(write.key)
        self.scheduler.note("applied", *write.key, item)

    def _stream(self, write: Write, before: Item | None, after: Item | None) -> None:
        if before == after:
            return
        images = {"OldImage": before, "NewImage": after}
        told = {
            "ApproximateCreationDateTime": self.scheduler.now.timestamp(),
            "Keys": self.tables.keys_of(write.key[0], before or after or {}),
            **{name: image for name, image in images.items() if image is not None},
        }
        self.streamed.append({"eventID": f"event-{len(self.streamed)}", "dynamodb": told})

    def hands_back(self, write: Write) -> bool:
        """Return whether a batch hands the write back to its client, who asks for it again."""
        is_left = write.key in self._locked or self.scheduler.chance() < self.fault_rate
        self.happened[faults.HANDED_BACK] += is_left
        return is_left

    def _get(self, request: Request) -> Reply:
        key = self.tables.key(request["TableName"], request["Key"])
        self._begin_read("GetItem", key)
        item = self._seen(key, request)
        return {} if item is None else {"Item": item}

    def _get_many(self, request: Request) -> Reply:
        ((table, asked),) = request["RequestItems"].items()
        # PynamoDB keeps them in a set, whose order differs from process to process.
        keys = sorted(asked["Keys"], key=lambda attributes: self.tables.key(table, attributes))
        self._begin_read("BatchGetItem", table, keys)
        now, later = self._divided(keys)
        found = [self._seen(self.tables.key(table, attributes), asked) for attributes in now]
        if later:
            self.scheduler.stall()
        unprocessed = {table: {"Keys": later}} if later else {}
        items = _projected(asked, [item for item in found if item is not None])
        return {"Responses": {table: items}, "UnprocessedKeys": unprocessed}

    def _query(self, request: Request) -> Reply:
        table = request["TableName"]
        self._begin_read("Query", table, request["ExpressionAttributeValues"])
        seen = (self._seen(key, request) for key in self.tables.keys(table))
        selected = self.tables.selected(request, seen)
        page, later = self._divided(selected)
        limit = request.get("Limit", len(page))
        page, later = page[:limit], page[limit:] + later
        items = _filtered(request, page)
        reply: Reply = {"Items": items, "Count": len(items), "ScannedCount": len(page)}
        if later:
            reply["LastEvaluatedKey"] = self.tables.position(request, page[-1])
            self.scheduler.stall()
        return reply

    def _put(self, request: Request) -> Reply:
        self._write_one("PutItem", self.tables.write("Put", request))
        return {}

    def _update(self, request: Request) -> Reply:
        write = self.tables.write("Update", request)
        self._write_one("UpdateItem", write)
        return {"Attributes": self.tables.get(write.key)}

    def _delete(self, request: Request) -> Reply:
        self._write_one("DeleteItem", self.tables.write("Delete", request))
        return {}

    def _write_one(self, operation: str, write: Write) -> None:
        def carry_out() -> None:
            self._require_no_objection(operation, [write])
            self.apply(write)

        fault = self._begin_write(operation, [write], carry_out)
        with self._answered(fault):
            carry_out()

    def _transact(self, request: Request) -> Reply:
        parts = (part for item in request["TransactItems"] for part in item.items())
        writes = [self.tables.write(kind, part) for kind, part in parts]

        def accept() -> Transaction:
            self._require_no_objection(TRANSACTION, writes)
            self._locked.update(write.key for write in writes)
            return Transaction(self, self.scheduler.chance, list(writes))

        self._write_all(TRANSACTION, writes, accept)
        return {}

    def _write_many(self, request: Request) -> Reply:
        ((table, parts),) = request["RequestItems"].items()
        puts = [{"TableName": table, **part["PutRequest"]} for part in parts]
        writes = [self.tables.write("Put", put) for put in puts]
        batch = Batch(self, self.scheduler.chance, list(writes))
        self._write_all(BATCH, writes, lambda: batch)
        back = [{"PutRequest": {"Item": write.request["Item"]}} for write in batch.handed_back]
        return {"UnprocessedItems": {table: back} if back else {}}

    def _write_all(
        self, operation: str, writes: Sequence[Write], accept: Callable[[], InFlight]
    ) -> None:
        def carry_out() -> InFlight:
            work = accept()
            self.scheduler.in_flight.append(work)
            return work

        fault = self._begin_write(operation, writes, carry_out)
        with self._answered(fault):
            work = carry_out()
            if fault is None or self.scheduler.chance() < 0.5:
                self.scheduler.wait_for(work)

    def _require_no_objection(self, operation: str, writes: Sequence[Write]) -> None:
        codes = [self._objection(write) for write in writes]
        if any(codes):
            self.happened.update(code for code in codes if code)
            raise faults.refused(operation, codes)

    def _objection(self, write: Write) -> str | None:
        if write.key in self._locked:
            return faults.CONFLICT
        return None if write.holds(self.tables.get(write.key)) else faults.CONDITION

    def _seen(self, key: Key, asked: Request) -> Item | None:
        """Return the current item, or for an inconsistent read possibly the one before."""
        insists = asked.get("ConsistentRead") or self.scheduler.is_outside
        if insists or self.scheduler.chance() < 0.5:
            return self.tables.get(key)
        return self.tables.get_as_of(self.scheduler.now - LAG, key)

    def _divided(self, things: list[T]) -> tuple[list[T], list[T]]:
        """Divide the items of a read, every other time, into those returned and those left."""
        border = 1 + int(self.scheduler.chance() * len(things) * 2)
        return things[:border], things[border:]

    def _begin_read(self, operation: str, *what: object) -> None:
        self.scheduler.note(operation, *what)
        fault = self._fault(operation)
        if fault is not None:
            self._fail_before(fault, operation, 1)

    def _begin_write(
        self, operation: str, writes: Sequence[Write], carry_out: Callable[[], object]
    ) -> Fault | None:
        self.scheduler.note(operation, *(write.key for write in writes))
        fault = self._fault(operation)
        if fault is Fault.LATE_REQUEST:
            self.scheduler.in_flight.append(LateRequest(carry_out))
        if fault is not None and fault not in faults.LATE_FAULTS:
            self._fail_before(fault, operation, len(writes))
        return fault

    def _fault(self, operation: str) -> Fault | None:
        if self.scheduler.chance() >= self.fault_rate:
            return None
        fault = self.scheduler.random.choice(tuple(Fault))
        return fault if faults.can_befall(operation, fault) else None

    def _fail_before(self, fault: Fault, operation: str, writes: int) -> None:
        self._note_fault(fault)
        if fault is Fault.CRASH_BEFORE:
            raise Crash
        if fault is Fault.THROTTLED:
            raise faults.throttled(operation)
        if fault is Fault.CONFLICT:
            raise faults.refused(operation, [faults.CONFLICT, *[None] * (writes - 1)])
        self.scheduler.doubt()
        raise faults.no_answer()

    @contextmanager
    def _answered(self, fault: Fault | None) -> Iterator[None]:
        """Give the client the result of its write, unless the answer is lost."""
        try:
            yield
        except ClientError:
            self._end_write(fault)
            raise
        self._end_write(fault)

    def _end_write(self, fault: Fault | None) -> None:
        if fault is None:
            return
        self._note_fault(fault)
        if fault is Fault.CRASH_AFTER:
            raise Crash
        self.scheduler.doubt()
        raise faults.no_answer()

    def _note_fault(self, fault: Fault) -> None:
        self.happened[fault] += 1
        self.scheduler.note("!!", fault)


def _projected(asked: Request, items: list[Item]) -> list[Item]:
    scope, wanted = Scope.of(asked), asked.get("ProjectionExpression")
    return [scope.projected(wanted, item) for item in items]


def _filtered(request: Request, items: list[Item]) -> list[Item]:
    scope, condition = Scope.of(request), request.get("FilterExpression")
    return [item for item in items if scope.holds(condition, item)]
