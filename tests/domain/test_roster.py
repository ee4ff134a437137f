"""Replacing a roster: who joins, who leaves, and whose marks stay."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import RosterTooLarge
from shared.domain.roster import (
    ROSTER_BYTES,
    Enrolment,
    RowChange,
    can_be_enrolled,
    require_readable,
    roster_changes,
    weighed,
    with_changes,
)
from shared.domain.session import Attendee, Snapshot
from testing.builders import a_cuid, a_session, a_snapshot, an_absentee, an_attendee, an_enrolment

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
    """A new person is on the roster, and absent until marked otherwise."""
    (change,) = roster_changes([], [an_enrolment(1)])

    assert change == RowChange(None, an_absentee(1))


def test_roster_changes_remove_who_is_not_wanted_any_more() -> None:
    """The roster is replaced in full: a person who is not named leaves."""
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
    """A corrected name or job title leaves the marks as they are (DESIGN §6)."""
    marked = an_attendee(1, has_passed=False, remarks="left at noon", revision=4)

    (change,) = roster_changes([marked], [an_enrolment(1, **wish)])

    expected = an_attendee(1, has_passed=False, remarks="left at noon", revision=5, **wish)
    assert change == RowChange(marked, expected)


def test_roster_changes_start_marks_anew_for_who_left_and_came_back() -> None:
    """Marks of a person who was removed are gone."""
    roster = applied([an_attendee(1)], roster_changes([an_attendee(1)], []))

    (change,) = roster_changes(roster, [an_enrolment(1)])

    assert change.after == an_absentee(1)


@given(ROSTERS, WISHES)
def test_roster_changes_applied_give_exactly_the_wanted_roster(
    roster: tuple[Attendee, ...], wanted: list[Enrolment]
) -> None:
    """From any roster: afterwards it is the people named, under the names given."""
    after = applied(roster, roster_changes(roster, wanted))

    named = {(row.personnel_id, row.name, row.job_title) for row in after}
    assert named == {(new.personnel_id, new.name, new.job_title) for new in wanted}


@given(ROSTERS, WISHES)
def test_roster_changes_keep_every_mark_of_who_stays(
    roster: tuple[Attendee, ...], wanted: list[Enrolment]
) -> None:
    """Replacing the roster changes no mark of a person who stays."""
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
    """A repeated request has nothing left to change."""
    after = applied(roster, roster_changes(roster, wanted))

    assert roster_changes(after, wanted) == []


@given(ROSTERS, WISHES, st.integers(1, 5))
def test_with_changes_keeps_the_snapshot_whole_after_every_batch(
    roster: tuple[Attendee, ...], wanted: list[Enrolment], size: int
) -> None:
    """Joining, leaving and renaming all keep the sums that prove a snapshot whole."""
    snapshot = a_snapshot(*roster)

    changes = roster_changes(roster, wanted)
    for start in range(0, len(changes), size):
        batch = changes[start : start + size]
        session = with_changes(snapshot.session, batch)
        snapshot = Snapshot(session, applied(snapshot.attendees, batch))

        assert snapshot.is_whole


@given(ROSTERS, ROWS)
def test_with_changes_reveals_a_read_that_missed_any_change(
    roster: tuple[Attendee, ...], row: Attendee
) -> None:
    """A session after a change, read with the rows from before it, never counts as whole."""
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
    """Joining adds a row and its fingerprint, leaving removes both, a change replaces one."""
    assert (change.added_rows, change.added_sum) == (rows, added)


def test_snapshot_is_not_whole_while_a_swap_is_half_seen() -> None:
    """A person who joins and one who leaves at the same revision do not cancel out."""
    before = a_snapshot(an_attendee(1))

    session = with_changes(
        before.session, [RowChange(an_attendee(1), None), RowChange(None, an_attendee(2))]
    )

    assert not Snapshot(session, before.attendees).is_whole


def test_enrolment_names_no_one_present() -> None:
    """A roster says who is expected, not who was present."""
    (change,) = roster_changes([], [Enrolment(a_cuid(1), "Ada Berg")])

    assert change.after == Attendee(
        a_cuid(1), "Ada Berg", is_present=False, has_passed=True, is_marked=False
    )


@pytest.mark.parametrize("is_marked", [None, False, True])
def test_new_name_leaves_open_who_was_not_marked(*, is_marked: bool | None) -> None:
    """Whoever was not marked before is not marked afterwards, in a row of any release."""
    row = an_absentee(1, is_marked=is_marked)

    (change,) = roster_changes([row], [Enrolment(row.personnel_id, "Ada Berg")])

    assert change.after is not None
    assert change.after.was_marked is row.was_marked


FOUR_BYTES = "\N{OLD PERSIAN SIGN A}"


@pytest.mark.parametrize(
    ("personnel_id", "fits"),
    [("x" * 255, True), ("x" * 256, False), (FOUR_BYTES * 250, True), (FOUR_BYTES * 251, False)],
)
def test_enrolled_is_whose_id_a_key_can_hold(personnel_id: str, *, fits: bool) -> None:
    """An id has at most 255 characters and 1,000 bytes, as a letter may take four."""
    assert can_be_enrolled(personnel_id) is fits


@given(ROSTERS, WISHES)
def test_with_changes_adds_up_the_bytes_of_all_rows(
    roster: tuple[Attendee, ...], wishes: list[Enrolment]
) -> None:
    """After any change the session knows what its rows weigh, as if they were weighed anew."""
    before = a_snapshot(*roster)
    changes = roster_changes(roster, wishes)

    after = with_changes(before.session, changes)

    assert after.roster_bytes == weighed(Snapshot(after, applied(roster, changes))).roster_bytes


@given(ROSTERS, WISHES)
def test_roster_is_never_larger_on_the_way_than_at_one_of_its_ends(
    roster: tuple[Attendee, ...], wishes: list[Enrolment]
) -> None:
    """What makes it smaller comes first, so a replacement that fits is not refused half-way."""
    changes = roster_changes(roster, wishes)
    sizes = [
        with_changes(a_snapshot(*roster).session, changes[:count]).roster_bytes or 0
        for count in range(len(changes) + 1)
    ]

    assert max(sizes) == max(sizes[0], sizes[-1])


def test_roster_that_nobody_weighed_stays_so() -> None:
    """A part of the rows does not tell what all of them weigh."""
    before = a_session(roster_bytes=None)

    assert with_changes(before, [RowChange(None, FIRST)]).roster_bytes is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (0, ROSTER_BYTES),
        (ROSTER_BYTES + 2, ROSTER_BYTES + 2),
        (ROSTER_BYTES + 2, ROSTER_BYTES + 1),
        (None, None),
    ],
)
def test_roster_may_have_what_one_answer_can_show(before: int | None, after: int | None) -> None:
    """One that has too much already may stay or shrink."""
    require_readable(a_session(roster_bytes=before), a_session(roster_bytes=after))


@pytest.mark.parametrize(
    ("before", "after"), [(0, ROSTER_BYTES + 1), (ROSTER_BYTES + 1, ROSTER_BYTES + 2)]
)
def test_roster_may_not_grow_beyond_what_one_answer_can_show(before: int, after: int) -> None:
    """What could be saved and never be read again is refused."""
    with pytest.raises(RosterTooLarge, match="split the session"):
        require_readable(a_session(roster_bytes=before), a_session(roster_bytes=after))


def test_roster_of_a_new_session_has_its_limit_too() -> None:
    """The first registration is refused as any other change."""
    with pytest.raises(RosterTooLarge):
        require_readable(None, a_session(roster_bytes=ROSTER_BYTES + 1))
