"""The trail of a course: every change of its rules, with who made it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.audit import GENESIS
from shared.domain.canonical import sha256
from shared.domain.course import Course
from shared.domain.course_trail import CourseChange, course_change
from shared.domain.people import Person
from shared.domain.validity import Validity
from testing.builders import (
    ADMIN,
    COURSE_ID,
    NOW,
    RELEASE,
    a_change,
    a_course,
    a_course_change,
)

NEW = Course(COURSE_ID, "Working at height", requires_verify=False, validity=Validity(12))
LATER = NOW + timedelta(days=30)


def told(change: CourseChange) -> dict[str, Any]:
    """Return what the entry says."""
    content: dict[str, Any] = json.loads(change.entry.content)
    return content


def test_course_trail_begins_with_the_course() -> None:
    """The first entry names every rule the course is registered with."""
    change = a_course_change(NEW)

    assert told(change) == {
        "entryVersion": 2,
        "release": RELEASE.version,
        "courseId": COURSE_ID,
        "sequence": 1,
        "previous": GENESIS,
        "action": "REGISTERED",
        "at": "2026-03-10T15:10:00.000000Z",
        "by": {"id": ADMIN.id, "name": ADMIN.name},
        "requestId": "request-1",
        "changes": [
            {"subject": "", "field": "title", "old": None, "new": "Working at height"},
            {"subject": "", "field": "requiresVerify", "old": None, "new": False},
            {"subject": "", "field": "validityMonths", "old": None, "new": 12},
        ],
    }


@pytest.mark.parametrize(
    ("rule", "name", "old", "new"),
    [
        ({"validity": Validity(36)}, "validityMonths", 12, 36),
        ({"validity": None}, "validityMonths", 12, None),
        ({"title": "Rescue"}, "title", "Working at height", "Rescue"),
        ({"requires_verify": True}, "requiresVerify", False, True),
        ({"version": "5.0"}, "version", None, "5.0"),
        ({"retention_years": 30}, "retentionYears", None, 30),
    ],
)
def test_course_trail_names_each_rule_with_its_old_and_its_new_value(
    rule: dict[str, Any], name: str, old: object, new: object
) -> None:
    """Who made twelve months into 36 can be found out."""
    before = a_course_change(NEW).after
    other = Person("u-2", "Ada Berg")

    change = course_change(before, replace(NEW, **rule), a_change(by=other))

    assert change is not None
    assert told(change)["by"] == {"id": "u-2", "name": "Ada Berg"}
    assert told(change)["changes"] == [{"subject": "", "field": name, "old": old, "new": new}]


def test_course_trail_is_a_chain() -> None:
    """Each entry holds the hash of the one before, and the course that of the last."""
    first = a_course_change(NEW)

    second = a_course_change(replace(NEW, title="Rescue"), first.after)

    assert told(second)["previous"] == first.entry.sha256 == first.after.audit_head
    assert second.after.audit_head == second.entry.sha256
    assert second.entry.sha256 == sha256(second.entry.content.encode())


def test_course_trail_is_numbered_by_the_revisions() -> None:
    """A course that was registered before there were trails goes on with its own number."""
    change = a_course_change(a_course(title="Rescue"), a_course(revision=4))

    assert (change.after.revision, change.entry.sequence, told(change)["previous"]) == (
        5,
        5,
        GENESIS,
    )


def test_course_trail_says_nothing_where_nothing_changes() -> None:
    """The same rules sent again are no change, whatever revision they say."""
    stored = a_course_change(replace(NEW, title="Rescue"), a_course_change(NEW).after).after

    assert course_change(stored, replace(NEW, title="Rescue"), a_change(at=LATER)) is None
    assert course_change(stored, stored, a_change(at=LATER)) is None


def test_course_knows_since_when_its_rules_are_what_they_are() -> None:
    """A new course was never changed; then the moment of the last change counts."""
    new = a_course_change(NEW).after

    changed = course_change(new, replace(NEW, validity=None), a_change(at=LATER))

    assert new.changed_at is None
    assert changed is not None
    assert changed.after.changed_at == LATER
