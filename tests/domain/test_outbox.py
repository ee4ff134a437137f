"""The outbox's keys: which entry, in which shard, due when."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.outbox import GRACE, SHARDS, OutboxEntry, due_before, entry_for
from tests.builders import NOW, SESSION_ID, a_decision

MOMENTS = st.timedeltas(timedelta(days=-9_000), timedelta(days=9_000)).map(NOW.__add__)
# Finalization ids are UUIDs.
IDS = st.uuids().map(str)


def test_entry_names_the_session_that_owes_work() -> None:
    """Everything else follows from the session."""
    assert entry_for(SESSION_ID, a_decision()).session_id == SESSION_ID


def test_entry_is_the_same_for_the_same_finalization() -> None:
    """Whoever finishes the work knows which entry to remove."""
    assert entry_for(SESSION_ID, a_decision()) == entry_for(SESSION_ID, a_decision())


def test_entry_leaves_the_request_time_to_do_the_work_itself() -> None:
    """The relay does not race the request that finalizes: it comes half a minute later."""
    entry = entry_for(SESSION_ID, a_decision(finalized_at=NOW))

    assert not entry.due < due_before(NOW)
    assert not entry.due < due_before(NOW + GRACE - timedelta(microseconds=1))
    assert entry.due < due_before(NOW + GRACE)


def test_entries_of_one_moment_are_two() -> None:
    """Two sessions finalized in the same microsecond do not overwrite each other's entry."""
    one = entry_for("s-1", a_decision(finalization_id="fin-1"))
    other = entry_for("s-1", a_decision(finalization_id="fin-2"))

    assert one.due != other.due


@given(MOMENTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=900)), IDS, IDS)
def test_entries_sort_by_time_whatever_their_ids(
    moment: datetime, later: timedelta, one: str, other: str
) -> None:
    """The oldest comes first, to the microsecond."""
    old = entry_for("s-1", a_decision(finalized_at=moment, finalization_id=one))
    new = entry_for("s-2", a_decision(finalized_at=moment + later, finalization_id=other))

    assert old.due < new.due


@given(MOMENTS, MOMENTS, IDS)
def test_due_before_divides_what_is_due_from_what_is_not(
    finalized_at: datetime, now: datetime, finalization_id: str
) -> None:
    """Due is what was finalized half a minute ago or earlier, exactly."""
    entry = entry_for(
        SESSION_ID, a_decision(finalized_at=finalized_at, finalization_id=finalization_id)
    )

    assert (entry.due < due_before(now)) == (finalized_at + GRACE <= now)


def test_keys_do_not_depend_on_the_zone_a_moment_is_written_in() -> None:
    """Keys are UTC, so that they sort by time."""
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))

    assert due_before(elsewhere) == due_before(NOW)
    assert entry_for("s-1", a_decision(finalized_at=elsewhere)) == entry_for("s-1", a_decision())


def test_keys_say_the_time_in_words_a_person_can_read() -> None:
    """Whoever looks into the table sees when what was due."""
    moment = datetime(2026, 3, 10, 15, 10, 0, 7, tzinfo=UTC)

    entry = entry_for(SESSION_ID, a_decision(finalized_at=moment, finalization_id="fin-1"))

    assert entry.due == "2026-03-10T15:10:30.000007Z#fin-1"


def test_shard_is_always_the_same_for_a_session() -> None:
    """A session's entry is found again after a restart and a release."""
    assert entry_for(SESSION_ID, a_decision()).shard == "3"


def test_shards_share_the_sessions_evenly() -> None:
    """No shard becomes a hot partition."""
    shards = [entry_for(f"sess-{number}", a_decision()).shard for number in range(800)]

    assert set(shards) == set(SHARDS)
    assert max(shards.count(shard) for shard in SHARDS) < 150


@pytest.mark.parametrize("number", range(8))
def test_shards_are_those_the_relay_asks(number: int) -> None:
    """A shard nobody asks would keep its entries for ever."""
    assert SHARDS[number] == str(number)
    assert len(SHARDS) == 8


def test_entry_is_known_by_its_key() -> None:
    """Shard and due time together are the key in the table."""
    entry = entry_for(SESSION_ID, a_decision())

    assert OutboxEntry(entry.shard, entry.due, SESSION_ID) == entry
