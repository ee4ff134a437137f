"""
Items that the second release stores for the first time, as DynamoDB holds them.

The file `items.v2.json` is rewritten until that release, and never after.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.domain.audit import GENESIS, Action, ChainPosition, new_entry
from shared.domain.course_trail import CourseChange, course_change
from shared.domain.people import Person
from shared.domain.warning import GateWarning, WarningSlug
from shared.storage.mapping import (
    attendee_from,
    attendee_item,
    audit_entry_from,
    audit_item,
    course_audit_item,
    course_entry_from,
    course_from,
    course_item,
    session_from,
    session_item,
)
from shared.storage.models import AttendeeItem, AuditItem, CourseAuditItem, CourseItem, SessionItem
from testing.builders import a_change
from testing.origins import an_origin
from tests.first_release import ANA, COMPLETED, COURSE, DECISION, FULL_ID, without_release

RAW: dict[str, Any] = json.loads((Path(__file__).parent / "items.v2.json").read_bytes())


def the_change() -> CourseChange:
    """Return the first change of a course that the first release stored."""
    changed_at = datetime(2026, 9, 1, 7, 30, 0, 12, tzinfo=UTC)
    by = a_change("request-7", Person("u-2", "Bo Łukasik"), changed_at)
    change = course_change(COURSE, replace(COURSE, validity=None, version="2026-C"), by)
    assert change is not None
    entry = without_release(change.entry)
    return replace(change, after=replace(change.after, audit_head=entry.sha256), entry=entry)


CHANGE = the_change()
WARNED = replace(
    COMPLETED,
    finalization=replace(
        DECISION,
        course=CHANGE.after,
        manifest_version=2,
        warnings=(
            GateWarning(WarningSlug.PEOPLE_UNMARKED, "1 was never marked.", (ANA.personnel_id,)),
            GateWarning(WarningSlug.COURSE_CHANGED, "The rules were changed."),
        ),
        acknowledged=(WarningSlug.COURSE_CHANGED,),
    ),
)
MARKED = replace(ANA, is_marked=True)
ENTRY = without_release(
    new_entry(ChainPosition(FULL_ID, 1, GENESIS), Action.REGISTERED, a_change(), [])
)

Read = Callable[[dict[str, Any]], object]
READ: dict[str, tuple[Read, object]] = {
    "course": (lambda raw: course_from(CourseItem.from_raw_data(raw)), CHANGE.after),
    "courseAudit": (
        lambda raw: course_entry_from(CourseAuditItem.from_raw_data(raw)),
        CHANGE.entry,
    ),
    "audit": (lambda raw: audit_entry_from(AuditItem.from_raw_data(raw)), ENTRY),
    "attendee": (lambda raw: attendee_from(AttendeeItem.from_raw_data(raw)), MARKED),
    "session": (lambda raw: session_from(SessionItem.from_raw_data(raw)), WARNED),
}


def written() -> dict[str, Any]:
    """Return the same values as this release writes them."""
    items = {
        "course": course_item(CHANGE.after),
        "courseAudit": course_audit_item(CHANGE.entry, an_origin(CHANGE.entry.sha256)),
        "audit": audit_item(ENTRY, an_origin(ENTRY.sha256)),
        "attendee": attendee_item(FULL_ID, MARKED),
        "session": session_item(WARNED),
    }
    return {name: item.serialize() for name, item in items.items()}


@pytest.mark.parametrize(("read", "value"), READ.values(), ids=READ.keys())
def test_items_of_the_second_release_are_read(
    read: Read, value: object, request: pytest.FixtureRequest
) -> None:
    """Each gives the value that was stored."""
    assert read(RAW[request.node.callspec.id]) == value


@pytest.mark.parametrize("name", READ)
def test_items_of_the_second_release_are_written_as_they_were(name: str) -> None:
    """Names and forms of what was added to the tables stay as they are."""
    assert written()[name] == RAW[name]
