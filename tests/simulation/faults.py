"""The faults a request can meet."""

from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

CONDITION = "ConditionalCheckFailed"
CONFLICT = "TransactionConflict"
HANDED_BACK = "part of a batch handed back"

# Several writes in one request.
TRANSACTION = "TransactWriteItems"
BATCH = "BatchWriteItem"


class Fault(StrEnum):
    """A fault of a request."""

    THROTTLED = "throttled"
    CONFLICT = "conflict with an unknown write"
    LOST_REQUEST = "request lost"
    LATE_REQUEST = "request carried out after the client gave up"
    LOST_ANSWER = "answer lost"
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"


# These happen when the effect is there, or will come.
LATE_FAULTS = frozenset({Fault.LOST_ANSWER, Fault.CRASH_AFTER})

_READS = {"GetItem", "BatchGetItem", "Query"}
_OF_READS = {Fault.THROTTLED, Fault.LOST_REQUEST, Fault.CRASH_BEFORE}


def can_befall(operation: str, fault: Fault) -> bool:
    """Return whether DynamoDB can do that to the operation; a batch hands back its conflicts."""
    if operation in _READS:
        return fault in _OF_READS
    return operation != BATCH or fault is not Fault.CONFLICT


def no_answer() -> ReadTimeoutError:
    return ReadTimeoutError(endpoint_url="dynamodb")


def throttled(operation: str) -> ClientError:
    return ClientError({"Error": {"Code": "ThrottlingException"}}, operation)


def refused(operation: str, codes: list[str | None]) -> ClientError:
    """
    Return the refusal of a transaction, with a code for each write; some have no
    fault of theirs.
    """
    if operation != TRANSACTION:
        return ClientError({"Error": {"Code": f"{codes[0]}Exception"}}, operation)
    reasons = [{"Code": code or "None"} for code in codes]
    response: Any = {
        "Error": {"Code": "TransactionCanceledException"},
        "CancellationReasons": reasons,
    }
    return ClientError(response, operation)
