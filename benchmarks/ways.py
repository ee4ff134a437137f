"""Three ways to finalize a session: ours, and the two that one would write first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pynamodb.models import Model

from benchmarks.world import NAMES, World
from functions.finalize_session.use_case import finalize_session
from shared.domain.plan import Plan, Request, plan_finalization
from shared.runtime import wiring
from shared.storage.limits import MAX_ACTIONS
from shared.storage.mapping import record_item, session_item
from tests import builders

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, TransactWriteItemTypeDef


@dataclass(frozen=True)
class Way:
    """A way to finalize; *has_lanes* if several of its calls are under way at once."""

    name: str
    finalize: Callable[[World, str], None]
    has_lanes: bool = False


def _ours(_: World, session_id: str) -> None:
    using = wiring.finalizing(lambda: True)
    outcome = finalize_session(session_id, _request(), None, wiring.courses(), using)
    if outcome.owes:
        raise RuntimeError("the outbox still owes events: this was not a whole finalization")


def _put_item_loop(world: World, session_id: str) -> None:
    """Write item by item, as a plain handler does: readers see it happen, a crash leaves a part."""
    plan = _plan(session_id)
    for put in _puts(plan):
        world.dynamodb.put_item(**put, ReturnConsumedCapacity="TOTAL")
    wiring.publisher().publish(plan.events)


def _transactions(world: World, session_id: str) -> None:
    """Write a hundred items at once: each hundred is whole, the session as such is not."""
    plan = _plan(session_id)
    actions: list[TransactWriteItemTypeDef] = [{"Put": put} for put in _puts(plan)]
    for start in range(0, len(actions), MAX_ACTIONS):
        world.dynamodb.transact_write_items(
            TransactItems=actions[start : start + MAX_ACTIONS], ReturnConsumedCapacity="TOTAL"
        )
    wiring.publisher().publish(plan.events)


OURS = Way("this product", _ours, has_lanes=True)
WAYS: Sequence[Way] = (
    OURS,
    Way("a PutItem loop", _put_item_loop),
    Way("transactions of 100", _transactions),
)


def _plan(session_id: str) -> Plan:
    """Read and decide as the product does, so that the ways differ in how they write."""
    snapshot = wiring.sessions().read(session_id)
    course = wiring.courses().load(snapshot.session.details.course_id)
    return plan_finalization(snapshot, course, _request())


def _request() -> Request:
    return builders.a_request(finalization_id=wiring.new_id())


def _puts(plan: Plan) -> Iterator["PutTypeDef"]:
    """Yield the records, and the completed session last."""
    for record in plan.records:
        yield _put("RECORDS_TABLE", record_item(record))
    yield _put("SESSIONS_TABLE", session_item(plan.completed))


def _put(table: str, item: Model) -> "PutTypeDef":
    return {"TableName": NAMES[table], "Item": item.serialize()}
