"""Replacing a roster: who joins, who leaves, and whose marks stay."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.roster import (
    Enrolment,
    RowChange,
    roster_changes,
    with_changes,
)
from shared.domain.session import Attendee, Snapshot
from tests.builders import a_cuid, a_snapshot, an_absentee, an_attendee, an_enrolment

FIRST, FOURTH, FIFTH = (an_attendee(1, revision=revision) for revision in (1, 4, 5))

TITLES = st.sampled_from(["Scaffolder", "Crane operator", None])
NUMBERS = st.integers(1, 8)
ROWS = st.builds(
    an_attendee,
    NUMBERS,
    job_title=TITLES,
    is_present=st.booleans(),
    has_passed=st.booleans(),
    remarks=st.sampled_from([None, "left at noon"]),
    revision=st.integers(1, 9),
)
ROSTERS = st.lists(ROWS, unique_by=lambda row: row.personnel_id).map(tuple)
WISHES = st.lists(
    st.builds(an_enrolment, NUMBERS, job_title=TITLES), unique_by=lambda new: new.personnel_id
)


def applied(roster: Sequence[Attendee], changes: Sequence[RowChange]) -> tuple[Attendee, ...]:
    """Return the roster as it is after *changes*, as a store applies them."""
    rows = {row.personnel_id: row for row in roster}
    for change in changes:
        if change.before:
            del rows[change.before.personnel_id]
        if change.after:
            rows[change.after.personnel_id] = change.after
    return tuple(rows.values())


def test_roster_changes_seat_a_new_person_absent_and_passed() -> None:
    """Whoever joins is on the roster; that they were there is for somebody to say."""
    (change,) = roster_changes([], [an_enrolment(1)])

    assert change == RowChange(None, an_absentee(1))


def test_roster_changes_remove_who_is_not_wanted_any_more() -> None:
    """A full replacement: whoever is not named leaves."""
    (change,) = roster_changes([an_attendee(1), an_attendee(2)], [an_enrolment(2)])

    assert change == RowChange(an_attendee(1), None)


def test_roster_changes_leave_alone_who_stays() -> None:
    """Registering the same roster again writes no row."""
    marked = an_attendee(1, has_passed=False, remarks="left at noon", revision=4)

    assert roster_changes([marked], [an_enrolment(1)]) == []


@pytest.mark.parametrize(
    "wish", [{"name": "Ada Berg"}, {"job_title": "Foreman"}, {"job_title": None}]
)
def test_roster_changes_rename_a_person_and_keep_their_marks(wish: dict[str, str | None]) -> None:
    """A corrected name or job title costs nobody their marks (DESIGN §6)."""
    marked = an_attendee(1, has_passed=False, remarks="left at noon", revision=4)

    (change,) = roster_changes([marked], [an_enrolment(1, **wish)])

    expected = an_attendee(1, has_passed=False, remarks="left at noon", revision=5, **wish)
    assert change == RowChange(marked, expected)


def test_roster_changes_start_marks_anew_for_who_left_and_came_back() -> None:
    """Somebody who was removed has no marks to keep."""
    roster = applied([an_attendee(1)], roster_changes([an_attendee(1)], []))

    (change,) = roster_changes(roster, [an_enrolment(1)])

    assert change.after == an_absentee(1)


@given(ROSTERS, WISHES)
def test_roster_changes_applied_give_exactly_the_wanted_roster(
    roster: tuple[Attendee, ...], wanted: list[Enrolment]
) -> None:
    """Whatever the roster was: afterwards it is the people named, under the names given."""
    after = applied(roster, roster_changes(roster, wanted))

    named = {(row.personnel_id, row.name, row.job_title) for row in after}
    assert named == {(new.personnel_id, new.name, new.job_title) for new in wanted}


@given(ROSTERS, WISHES)
def test_roster_changes_keep_every_mark_of_who_stays(
    roster: tuple[Attendee, ...], wanted: list[Enrolment]
) -> None:
    """No replacement of the roster touches what was noted about a person."""
    after = applied(roster, roster_changes(roster, wanted))

    marks = {row.personnel_id: (row.is_present, row.has_passed, row.remarks) for row in roster}
    staying = [row for row in after if row.personnel_id in marks]
    assert all(
        marks[row.personnel_id] == (row.is_present, row.has_passed, row.remarks) for row in staying
    )


@given(ROSTERS, WISHES)
def test_roster_changes_write_nothing_the_second_time(
    roster: tuple[Attendee, ...], wanted: list[Enrolment]
) -> None:
    """The same request again finds everything done."""
    after = applied(roster, roster_changes(roster, wanted))

    assert roster_changes(after, wanted) == []


@given(ROSTERS, WISHES, st.integers(1, 5))
def test_with_changes_keeps_the_snapshot_whole_after_every_portion(
    roster: tuple[Attendee, ...], wanted: list[Enrolment], size: int
) -> None:
    """Joining, leaving and renaming all keep the sums that prove a read whole."""
    snapshot = a_snapshot(*roster)

    changes = roster_changes(roster, wanted)
    for start in range(0, len(changes), size):
        portion = changes[start : start + size]
        session = with_changes(snapshot.session, portion)
        snapshot = Snapshot(session, applied(snapshot.attendees, portion))

        assert snapshot.is_whole


@given(ROSTERS, ROWS)
def test_with_changes_betrays_a_read_that_missed_any_change(
    roster: tuple[Attendee, ...], row: Attendee
) -> None:
    """The session of a change read beside the rows from before it is never taken as whole."""
    snapshot = a_snapshot(*roster)
    before = {seated.personnel_id: seated for seated in roster}.get(row.personnel_id)
    later = an_attendee(
        1, personnel_id=row.personnel_id, revision=before.revision + 1 if before else 1
    )

    session = with_changes(snapshot.session, [RowChange(before, later)])

    assert not Snapshot(session, roster).is_whole


@pytest.mark.parametrize(
    ("change", "rows", "added"),
    [
        (RowChange(None, FIRST), 1, FIRST.fingerprint),
        (RowChange(FOURTH, None), -1, -FOURTH.fingerprint),
        (RowChange(FOURTH, FIFTH), 0, FIFTH.fingerprint - FOURTH.fingerprint),
    ],
)
def test_row_change_counts_what_it_adds(change: RowChange, rows: int, added: int) -> None:
    """Joining adds a row and its fingerprint, leaving takes both along, a change exchanges one."""
    assert (change.added_rows, change.added_sum) == (rows, added)


def test_snapshot_is_not_whole_while_a_swap_is_half_seen() -> None:
    """One who joins and one who leaves at the same revision do not make up for each other."""
    before = a_snapshot(an_attendee(1))

    session = with_changes(
        before.session, [RowChange(an_attendee(1), None), RowChange(None, an_attendee(2))]
    )

    assert not Snapshot(session, before.attendees).is_whole


def test_enrolment_names_nobody_present() -> None:
    """Whoever plans a session cannot mark anybody."""
    (change,) = roster_changes([], [Enrolment(a_cuid(1), "Ada Berg")])

    assert change.after == Attendee(a_cuid(1), "Ada Berg", is_present=False, has_passed=True)
