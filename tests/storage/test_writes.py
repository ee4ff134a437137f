"""What a failed DynamoDB write means, and how it is settled."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import (
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable
from pynamodb.exceptions import (
    DoesNotExist,
    PutError,
    PynamoDBException,
    TransactWriteError,
    VerboseClientError,
)

from shared.application.retry import ATTEMPTS, ConcurrentChange
from shared.domain.errors import Busy, ServiceUnavailable
from shared.storage.writes import (
    NotApplied,
    OutcomeUnknown,
    busy_if_unanswered,
    classified,
    write_and_confirm,
)
from testing.fakes import no_pause
from tests.conftest import REGION
from tests.storage.answers import Answer, cancelled, error, page, reply

TIMEOUT = ReadTimeoutError(endpoint_url="https://dynamodb.test")
KEYS = MetaTable(
    {
        "TableName": "t",
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
    }
)


class Line:
    """A connection on which every call gets the answer given."""

    def __init__(self) -> None:
        self._connection = Connection(region=REGION, max_retry_attempts=0)
        self._connection.add_meta_table(KEYS)
        self._answer: Answer = TIMEOUT
        reply(self._connection.client, "dynamodb.*", lambda: self._answer)

    def transact(self, answer: Answer) -> None:
        """Write a transaction and get that answer."""
        self._answer = answer
        self._connection.transact_write_items([], [], [{"TableName": "t", "Item": {}}], [])

    def put(self, answer: Answer) -> None:
        """Write one item and get that answer."""
        self._answer = answer
        self._connection.put_item("t", "key", attributes={"k": {"S": "key"}})


@cache
def line() -> Line:
    """Return the connection, made after AWS is replaced."""
    return Line()


DECIDED: dict[str, Answer] = {
    "a condition": cancelled("ConditionalCheckFailed", "None"),
    "a later condition": cancelled("None", "None", "ConditionalCheckFailed"),
    "two conditions": cancelled("ConditionalCheckFailed", "ConditionalCheckFailed"),
}
NOT_APPLIED: dict[str, Answer] = {
    "conflict": cancelled("TransactionConflict", "None"),
    "conflict beside a condition": cancelled("ConditionalCheckFailed", "TransactionConflict"),
    "condition beside a conflict": cancelled("TransactionConflict", "ConditionalCheckFailed"),
    "throttled action": cancelled("None", "ThrottlingError"),
    "throttled table": cancelled("ProvisionedThroughputExceeded"),
    "throttled call": error(400, "ThrottlingException"),
    "throughput": error(400, "ProvisionedThroughputExceededException"),
    "account limit": error(400, "RequestLimitExceeded"),
    "in progress": error(400, "TransactionInProgressException"),
}
UNKNOWN: dict[str, Answer] = {
    "no answer": TIMEOUT,
    "no connection": EndpointConnectionError(endpoint_url="https://dynamodb.test"),
    "slow connection": ConnectTimeoutError(endpoint_url="https://dynamodb.test"),
    "internal error": error(500, "InternalServerError"),
    "unavailable": error(503, "ServiceUnavailable"),
}
BUGS: dict[str, Answer] = {
    "validation": error(400, "ValidationException", message="Item size has exceeded"),
    "validation of an action": cancelled("None", "ValidationError"),
    "too large a collection": cancelled("ItemCollectionSizeLimitExceeded"),
    "another payload under the same token": error(400, "IdempotentParameterMismatchException"),
    "no right": error(400, "AccessDeniedException"),
    "no table": error(400, "ResourceNotFoundException"),
}


@pytest.mark.usefixtures("aws")
class TestClassified:
    """Every answer DynamoDB can give, as PynamoDB passes it on."""

    @pytest.mark.parametrize("answer", DECIDED.values(), ids=DECIDED.keys())
    def test_failed_condition_is_a_lost_race(self, answer: Answer) -> None:
        """It is decided: another caller came first."""
        with pytest.raises(ConcurrentChange), classified():
            line().transact(answer)

    def test_failed_condition_of_one_item_is_a_lost_race(self) -> None:
        """Outside of a transaction it means the same."""
        with pytest.raises(ConcurrentChange), classified():
            line().put(error(400, "ConditionalCheckFailedException"))

    @pytest.mark.parametrize("answer", NOT_APPLIED.values(), ids=NOT_APPLIED.keys())
    def test_conflict_and_throttling_are_not_applied(self, answer: Answer) -> None:
        """Nothing was written; a condition that failed beside a conflict may still hold."""
        with pytest.raises(NotApplied), classified():
            line().transact(answer)

    def test_conflict_of_one_item_is_not_applied(self) -> None:
        """A transaction holds the item."""
        with pytest.raises(NotApplied), classified():
            line().put(error(400, "TransactionConflictException"))

    @pytest.mark.parametrize("answer", UNKNOWN.values(), ids=UNKNOWN.keys())
    @pytest.mark.parametrize("call", [Line.transact, Line.put])
    def test_silence_and_server_errors_are_unknown(
        self, call: Callable[[Line, Answer], None], answer: Answer
    ) -> None:
        """Only reading back tells whether it was written."""
        with pytest.raises(OutcomeUnknown), classified():
            call(line(), answer)

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_server_error_of_something_in_between_is_unknown(self, status: int) -> None:
        """A proxy's page is no answer of DynamoDB."""
        with pytest.raises(OutcomeUnknown), classified():
            line().transact(page(status, "<html>Bad Gateway</html>"))

    @pytest.mark.parametrize("answer", BUGS.values(), ids=BUGS.keys())
    def test_everything_else_is_a_bug(self, answer: Answer) -> None:
        """The error is raised unchanged, since no retry can correct it."""
        with pytest.raises(TransactWriteError), classified():
            line().transact(answer)

    def test_cause_is_kept(self) -> None:
        """The log shows what DynamoDB said."""
        with pytest.raises(ConcurrentChange) as lost, classified():
            line().transact(cancelled("ConditionalCheckFailed"))

        assert isinstance(lost.value.__cause__, TransactWriteError)


