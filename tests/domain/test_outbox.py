"""The outbox: which entry a finalization has, and when it is due."""

from datetime import timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.outbox import GRACE, entry_for
from testing.builders import NOW, SESSION_ID, a_decision


def test_entry_names_the_session_that_owes_work() -> None:
    """The entry names only the session; everything else follows from it."""
    assert entry_for(SESSION_ID, a_decision()).session_id == SESSION_ID


def test_entry_is_the_same_for_the_same_finalization() -> None:
    """The entry to remove can be computed later, in any time zone."""
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))

    assert entry_for("s-1", a_decision(finalized_at=elsewhere)) == entry_for("s-1", a_decision())


def test_entries_of_two_finalizations_in_one_moment_differ() -> None:
    """Otherwise the second one would take the place of the first, whose work is still owed."""
    one, other = (entry_for("s-1", a_decision(finalization_id=name)) for name in ("fin-1", "fin-2"))

    assert one != other


def test_entry_leaves_the_request_time_to_do_the_work_itself() -> None:
    """The relay waits half a minute, so that it does not compete with the finalizing request."""
    assert entry_for(SESSION_ID, a_decision(finalized_at=NOW)).due == NOW + GRACE


@given(st.timedeltas(timedelta(microseconds=1), timedelta(days=900)), st.uuids(), st.uuids())
def test_entries_sort_by_time_with_any_ids(later: timedelta, one: object, other: object) -> None:
    """The oldest comes first, to the microsecond."""
    old = entry_for("s-1", a_decision(finalized_at=NOW, finalization_id=str(one)))
    new = entry_for("s-2", a_decision(finalized_at=NOW + later, finalization_id=str(other)))

    assert old < new
