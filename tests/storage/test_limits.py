"""What one transaction holds, by our own count."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.plan import Plan
from shared.storage.limits import AWS, fits_one_transaction, item_bytes
from shared.storage.models import CourseItem
from testing.builders import a_plan, a_snapshot, an_attendee, attendees
from tests.storage.conftest import Stores


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ({}, 0),
        ({"name": {"S": ""}}, 4),
        ({"name": {"S": "Ada"}}, 7),
        ({"name": {"S": "Zoë"}}, 8),
        ({"näme": {"S": "高"}}, 8),
        ({"is": {"BOOL": True}}, 3),
        ({"no": {"NULL": True}}, 3),
        ({"n": {"N": "7"}}, 1 + 2),
        ({"n": {"N": "1234567"}}, 1 + 5),
        ({"m": {"M": {}}}, 1 + 3),
        ({"m": {"M": {"id": {"S": "x"}}}}, 1 + 3 + (2 + 1) + 1),
        ({"m": {"M": {"a": {"S": "x"}, "b": {"BOOL": True}}}}, 1 + 3 + 2 + 2 + 2),
        ({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}, 1 + 3 + 3 + 2),
        ({"a": {"S": "x"}, "b": {"S": "y"}}, 4),
    ],
)
def test_item_bytes_counts_as_dynamodb_does(attributes: dict[str, Any], size: int) -> None:
    """
    Names and values count in UTF-8 bytes, a list or map three more, each of its
    parts one more.
    """
    assert item_bytes(attributes) == size


@pytest.mark.parametrize(
    ("count", "fits"), [(0, True), (1, True), (AWS.actions, True), (AWS.actions + 1, False)]
)
def test_transaction_carries_100_actions(count: int, *, fits: bool) -> None:
    """100 actions fit, 101 do not."""
    items = [
        CourseItem(f"c-{number}", title="x", requires_verify=True, revision=1)
        for number in range(count)
    ]

    assert fits_one_transaction(items, AWS) is fits


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_transaction_carries_4_mebibytes(more: int, *, fits: bool) -> None:
    """The limit is exact to the byte."""
    item = CourseItem("c", title="", requires_verify=True, revision=1)
    empty = item_bytes(item.serialize())
    item.title = "x" * (AWS.transaction_bytes - empty + more)

    assert fits_one_transaction([item], AWS) is fits


def verbose(count: int, remarks: str) -> Plan:
    """Return the plan of a session in which everyone has these remarks."""
    return a_plan(a_snapshot(*(an_attendee(n, remarks=remarks) for n in range(count))))


def test_plan_with_the_longest_remarks_fits(real: Stores) -> None:
    """97 people fit with 5,000 letters of any script each."""
    assert real.finalizations.fits_one_transaction(verbose(97, "\U0001f9d7" * 5_000))


def test_plan_of_too_many_bytes_does_not_fit(real: Stores) -> None:
    """A few records do not fit if each is too large."""
    assert not real.finalizations.fits_one_transaction(verbose(11, "x" * 400_000))


def test_plan_counts_the_session_too(real: Stores) -> None:
    """A session that leaves no room for its records is written in steps."""
    plan = a_plan(a_snapshot(*attendees(1)))
    huge = replace(plan.before, roster_change="x" * AWS.transaction_bytes)

    assert not real.finalizations.fits_one_transaction(replace(plan, before=huge))
