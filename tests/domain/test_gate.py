"""The warnings before Finalize: what nobody should overlook, but an admin may decide."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.course import Course
from shared.domain.gate import MOST_NAMED, Gate, warnings_at, warnings_shown
from shared.domain.session import Attendee, SessionStatus
from shared.domain.validity import Validity
from shared.domain.warning import GateWarning, WarningSlug
from testing.builders import (
    ENDS_AT,
    NOW,
    a_course,
    a_cuid,
    a_decision,
    a_locked_session,
    a_sheet,
    a_snapshot,
    an_absentee,
    an_attendee,
    some_details,
)

MARKED_ABSENT = an_absentee(2, is_marked=True)


def gate(
    *people: Attendee,
    course: Course | None = None,
    others: Sequence[str] = (),
    now: datetime = NOW,
    **fields: Any,  # noqa: ANN401 - as the builders
) -> Gate:
    """Return a session before Finalize."""
    return Gate(a_snapshot(*people, **fields), course or a_course(), others, now)


def slugs(seen: Gate) -> list[str]:
    """Return the names of its warnings."""
    return [warning.slug.value for warning in warnings_at(seen)]


def the_warning(seen: Gate) -> GateWarning:
    """Return its only warning."""
    (warning,) = warnings_at(seen)
    return warning


def test_session_that_is_in_order_warns_of_nothing() -> None:
    """Everybody was marked, present or absent, and nothing else is unusual."""
    assert slugs(gate(an_attendee(1), MARKED_ABSENT, an_attendee(3, has_passed=False))) == []


def test_session_without_people_warns_of_nothing() -> None:
    """There is nobody who could have been marked."""
    assert slugs(gate()) == []


def test_gate_warns_if_nobody_was_ever_marked() -> None:
    """An admin who forgot the grid would write no record at all."""
    warning = the_warning(gate(an_absentee(1), an_absentee(2)))

    assert warning == GateWarning(
        WarningSlug.NOBODY_MARKED,
        "Nobody on the list was ever marked: 2 people would count as absent and get no record. "
        "Mark who was there, as the sheet has it.",
        (a_cuid(1), a_cuid(2)),
    )


def test_gate_warns_of_those_who_were_never_marked() -> None:
    """Somebody who is marked absent is none of them, though both count as absent."""
    warning = the_warning(gate(an_attendee(1), MARKED_ABSENT, an_absentee(3)))

    assert warning == GateWarning(
        WarningSlug.PEOPLE_UNMARKED,
        "1 of 3 people on the list was never marked: they would count as absent and get no "
        "record. Mark them, or make sure that they were absent.",
        (a_cuid(3),),
    )


def test_gate_names_no_more_people_than_can_be_read() -> None:
    """They are the first on the paper sheet; the words say how many there are."""
    people = [an_absentee(number, name=f"Name {99 - number:02}") for number in range(1, 51)]

    warning = the_warning(gate(an_attendee(51), *people))

    assert warning.detail.startswith("50 of 51 people ")
    assert warning.people == tuple(a_cuid(50 - place) for place in range(MOST_NAMED))


def test_gate_warns_of_somebody_who_failed_and_was_absent() -> None:
    """They would get no record of the attempt that failed."""
    absent = replace(MARKED_ABSENT, has_passed=False)

    warning = the_warning(gate(an_attendee(1), absent))

    assert (warning.slug, warning.people) == (WarningSlug.ABSENT_BUT_FAILED, (a_cuid(2),))
    assert warning.detail == (
        "1 person marked as failed and absent would get no record of having failed. "
        "If they were there, mark them present."
    )


def test_gate_warns_of_a_sheet_that_ends_early() -> None:
    """A part of the signatures may be missing."""
    assert slugs(gate(an_attendee(1), sheet=a_sheet(ends_early=True))) == ["sheet-ends-early"]


def test_gate_warns_of_a_sheet_that_was_also_handed_in_elsewhere() -> None:
    """One of the sessions has the wrong sheet, or is entered twice."""
    warning = the_warning(gate(an_attendee(1), others=["b-2", "a-1"]))

    assert warning == GateWarning(
        WarningSlug.SHEET_USED_ELSEWHERE,
        "The same sheet was also handed in for other sessions: a-1, b-2. "
        "Make sure that it is the sheet of this one.",
    )


def test_gate_names_no_more_sessions_than_can_be_read() -> None:
    """The words say how many more there are."""
    warning = the_warning(gate(an_attendee(1), others=[f"s-{n:02}" for n in range(50)]))

    assert "s-19 and 30 more." in warning.detail
    assert "s-20" not in warning.detail


@pytest.mark.parametrize(
    ("days", "found"), [(-1, []), (0, []), (1, ["already-expired"]), (300, ["already-expired"])]
)
def test_gate_warns_if_records_would_be_expired_already(days: int, found: list[str]) -> None:
    """On the last day they are valid still."""
    last_day = datetime(2026, 4, 10, 12, tzinfo=UTC)
    course = a_course(validity=Validity(1))

    assert slugs(gate(an_attendee(1), course=course, now=last_day + timedelta(days))) == found


def test_gate_judges_expiry_by_the_day_where_the_training_took_place() -> None:
    """In Tokyo the day after the last one begins while it is still the last one in UTC."""
    course = a_course(validity=Validity(1))
    now = datetime(2026, 4, 11, 15, 30, tzinfo=UTC)
    details = some_details(timezone="Asia/Tokyo")

    assert slugs(gate(an_attendee(1), course=course, now=now, details=details)) == [
        "already-expired"
    ]


@pytest.mark.parametrize(
    "people", [[MARKED_ABSENT], [an_attendee(1, has_passed=False), MARKED_ABSENT]]
)
def test_gate_does_not_warn_of_expiry_if_nobody_passed(people: list[Attendee]) -> None:
    """There is nothing that could be valid."""
    late = NOW + timedelta(days=300)

    assert slugs(gate(*people, course=a_course(validity=Validity(1)), now=late)) == []


def test_gate_does_not_warn_of_expiry_before_the_session() -> None:
    """The first release took ends of which no calendar can show the expiry."""
    details = some_details(ends_at=datetime.max.replace(tzinfo=UTC))

    assert slugs(gate(an_attendee(1), details=details)) == []


def test_gate_does_not_warn_of_expiry_if_the_course_has_none() -> None:
    """A pass that never expires is never late."""
    late = NOW + timedelta(days=9_000)

    assert slugs(gate(an_attendee(1), course=a_course(validity=None), now=late)) == []


STARTS_AT = some_details().starts_at


@pytest.mark.parametrize(
    ("changed_at", "found"),
    [
        (None, []),
        (STARTS_AT - timedelta(days=1), []),
        (STARTS_AT, []),
        (STARTS_AT + timedelta(microseconds=1), ["course-changed"]),
        (ENDS_AT + timedelta(days=5), ["course-changed"]),
    ],
)
def test_gate_warns_if_the_rules_changed_since_the_training(
    changed_at: datetime | None, found: list[str]
) -> None:
    """What was in force when it began is what people were trained by."""
    assert slugs(gate(an_attendee(1), course=a_course(changed_at=changed_at))) == found


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({}, "version 2026-A, valid for 12 months, training records."),
        (
            {"version": None, "validity": Validity(1), "requires_verify": True},
            "no version, valid for 1 month, competencies to be verified.",
        ),
        ({"validity": None}, "version 2026-A, without expiry, training records."),
    ],
)
def test_gate_says_which_rules_the_records_would_follow(rules: dict[str, Any], said: str) -> None:
    """The admin sees what is written, and since when, by the clocks of the training."""
    changed_at = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)

    warning = the_warning(gate(an_attendee(1), course=a_course(changed_at=changed_at, **rules)))

    assert warning.detail == (
        "The rules of the course were changed on 2026-03-21, after the training had begun. "
        f"The records would follow the rules of today: {said}"
    )


def test_gate_warns_of_everything_at_once() -> None:
    """The most grave comes first; nobody finds out one by one."""
    seen = gate(
        an_attendee(1),
        an_absentee(2, has_passed=False),
        course=a_course(validity=Validity(1), changed_at=NOW),
        others=["other"],
        now=NOW + timedelta(days=99),
        sheet=a_sheet(ends_early=True),
    )

    assert slugs(seen) == [
        "people-unmarked",
        "absent-but-failed",
        "sheet-ends-early",
        "sheet-used-elsewhere",
        "already-expired",
        "course-changed",
    ]


def test_view_of_a_decided_session_shows_what_was_warned_of_then() -> None:
    """Rules that change later, or other uses of the sheet, are no part of the decision."""
    warned = (GateWarning(WarningSlug.COURSE_CHANGED, "The rules were changed."),)
    session = a_locked_session(SessionStatus.COMPLETED, finalization=a_decision(warnings=warned))
    snapshot = replace(a_snapshot(an_absentee(1)), session=session)

    assert warnings_shown(Gate(snapshot, a_course(), ["other"], NOW)) == warned


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (SessionStatus.SCHEDULED, 1),
        (SessionStatus.IN_PROGRESS, 1),
        (SessionStatus.CANCELLED, 0),
    ],
)
def test_view_of_a_session_that_did_not_take_place_warns_of_nothing(
    status: SessionStatus, found: int
) -> None:
    """There is nothing to decide."""
    assert len(warnings_shown(gate(an_absentee(1), status=status))) == found
