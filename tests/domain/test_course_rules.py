"""The rules of a decision are those that the course's trail tells of then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.domain.course import Course
from shared.domain.course_trail import CourseChange, CourseEntry, course_change, rules_faults
from shared.domain.validity import Validity
from testing.builders import NOW, a_change, a_course, a_decision

NEW = a_course(revision=0, retention_years=30)


def changes(*wanted: Course, before: Course | None = None) -> list[CourseChange]:
    """Return the changes to these rules, one after the other, a day each, until yesterday."""
    made: list[CourseChange] = []
    for days, rules in enumerate(wanted):
        at = NOW - timedelta(days=len(wanted) - days)
        change = course_change(made[-1].after if made else before, rules, a_change(at=at))
        assert change is not None
        made.append(change)
    return made


def trail(made: Sequence[CourseChange]) -> list[CourseEntry]:
    """Return the entries of these changes."""
    return [change.entry for change in made]


TWO = changes(NEW, replace(NEW, title="Working at height, advanced", validity=Validity(24)))
NOW_IN_FORCE = TWO[-1].after


def found(course: Course, entries: Sequence[CourseEntry], at: datetime = NOW) -> list[str]:
    """Return what is wrong with a decision by these rules."""
    return rules_faults(a_decision(course=course, finalized_at=at), entries)


def test_rules_that_the_trail_tells_are_intact() -> None:
    """Registered, changed once, and decided by what was in force."""
    assert found(NOW_IN_FORCE, trail(TWO)) == []


def test_rules_that_changed_after_the_decision_are_intact() -> None:
    """What the course became later is no matter of this decision."""
    later = course_change(NOW_IN_FORCE, NEW, a_change(at=NOW + timedelta(days=1)))
    assert later is not None

    assert found(NOW_IN_FORCE, [*trail(TWO), later.entry]) == []


@pytest.mark.parametrize(
    ("bent", "fault"),
    [
        (
            {"validity": Validity(1200)},
            "the course's validityMonths: its trail tells 24, the decision 1200",
        ),
        (
            {"validity": None},
            "the course's validityMonths: its trail tells 24, the decision nothing",
        ),
        ({"title": "Crane"}, "the course's title: its trail tells"),
        ({"retention_years": 1}, "the course's retentionYears: its trail tells 30, the decision 1"),
        ({"requires_verify": True}, "the course's requiresVerify: its trail tells false"),
        ({"revision": 3}, "the course's trail ends at revision 2, not 3"),
        ({"audit_head": "f" * 64}, "the course's trail has no entry of revision 2 as it was"),
    ],
)
def test_rules_that_were_bent_behind_the_trail_are_named(
    bent: dict[str, object], fault: str
) -> None:
    """An item that was put in the place of the course says what no entry tells."""
    faults = found(replace(NOW_IN_FORCE, **bent), trail(TWO))  # type: ignore[arg-type]

    assert [one.startswith(fault) for one in faults] == [True]


def test_older_rules_that_were_put_back_are_named() -> None:
    """They are true to the trail, and were in force no more."""
    assert found(TWO[0].after, trail(TWO)) == [
        "the course had revision 2 when this was decided by an older one"
    ]


def test_change_in_the_minute_of_the_decision_is_no_fault() -> None:
    """Two functions' clocks may differ, so which of them came first cannot be told."""
    assert found(TWO[0].after, trail(TWO), NOW - timedelta(days=1)) == []


def test_course_of_the_first_release_needs_no_trail() -> None:
    """It was registered before there were any."""
    assert found(a_course(revision=4), []) == []


def test_trail_that_begins_late_tells_only_what_changed() -> None:
    """A course of the first release that was changed since: the rest is not compared."""
    made = changes(a_course(validity=Validity(24)), before=a_course(revision=4))

    assert found(made[-1].after, trail(made)) == []
    assert found(replace(made[-1].after, validity=Validity(1)), trail(made)) == [
        "the course's validityMonths: its trail tells 24, the decision 1"
    ]


def test_course_that_denies_its_trail_is_named() -> None:
    """An item that looks like one of the first release, while there are entries."""
    assert found(a_course(revision=2), trail(TWO))[0].startswith("the course's trail has no entry")
    assert found(a_course(revision=0), trail(TWO)) != []


def test_entry_that_was_changed_or_removed_is_named() -> None:
    """The chain is checked as that of a session is."""
    first, second = trail(TWO)
    three = changes(NEW, replace(NEW, title="B"), replace(NEW, title="C"))
    edited = replace(first, content=first.content.replace("Working", "Walking"))

    assert found(NOW_IN_FORCE, [edited, second]) == ["entry 1 of the course's trail was changed"]
    assert found(three[-1].after, [three[0].entry, three[2].entry]) == [
        "entry 3 of the course's trail does not follow the one before it"
    ]


@pytest.mark.parametrize("content", ["", "[]", '{"changes": 5}', '{"changes": [1, {"field": []}]}'])
def test_damaged_entry_stops_nothing(content: str) -> None:
    """What cannot be read tells nothing, and is named."""
    first, second = trail(TWO)

    faults = found(NOW_IN_FORCE, [replace(first, content=content), second])

    assert "entry 1 of the course's trail was changed" in faults
