"""
Items that the third release stores in another form, as DynamoDB holds them.

The file `items.v3.json` is rewritten until that release, and never after.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.domain.audit import GENESIS, Action, ChainPosition, ChangeContext, new_entry
from shared.domain.course_trail import course_change
from shared.domain.people import Person
from shared.domain.release import Release
from shared.storage.mapping import (
    audit_entry_from,
    audit_item,
    course_audit_item,
    course_entry_from,
    session_from,
    session_item,
)
from shared.storage.models import AuditItem, CourseAuditItem, SessionItem
from testing.origins import an_origin
from tests.first_release import COMPLETED, COURSE, DECISION, FULL_ID

RAW: dict[str, Any] = json.loads((Path(__file__).parent / "items.v3.json").read_bytes())

RELEASE = Release("0123456789abcdef" * 2 + "01234567", "3.13.5", "arm64", "ab" * 32, "cd" * 32)
CHANGED = ChangeContext(
    Person("u-2", "Bo Łukasik"), datetime(2026, 9, 1, 7, 30, 0, 12, tzinfo=UTC), "req-7", RELEASE
)
ENTRY = new_entry(ChainPosition(FULL_ID, 1, GENESIS), Action.REGISTERED, CHANGED, [])
COURSE_CHANGE = course_change(COURSE, replace(COURSE, version="2026-C"), CHANGED)
assert COURSE_CHANGE is not None
COURSE_ENTRY = COURSE_CHANGE.entry
DECIDED = replace(COMPLETED, finalization=replace(DECISION, manifest_version=3, release=RELEASE))

Read = Callable[[dict[str, Any]], object]
READ: dict[str, tuple[Read, object]] = {
    "audit": (lambda raw: audit_entry_from(AuditItem.from_raw_data(raw)), ENTRY),
    "courseAudit": (
        lambda raw: course_entry_from(CourseAuditItem.from_raw_data(raw)),
        COURSE_ENTRY,
    ),
    "session": (lambda raw: session_from(SessionItem.from_raw_data(raw)), DECIDED),
}


def written() -> dict[str, Any]:
    """Return the same values as this release writes them."""
    items = {
        "audit": audit_item(ENTRY, an_origin(ENTRY.sha256)),
        "courseAudit": course_audit_item(COURSE_ENTRY, an_origin(COURSE_ENTRY.sha256)),
        "session": session_item(DECIDED),
    }
    return {name: item.serialize() for name, item in items.items()}


@pytest.mark.parametrize(("read", "value"), READ.values(), ids=READ.keys())
def test_items_of_the_third_release_are_read(
    read: Read, value: object, request: pytest.FixtureRequest
) -> None:
    """Each gives the value that was stored."""
    assert read(RAW[request.node.callspec.id]) == value


@pytest.mark.parametrize("name", READ)
def test_items_of_the_third_release_are_written_as_they_were(name: str) -> None:
    """Names and forms of what was added to the tables stay as they are."""
    assert written()[name] == RAW[name]
