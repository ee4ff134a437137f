"""All faults that a call can meet."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import NoReturn

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError

from tests.faults import answers
from tests.faults.wire import Act, Call, Killed


class Span(StrEnum):
    """How long a fault lasts."""

    TRY = "one try"
    CALL = "every try of one call"
    REST = "from then on"


TRANSIENT = tuple(Span)
_STORMY = 1 / 3


@dataclass(frozen=True)
class Fault:
    """
    What happens, and to which operations.

    *is_absorbed* if the code retries by itself, so that its caller does not notice one failed
    attempt. *is_rivalry* if other people's changes are the cause, and no service fails.
    """

    name: str
    hits: Callable[[str], bool]
    act: Act
    spans: tuple[Span, ...] = TRANSIENT
    is_absorbed: bool = True
    is_deadly: bool = False
    is_rivalry: bool = False


@dataclass(frozen=True)
class Strike:
    """A fault at one call, as a plan for the wire."""

    number: int
    fault: Fault
    span: Span

    def __call__(self, call: Call) -> Act | None:
        """Apply the fault to its call, and to later ones for as long as it lasts."""
        return (
            self.fault.act if self._is_in_span(call) and self.fault.hits(call.operation) else None
        )

    def __str__(self) -> str:
        return f"call {self.number} {self.fault.name}, {self.span}"

    def _is_in_span(self, call: Call) -> bool:
        match self.span:
            case Span.TRY:
                return call.number == self.number and not call.is_repeat
            case Span.CALL:
                return call.number == self.number
        return call.number >= self.number


class Storm:
    """A fault at about every third call, by chance; the same *seed* gives the same storm."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)  # noqa: S311 - no secret

    def __call__(self, call: Call) -> Act | None:
        """Apply a fault, or none."""
        if self._chance.random() > _STORMY:
            return None
        return self._chance.choice([fault.act for fault in FAULTS if fault.hits(call.operation)])


def _refused(code: str, status: int = 400) -> Act:
    return lambda call: answers.refusal(call, code, status)


def _cancelled(code: str) -> Act:
    return lambda call: answers.cancellation(call, code)


def _no_answer(call: Call) -> NoReturn:
    raise ReadTimeoutError(endpoint_url=call.request.url)


def _done_without_answer(call: Call) -> NoReturn:
    call.carried()
    _no_answer(call)


def _done_with_server_error(call: Call) -> AWSResponse:
    call.carried()
    return _server_error(call)


def _server_error(call: Call) -> AWSResponse:
    return answers.refusal(call, "InternalServerError", 500)


def _done_with_error_page(call: Call) -> AWSResponse:
    call.carried()
    return answers.error_page(call)


def _throttled(call: Call) -> AWSResponse:
    is_s3 = call.operation.startswith("s3.")
    return _refused("SlowDown", 503)(call) if is_s3 else _refused("ThrottlingException")(call)


def _killed_before(_: Call) -> NoReturn:
    raise Killed


def _killed_after(call: Call) -> NoReturn:
    call.carried()
    raise Killed


def _late(call: Call) -> NoReturn:
    call.late.append(call)
    _no_answer(call)


def _conflict(call: Call) -> AWSResponse:
    if call.operation == "dynamodb.TransactWriteItems":
        return answers.cancellation(call, "TransactionConflict")
    return answers.refusal(call, "TransactionConflictException")


def _any(_: str) -> bool:
    return True


def _only(*names: str) -> Callable[[str], bool]:
    return lambda operation: operation.partition(" ")[0] in names


def _can_conflict(operation: str) -> bool:
    """
    Only what is written in transactions can conflict with one: neither courses nor
    compliance.
    """
    return operation == _TRANSACTION or operation in _ALSO_IN_TRANSACTIONS


_ONE_ITEM = ("dynamodb.PutItem", "dynamodb.UpdateItem", "dynamodb.DeleteItem")
_READS = ("dynamodb.GetItem", "dynamodb.Query")
_BATCHES = ("dynamodb.BatchGetItem", "dynamodb.BatchWriteItem")
_TRANSACTION = "dynamodb.TransactWriteItems"
_WRITES = (*_ONE_ITEM, _TRANSACTION, "dynamodb.BatchWriteItem", "events.PutEvents")

_ALSO_IN_TRANSACTIONS = ("dynamodb.PutItem Sessions", "dynamodb.DeleteItem Outbox")

_in_transactions = _only(_TRANSACTION)
_ONCE = (Span.TRY,)

FAULTS = (
    Fault("is throttled", _any, _throttled),
    Fault(
        "exceeds its throughput",
        _only(*_ONE_ITEM, *_READS, *_BATCHES),
        _refused("ProvisionedThroughputExceededException"),
    ),
    Fault("exceeds the request limit", _only(*_ONE_ITEM), _refused("RequestLimitExceeded")),
    Fault("is not done and gets no answer", _any, _no_answer),
    Fault("is done and gets no answer", _any, _done_without_answer),
    Fault("is not done and gets a server error", _any, _server_error),
    Fault("is done and gets a server error", _any, _done_with_server_error),
    Fault("is done and gets a proxy's error page", _any, _done_with_error_page),
    Fault("arrives when all is over", _only(*_WRITES), _late),
    Fault("kills before it is sent", _any, _killed_before, _ONCE, is_deadly=True),
    Fault("kills after it is done", _any, _killed_after, _ONCE, is_deadly=True),
    Fault("meets a transaction", _can_conflict, _conflict, is_rivalry=True),
    Fault("is cancelled by throttling", _in_transactions, _cancelled("ThrottlingError")),
    Fault(
        "is cancelled by throughput", _in_transactions, _cancelled("ProvisionedThroughputExceeded")
    ),
    Fault(
        "is in progress",
        _in_transactions,
        _refused("TransactionInProgressException"),
        is_rivalry=True,
    ),
    Fault("is barely written", _only("dynamodb.BatchWriteItem"), answers.barely_written),
    Fault("is half read", _only("dynamodb.BatchGetItem"), answers.half_read),
    Fault("is half taken", _only("events.PutEvents"), answers.half_taken),
    Fault("is cut short", _only("s3.GetObject"), answers.cut_short, is_absorbed=False),
)

DEATHS = tuple(fault for fault in FAULTS if fault.is_deadly)
# To die before a call is to die after the one before it.
TELLING = tuple(fault for fault in FAULTS if fault.act in {_done_without_answer, _killed_after})
