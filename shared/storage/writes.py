"""
What a failed DynamoDB write means, decided in one place.

    decided      a condition failed: somebody else came first. Decide again (`LostRace`).
    not applied  conflict or throttling: nothing was written. Try again (`NotApplied`).
    unknown      no answer, or a server error: written or not. Read back (`OutcomeUnknown`).
    bug          anything else, validation above all: raised as it is, so that it surfaces.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError
from pynamodb.exceptions import PutError, PynamoDBException, TransactWriteError

from shared.domain.contention import LostRace, Pause, until_settled
from shared.domain.errors import Busy

_CONDITION = {"ConditionalCheckFailed", "ConditionalCheckFailedException"}
_CONTENTION = {
    "TransactionConflict",
    "TransactionConflictException",
    "TransactionInProgressException",
    "ThrottlingError",
    "ThrottlingException",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
}
# A status alone is the word of something between us and DynamoDB.
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
    """
    Nothing was written, and trying again is safe.
    """


class OutcomeUnknown(Exception):
    """
    Nobody knows whether it was written; only answered back tells.
    """


@contextmanager
def classified() -> Iterator[None]:
    """
    Turn PynamoDB's errors into what they mean for the writer.

    Raises:
        LostRace, NotApplied, OutcomeUnknown: As the module says; other errors pass through.
    """
    try:
        yield
    except PynamoDBException as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning from error


@contextmanager
def answered() -> Iterator[None]:
    """
    Turn a call that got no answer into a refusal, for reads and for writes that may simply be
    repeated.

    Raises:
        LostRace: A condition failed.
        Busy: Throttled or unanswered although the SDK tried several times.
    """
    try:
        with classified():
            yield
    except (NotApplied, OutcomeUnknown) as error:
        raise Busy from error


def settle(write: Callable[[], object], is_mine: Callable[[], bool], pause: Pause) -> None:
    """
    Run *write* until it is known to be applied, or known to have lost.

    A failed condition may be our own success, applied by an attempt whose answer was lost.
    *is_mine* reads back and tells.

    Raises:
        LostRace: Somebody else's change is there instead.
        Busy: Contention or throttling lasted.
    """

    def attempt() -> None:
        try:
            with classified():
                write()
        except LostRace:
            if not is_mine():
                raise
        except OutcomeUnknown as error:
            if not is_mine():
                raise NotApplied from error

    until_settled(attempt, pause, races=(NotApplied,))


def _meaning(error: PynamoDBException) -> type[Exception] | None:
    if error.cause is None:
        # DynamoDB kept handing back a part of a batch, and PynamoDB gave up: some is not written.
        return OutcomeUnknown if isinstance(error, PutError) else None
    if not isinstance(error.cause, ClientError):
        # No answer at all. PynamoDB's cause_response_code would itself fail here.
        return OutcomeUnknown
    codes = _codes(error)
    if codes & _CONTENTION:
        # Even beside a failed condition: the conflicting write may be undone yet.
        return NotApplied
    if codes & _CONDITION:
        return LostRace
    return OutcomeUnknown if codes & _SERVER_ERRORS else None


def _codes(error: PynamoDBException) -> set[str]:
    codes = {str(error.cause_response_code)}
    if isinstance(error, TransactWriteError):
        codes |= {reason.code for reason in error.cancellation_reasons if reason}
    return codes
