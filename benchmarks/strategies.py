"""Three strategies to finalize a session: ours, and two naive ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pynamodb.models import Model

from benchmarks.server import Server
from functions.finalize_session.use_case import finalize_session
from shared.domain.plan import FinalizeCommand, Plan, plan_finalization
from shared.runtime.identifiers import new_id
from shared.runtime.wiring import wiring
from shared.storage.limits import AWS
from shared.storage.mapping import record_item, session_item
from testing import builders
from testing.environment import ENVIRONMENT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, TransactWriteItemTypeDef


@dataclass(frozen=True)
class Way:
    """A strategy to finalize; *has_lanes* if it makes calls in parallel."""

    name: str
    finalize: Callable[[Server, str], None]
    has_lanes: bool = False


def _ours(_: Server, session_id: str) -> None:
    outcome = finalize_session(session_id, _request(), None, wiring(), lambda: True)
    if outcome.owes:
        raise RuntimeError("the outbox still owes events: this was not a whole finalization")


def _put_item_loop(server: Server, session_id: str) -> None:
    """Write item by item: readers see records appear, and a crash leaves only some of them."""
    plan = _plan(session_id)
    for put in _puts(plan):
        server.dynamodb.put_item(**put, ReturnConsumedCapacity="TOTAL")
    wiring().publisher.publish(plan.events)


def _transactions(server: Server, session_id: str) -> None:
    """Write a hundred items per transaction: each is atomic, the session as a whole is not."""
    plan = _plan(session_id)
    actions: list[TransactWriteItemTypeDef] = [{"Put": put} for put in _puts(plan)]
    for start in range(0, len(actions), AWS.actions):
        server.dynamodb.transact_write_items(
            TransactItems=actions[start : start + AWS.actions], ReturnConsumedCapacity="TOTAL"
        )
    wiring().publisher.publish(plan.events)


OURS = Way("this product", _ours, has_lanes=True)
WAYS: Sequence[Way] = (
    OURS,
    Way("a PutItem loop", _put_item_loop),
    Way("transactions of 100", _transactions),
)


def _plan(session_id: str) -> Plan:
    """Read and decide as the product does, so that strategies differ only in how they write."""
    snapshot = wiring().sessions.read(session_id)
    course = wiring().courses.load(snapshot.session.details.course_id)
    return plan_finalization(snapshot, course, _request())


def _request() -> FinalizeCommand:
    return builders.a_command(finalization_id=new_id())


def _puts(plan: Plan) -> Iterator["PutTypeDef"]:
    """Yield the records, and the completed session last."""
    for record in plan.records:
        yield _put("RECORDS_TABLE", record_item(record))
    yield _put("SESSIONS_TABLE", session_item(plan.completed))


def _put(table: str, item: Model) -> "PutTypeDef":
    return {"TableName": ENVIRONMENT[table], "Item": item.serialize()}
