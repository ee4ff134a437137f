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

from shared.domain.contention import ATTEMPTS, LostRace
from shared.domain.errors import Busy
from shared.storage.writes import NotApplied, OutcomeUnknown, answered, classified, settle
from tests.conftest import REGION
from tests.fakes import no_pause
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
    """Return the one line, made when AWS is stood in for."""
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
        """Decided: somebody else came first."""
        with pytest.raises(LostRace), classified():
            line().transact(answer)

    def test_failed_condition_of_one_item_is_a_lost_race(self) -> None:
        """The same outside of a transaction."""
        with pytest.raises(LostRace), classified():
            line().put(error(400, "ConditionalCheckFailedException"))

    @pytest.mark.parametrize("answer", NOT_APPLIED.values(), ids=NOT_APPLIED.keys())
    def test_conflict_and_throttling_are_not_applied(self, answer: Answer) -> None:
        """Nothing was written; a condition that failed beside a conflict may hold yet."""
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
        """Written or not: only reading back tells."""
        with pytest.raises(OutcomeUnknown), classified():
            call(line(), answer)

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_server_error_of_something_in_between_is_unknown(self, status: int) -> None:
        """A proxy's page is no answer of DynamoDB's."""
        with pytest.raises(OutcomeUnknown), classified():
            line().transact(page(status, "<html>Bad Gateway</html>"))

    @pytest.mark.parametrize("answer", BUGS.values(), ids=BUGS.keys())
    def test_everything_else_is_a_bug(self, answer: Answer) -> None:
        """It is raised as it is, so that it surfaces; no retry mends it."""
        with pytest.raises(TransactWriteError), classified():
            line().transact(answer)

    def test_cause_is_kept(self) -> None:
        """Whoever reads the log sees what DynamoDB said."""
        with pytest.raises(LostRace) as lost, classified():
            line().transact(cancelled("ConditionalCheckFailed"))

        assert isinstance(lost.value.__cause__, TransactWriteError)


def test_classified_passes_what_is_no_failure_of_the_database() -> None:
    """An item that does not exist is an answer."""
    with pytest.raises(DoesNotExist), classified():
        raise DoesNotExist


def test_classified_passes_errors_of_others() -> None:
    """Only the database's errors are classified."""
    with pytest.raises(ZeroDivisionError), classified():
        raise ZeroDivisionError


def client_error(code: str, *reasons: str) -> VerboseClientError:
    """Return an error of DynamoDB's as PynamoDB keeps it."""
    from_dynamodb = {"Error": {"Code": code, "Message": ""}}
    return VerboseClientError(from_dynamodb, "Call", cancellation_reasons=reasons_of(reasons))


def reasons_of(codes: tuple[str, ...]) -> list[Any]:
    """Return cancellation reasons with these codes."""
    return [type("Reason", (), {"code": code})() for code in codes]


CONDITION = PutError("", client_error("ConditionalCheckFailedException"))
CONFLICT = TransactWriteError(
    "", client_error("TransactionCanceledException", "TransactionConflict")
)
SILENCE = TransactWriteError("", TIMEOUT)
VALIDATION = PutError("", client_error("ValidationException"))


@pytest.mark.parametrize("failure", [CONFLICT, SILENCE])
def test_answered_turns_silence_and_contention_into_a_refusal(failure: PynamoDBException) -> None:
    """The client is asked to come back: reads, and writes that may simply be repeated."""
    with pytest.raises(Busy), answered():
        raise failure


def test_answered_leaves_a_lost_race_to_the_caller() -> None:
    """Who lost decides again."""
    with pytest.raises(LostRace), answered():
        raise CONDITION


def test_answered_leaves_a_bug_a_bug() -> None:
    """It is not the client's to try again."""
    with pytest.raises(PutError), answered():
        raise VALIDATION


def test_answered_lets_an_answer_through() -> None:
    """Nothing happened."""
    with answered():
        pass


