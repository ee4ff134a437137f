"""Marks: what is noted about people on the roster, and about no one else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import Mark, mark_changes, marked, require_on_roster
from shared.domain.errors import FieldError, UnknownAttendees
from shared.domain.roster import with_changes
from shared.domain.session import Snapshot
from testing.builders import a_cuid, a_mark, a_snapshot, an_absentee, an_attendee


@pytest.mark.parametrize("is_present", [True, False])
@pytest.mark.parametrize("has_passed", [True, False])
def test_mark_says_present_and_passed(*, is_present: bool, has_passed: bool) -> None:
    """Both values are taken as sent, even if the row had others."""
    row = an_attendee(1, is_present=not is_present, has_passed=not has_passed)

    after = marked(row, a_mark(1, is_present=is_present, has_passed=has_passed))

    assert (after.is_present, after.has_passed) == (is_present, has_passed)


@pytest.mark.parametrize(
    ("stored", "sent", "kept"),
    [
        ("left at noon", None, "left at noon"),
        (None, None, None),
        ("left at noon", "", None),
        (None, "", None),
        ("left at noon", "came back", "came back"),
        (None, "came back", "came back"),
        ("left at noon", " ", " "),
    ],
)
def test_mark_leaves_clears_or_replaces_the_remarks(
    stored: str | None, sent: str | None, kept: str | None
) -> None:
    """Absent leaves them as they are, "" clears them, anything else replaces them (DESIGN §5.7)."""
    after = marked(an_attendee(1, remarks=stored), a_mark(1, remarks=sent))

    assert after.remarks == kept


def test_mark_counts_one_revision() -> None:
    """Every mark is a change of its row, even one that says the same again."""
    assert marked(an_attendee(1, revision=4), a_mark(1)).revision == 5


def test_mark_leaves_the_person_as_they_are() -> None:
    """A mark changes neither name nor job title."""
    after = marked(an_absentee(1, name="Ada Berg", job_title="Foreman"), a_mark(1))

    assert (after.personnel_id, after.name, after.job_title) == (a_cuid(1), "Ada Berg", "Foreman")


def test_mark_changes_touch_only_who_is_marked() -> None:
    """A partial list changes only the people it names."""
    roster = {a_cuid(number): an_absentee(number) for number in (1, 2, 3)}

    (change,) = mark_changes([a_mark(2)], roster)

    assert change.before == an_absentee(2)
    assert change.after == an_attendee(2, revision=2)


@given(st.lists(st.integers(1, 9), unique=True), st.booleans())
def test_mark_changes_keep_the_snapshot_whole(numbers: list[int], is_present: bool) -> None:
    """However many are marked, the sums that prove a read whole still agree."""
    people = {a_cuid(number): an_absentee(number, revision=number) for number in range(1, 10)}
    marks = [Mark(a_cuid(number), is_present, has_passed=True) for number in numbers]

    changes = mark_changes(marks, people)

    session = with_changes(a_snapshot(*people.values()).session, changes)
    after = people | {c.after.personnel_id: c.after for c in changes if c.after}
    assert Snapshot(session, tuple(after.values())).is_whole


def test_require_on_roster_accepts_people_who_are_on_it() -> None:
    """Some of the roster is enough."""
    require_on_roster([a_mark(1)], {a_cuid(1), a_cuid(2)})


def test_require_on_roster_names_everyone_who_is_not() -> None:
    """All wrong ids are named at once, each by its place in the body."""
    with pytest.raises(UnknownAttendees) as refusal:
        require_on_roster([a_mark(7), a_mark(1), a_mark(8)], {a_cuid(1)})

    assert refusal.value.errors == (
        FieldError("/attendees/0/personnelId", f"{a_cuid(7)} is not on this session's roster."),
        FieldError("/attendees/2/personnelId", f"{a_cuid(8)} is not on this session's roster."),
    )
    assert refusal.value.detail.startswith(
        "2 of the people named are not on this session's roster."
    )
