"""What of a stream in AWS's engine reaches the functions that follow it."""

import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from local.dynamodb.mapping import Mapping, left_to_do
from testing.template import as_written

if TYPE_CHECKING:
    from mypy_boto3_lambda.type_defs import EventSourceMappingConfigurationTypeDef

Json = dict[str, Any]


def deployed(**settings: object) -> Mapping:
    """Read a mapping as Lambda describes it."""
    told = {
        "FunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:witness",
        "EventSourceArn": "arn:aws:dynamodb:eu-central-1:111122223333:table/Sessions/stream/x",
        **settings,
    }
    return Mapping.of(cast("EventSourceMappingConfigurationTypeDef", told))


def change(number: int, kind: str = "INSERT", item: str = "ATTENDEE#p1") -> Json:
    """Return a record of a stream."""
    keys = {"sessionId": {"S": "s1"}, "item": {"S": item}}
    return {"eventName": kind, "dynamodb": {"Keys": keys, "SequenceNumber": str(number)}}


def test_every_change_is_wanted_without_a_filter() -> None:
    """A mapping without filters gets all."""
    records = [change(1), change(2, "REMOVE")]

    assert deployed().wanted(records) == records


@pytest.mark.parametrize(
    ("kind", "item", "is_wanted"),
    [
        ("INSERT", "ATTENDEE#p1", False),
        ("MODIFY", "ATTENDEE#p1", True),
        ("REMOVE", "ATTENDEE#p1", True),
        ("INSERT", "SESSION", True),
    ],
)
def test_a_change_is_wanted_if_one_filter_takes_it(kind: str, item: str, is_wanted: bool) -> None:
    """The template's own filters: all but new rows of a roster."""
    declared = as_written().properties("SessionWitnessMapping")["FilterCriteria"]
    record = change(1, kind, item)

    wanted = deployed(FilterCriteria=declared).wanted([record])

    assert wanted == ([record] if is_wanted else [])


def test_what_failed_and_all_after_it_is_left_to_do() -> None:
    """A stream is in order: what comes after a change is told after it, once more."""
    records = [change(1), change(2), change(3)]

    left = left_to_do(records, {"batchItemFailures": [{"itemIdentifier": "2"}]})

    assert left == records[1:]


def test_nothing_is_left_after_an_answer_without_failures() -> None:
    """An empty list means that all was done."""
    assert left_to_do([change(1)], json.loads('{"batchItemFailures": []}')) == []


@pytest.mark.parametrize(("retries", "tries"), [(-1, None), (0, 1), (5, 6)])
def test_retries_come_after_the_first_try(retries: int, tries: int | None) -> None:
    """Lambda counts them from the second try on; -1 stands for no end."""
    assert deployed(MaximumRetryAttempts=retries).tries == tries


def test_table_is_that_of_the_stream() -> None:
    """The stream in AWS's engine is looked up by the name of its table."""
    assert deployed().table == "Sessions"