def test_classified_passes_what_is_no_failure_of_the_database() -> None:
    """A missing item is an answer."""
    with pytest.raises(DoesNotExist), classified():
        raise DoesNotExist


def test_classified_passes_errors_of_others() -> None:
    """Only errors of the database are classified."""
    with pytest.raises(ZeroDivisionError), classified():
        raise ZeroDivisionError


def client_error(code: str, *reasons: str) -> VerboseClientError:
    """Return an error of DynamoDB as PynamoDB holds it."""
    from_dynamodb = {"Error": {"Code": code, "Message": ""}}
    return VerboseClientError(from_dynamodb, "Call", cancellation_reasons=reasons_of(reasons))


def reasons_of(codes: tuple[str, ...]) -> list[Any]:
    """Return cancellation reasons with these codes."""
    return [type("Reason", (), {"code": code})() for code in codes]


CONDITION = PutError("", client_error("ConditionalCheckFailedException"))
CONFLICT = TransactWriteError(
    "", client_error("TransactionCanceledException", "TransactionConflict")
)
THROTTLED = PutError("", client_error("ThrottlingException"))
CONFLICT_AND_THROTTLED = TransactWriteError(
    "", client_error("TransactionCanceledException", "TransactionConflict", "ThrottlingError")
)
SILENCE = TransactWriteError("", TIMEOUT)
# What each of them means if it lasts.
LASTING = [
    (CONFLICT, Busy),
    (THROTTLED, ServiceUnavailable),
    (CONFLICT_AND_THROTTLED, ServiceUnavailable),
    (SILENCE, ServiceUnavailable),
]
VALIDATION = PutError("", client_error("ValidationException"))


@pytest.mark.parametrize(("failure", "refusal"), LASTING)
def test_answered_tells_people_in_conflict_from_a_service_that_fails(
    failure: PynamoDBException, refusal: type[Busy]
) -> None:
    """The client is asked to come back, and the log does not blame people for an outage."""
    with pytest.raises(Busy) as refused, busy_if_unanswered():
        raise failure

    assert type(refused.value) is refusal


def test_answered_leaves_a_lost_race_to_the_caller() -> None:
    """The caller decides again."""
    with pytest.raises(ConcurrentChange), busy_if_unanswered():
        raise CONDITION


def test_answered_leaves_a_bug_a_bug() -> None:
    """A client cannot correct it by retrying."""
    with pytest.raises(PutError), busy_if_unanswered():
        raise VALIDATION


def test_answered_lets_an_answer_through() -> None:
    """A result is returned unchanged."""
    with busy_if_unanswered():
        pass