class Write:
    """A write that meets one thing after another, and then succeeds."""

    def __init__(self, *met: Exception) -> None:
        self.met = list(met)
        self.made = 0

    def __call__(self) -> None:
        """Meet the next thing."""
        self.made += 1
        if self.met:
            raise self.met.pop(0)


class ReadBack:
    """What reading back says, one time after another."""

    def __init__(self, *said: bool) -> None:
        self.said = list(said)

    def __call__(self) -> bool:
        """Say the next thing."""
        return self.said.pop(0)


def test_settle_of_a_write_that_succeeds_does_not_read_back() -> None:
    """The usual write costs one call."""
    write = Write()

    settle(write, ReadBack(), no_pause)

    assert write.made == 1


def test_settle_finds_that_an_unanswered_write_was_applied() -> None:
    """The answer was lost, the write was not: it is not made again."""
    write = Write(SILENCE)

    settle(write, ReadBack(True), no_pause)

    assert write.made == 1


def test_settle_repeats_an_unanswered_write_that_was_not_applied() -> None:
    """Neither answer nor effect: try again."""
    write = Write(SILENCE)

    settle(write, ReadBack(False), no_pause)

    assert write.made == 2


def test_settle_finds_its_own_late_write_behind_a_failed_condition() -> None:
    """Read back too early, applied after that: the repeat fails on our own success."""
    write = Write(SILENCE, CONDITION)

    settle(write, ReadBack(False, True), no_pause)

    assert write.made == 2


def test_settle_finds_its_own_write_although_the_sdk_repeated_it() -> None:
    """The SDK's own retry fails on our own success."""
    write = Write(CONDITION)

    settle(write, ReadBack(True), no_pause)

    assert write.made == 1


def test_settle_loses_if_somebody_else_is_there() -> None:
    """A failed condition and a change that is not ours: lost, at once."""
    write = Write(CONDITION)

    with pytest.raises(LostRace):
        settle(write, ReadBack(False), no_pause)

    assert write.made == 1


def test_settle_loses_also_after_silence() -> None:
    """A rival that came while we waited for an answer has won."""
    with pytest.raises(LostRace):
        settle(Write(SILENCE, CONDITION), ReadBack(False, False), no_pause)


@pytest.mark.parametrize("conflicts", [1, ATTEMPTS - 1])
def test_settle_repeats_what_was_not_applied(conflicts: int) -> None:
    """Contention ends; nothing has to be read back for it."""
    write = Write(*[CONFLICT] * conflicts)

    settle(write, ReadBack(), no_pause)

    assert write.made == conflicts + 1


@pytest.mark.parametrize(("met", "said"), [(CONFLICT, []), (SILENCE, [False] * ATTEMPTS)])
def test_settle_gives_up_after_a_while(met: Exception, said: list[bool]) -> None:
    """Contention or silence that lasts is said."""
    write = Write(*[met] * 99)

    with pytest.raises(Busy):
        settle(write, ReadBack(*said), no_pause)

    assert write.made == ATTEMPTS


def test_settle_pauses_between_attempts() -> None:
    """Rivals do not meet again at once."""
    pauses: list[int] = []

    settle(Write(CONFLICT, CONFLICT), ReadBack(), pauses.append)

    assert pauses == [0, 1]


def test_settle_raises_a_bug_at_once() -> None:
    """No attempt mends it."""
    write = Write(VALIDATION)

    with pytest.raises(PutError):
        settle(write, ReadBack(), no_pause)

    assert write.made == 1


def test_settle_passes_what_reading_back_refuses() -> None:
    """If nobody can say whether it was written, nobody claims that it was."""

    def unreadable() -> bool:
        raise Busy

    with pytest.raises(Busy):
        settle(Write(SILENCE), unreadable, no_pause)


def test_settle_passes_errors_that_are_no_answer() -> None:
    """A process without credentials writes nothing, however often."""
    write = Write(NoCredentialsError())

    with pytest.raises(NoCredentialsError):
        settle(write, ReadBack(), no_pause)

    assert write.made == 1
