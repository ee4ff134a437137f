"""
What a failed DynamoDB write means, decided in one place.

    refused      a condition failed: another write came first. Decide again (`ConcurrentChange`).
    not applied  conflict or throttling: nothing was written. Retry (`NotApplied`, `Throttled`).
    unknown      no answer, or a server error: written or not. Read back (`OutcomeUnknown`).
    bug          anything else, such as a validation error: raised unchanged.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError
from pynamodb.exceptions import PutError, PynamoDBException, TransactWriteError

from shared.application.retry import ConcurrentChange, Pause, retry_on_conflict
from shared.domain.errors import Busy, ServiceUnavailable

_CONDITION = {"ConditionalCheckFailed", "ConditionalCheckFailedException"}
_CONFLICT = {
    "TransactionConflict",
    "TransactionConflictException",
    "TransactionInProgressException",
}
_THROTTLED = {
    "ThrottlingError",
    "ThrottlingException",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
}
# A bare HTTP status comes from a server between us and DynamoDB.
_SERVER_ERRORS = {
    "InternalServerError",
    "InternalFailure",
    "ServiceUnavailable",
    "500",
    "502",
    "503",
    "504",
}


class NotApplied(Exception):
    """Nothing was written, and a retry is safe."""


class Throttled(NotApplied):
    """The same, because DynamoDB took no more."""


class OutcomeUnknown(Exception):
    """It is not known whether it was written; read back."""


@contextmanager
def classified() -> Iterator[None]:
    """
    Turn PynamoDB's errors into what they mean for a write.

    Raises:
        ConcurrentChange, NotApplied, OutcomeUnknown: As the module says; other errors pass through.
    """
    try:
        yield
    except PynamoDBException as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning from error


@contextmanager
def busy_if_unanswered() -> Iterator[None]:
    """
    Turn a call without an answer into a refusal; for reads, and for writes that may be repeated.

    Raises:
        ConcurrentChange: A condition failed.
        Busy: Others keep changing the same.
        ServiceUnavailable: Throttled or unanswered, even after the SDK's retries.
    """
    try:
        with classified():
            yield
    except (NotApplied, OutcomeUnknown) as error:
        raise _refusal(error) from error


def write_and_confirm(
    write: Callable[[], object], is_mine: Callable[[], bool], pause: Pause
) -> None:
    """
    Run *write* until it is known to be applied or refused.

    A condition may fail because an earlier attempt succeeded and its answer was lost. *is_mine*
    reads back and tells whether the stored state is ours.

    Raises:
        ConcurrentChange: Another write came first.
        Busy: Others kept changing the same.
        ServiceUnavailable: Throttling or silence lasted.
    """

    def attempt() -> None:
        try:
            with classified():
                write()
        except (ConcurrentChange, OutcomeUnknown):
            if not is_mine():
                raise

    retry_on_conflict(attempt, pause, conflicts=(NotApplied, OutcomeUnknown), lasting=_refusal)


def _refusal(error: Exception) -> Busy:
    """What the caller is told: conflicts are among people, all else is DynamoDB's."""
    is_conflict = isinstance(error, NotApplied) and not isinstance(error, Throttled)
    return Busy() if is_conflict else ServiceUnavailable()


def _meaning(error: PynamoDBException) -> type[Exception] | None:
    if error.cause is None:
        # DynamoDB left a part of a batch unwritten each time, until PynamoDB gave up.
        return OutcomeUnknown if isinstance(error, PutError) else None
    if not isinstance(error.cause, ClientError):
        # No answer. PynamoDB's cause_response_code itself fails in this case.
        return OutcomeUnknown
    codes = _codes(error)
    if codes & _THROTTLED:
        return Throttled
    if codes & _CONFLICT:
        # Even if a condition failed too: the conflicting write may still be rolled back.
        return NotApplied
    if codes & _CONDITION:
        return ConcurrentChange
    return OutcomeUnknown if codes & _SERVER_ERRORS else None


def _codes(error: PynamoDBException) -> set[str]:
    codes = {str(error.cause_response_code)}
    if isinstance(error, TransactWriteError):
        codes |= {reason.code for reason in error.cancellation_reasons if reason}
    return codes
