"""The keys of the outbox: the shard of an entry, and its place in the shard."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.outbox import entry_for
from shared.storage.limits import AWS
from shared.storage.outbox import outbox_item, shard_of
from testing.builders import NOW, SESSION_ID, a_decision

MOMENTS = st.timedeltas(timedelta(days=-9_000), timedelta(days=9_000)).map(NOW.__add__)
# Finalization ids are UUIDs.
IDS = st.uuids().map(str)


def key_of(moment: datetime, finalization_id: str = "fin-1") -> str:
    """Return the sort key of a finalization at that moment."""
    decision = a_decision(finalized_at=moment, finalization_id=finalization_id)
    return str(outbox_item(entry_for(SESSION_ID, decision), AWS).due)


def test_entries_of_one_moment_are_two() -> None:
    """Two sessions finalized in the same microsecond have an entry each."""
    assert key_of(NOW, "fin-1") != key_of(NOW, "fin-2")


@given(MOMENTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=900)), IDS, IDS)
def test_keys_sort_by_time_with_any_ids(
    moment: datetime, later: timedelta, one: str, other: str
) -> None:
    """A shard lists the oldest first, to the microsecond."""
    assert key_of(moment, one) < key_of(moment + later, other)


def test_keys_do_not_depend_on_the_zone_a_moment_is_written_in() -> None:
    """Keys are in UTC, so that they sort by time."""
    assert key_of(NOW.astimezone(timezone(timedelta(hours=9)))) == key_of(NOW)


def test_keys_say_the_time_in_words_a_person_can_read() -> None:
    """Anyone who looks into the table sees what was due when."""
    assert key_of(datetime(2026, 3, 10, 15, 10, 0, 7, tzinfo=UTC)) == (
        "2026-03-10T15:10:30.000007Z#fin-1"
    )


def test_shard_is_always_the_same_for_a_session() -> None:
    """The entry of a session is found again after a restart or a release."""
    assert shard_of(SESSION_ID, 8) == "3"


def test_shards_share_the_sessions_evenly() -> None:
    """No shard becomes a hot partition, and the relay reads all of them."""
    shards = [shard_of(f"sess-{number}", 8) for number in range(800)]

    assert set(shards) == {str(number) for number in range(8)}
    assert max(map(shards.count, set(shards))) < 150