class Write:
    """A write that has these outcomes one after another, and then succeeds."""

    def __init__(self, *met: Exception) -> None:
        self.met = list(met)
        self.made = 0

    def __call__(self) -> None:
        """Have the next outcome."""
        self.made += 1
        if self.met:
            raise self.met.pop(0)


class ReadBack:
    """A read that gives these results one after another."""

    def __init__(self, *said: bool) -> None:
        self.said = list(said)

    def __call__(self) -> bool:
        """Give the next result."""
        return self.said.pop(0)


def test_settle_of_a_write_that_succeeds_does_not_read_back() -> None:
    """The usual write costs one call."""
    write = Write()

    write_and_confirm(write, ReadBack(), no_pause)

    assert write.made == 1


def test_settle_finds_that_an_unanswered_write_was_applied() -> None:
    """The answer was lost, the write was not: it is not repeated."""
    write = Write(SILENCE)

    write_and_confirm(write, ReadBack(True), no_pause)

    assert write.made == 1


def test_settle_repeats_an_unanswered_write_that_was_not_applied() -> None:
    """Without answer and effect, the write is repeated."""
    write = Write(SILENCE)

    write_and_confirm(write, ReadBack(False), no_pause)

    assert write.made == 2


def test_settle_finds_its_own_late_write_behind_a_failed_condition() -> None:
    """It was read back too early and applied after that; the retry fails on our own success."""
    write = Write(SILENCE, CONDITION)

    write_and_confirm(write, ReadBack(False, True), no_pause)

    assert write.made == 2


def test_settle_finds_its_own_write_although_the_sdk_repeated_it() -> None:
    """The SDK's own retry fails on our own success."""
    write = Write(CONDITION)

    write_and_confirm(write, ReadBack(True), no_pause)

    assert write.made == 1


def test_settle_reports_a_conflict_with_another_change() -> None:
    """A failed condition and a change that is not ours is a conflict, at once."""
    write = Write(CONDITION)

    with pytest.raises(ConcurrentChange):
        write_and_confirm(write, ReadBack(False), no_pause)

    assert write.made == 1


def test_settle_loses_also_after_silence() -> None:
    """Another caller's change, made while we waited for an answer, stays."""
    with pytest.raises(ConcurrentChange):
        write_and_confirm(Write(SILENCE, CONDITION), ReadBack(False, False), no_pause)


@pytest.mark.parametrize("conflicts", [1, ATTEMPTS - 1])
def test_settle_repeats_what_was_not_applied(conflicts: int) -> None:
    """Throttling passes; nothing has to be read back."""
    write = Write(*[CONFLICT] * conflicts)

    write_and_confirm(write, ReadBack(), no_pause)

    assert write.made == conflicts + 1


@pytest.mark.parametrize(("met", "refusal"), LASTING)
def test_settle_gives_up_after_a_while(met: Exception, refusal: type[Busy]) -> None:
    """What outlasts the attempts is told by its name, with its cause."""
    write = Write(*[met] * 99)
    said = [False] * ATTEMPTS if met is SILENCE else []

    with pytest.raises(Busy) as refused:
        write_and_confirm(write, ReadBack(*said), no_pause)

    assert type(refused.value) is refusal
    assert refused.value.__cause__ is not None
    assert write.made == ATTEMPTS


def test_settle_pauses_between_attempts() -> None:
    """Callers in conflict do not meet again at once."""
    pauses: list[int] = []

    write_and_confirm(Write(CONFLICT, CONFLICT), ReadBack(), pauses.append)

    assert pauses == [0, 1]


def test_settle_raises_a_bug_at_once() -> None:
    """No further attempt could correct it."""
    write = Write(VALIDATION)

    with pytest.raises(PutError):
        write_and_confirm(write, ReadBack(), no_pause)

    assert write.made == 1


def test_settle_passes_what_reading_back_refuses() -> None:
    """If it is unknown whether it was written, the caller learns that it is unknown."""

    def unreadable() -> bool:
        raise Busy

    with pytest.raises(Busy):
        write_and_confirm(Write(SILENCE), unreadable, no_pause)


def test_settle_passes_errors_that_are_no_answer() -> None:
    """Without credentials nothing is written at any attempt."""
    write = Write(NoCredentialsError())

    with pytest.raises(NoCredentialsError):
        write_and_confirm(write, ReadBack(), no_pause)

    assert write.made == 1
