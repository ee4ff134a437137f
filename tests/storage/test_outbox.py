"""The `Outbox` port: what is owed, the oldest first, until it is done."""

from datetime import datetime, timedelta

from shared.domain.outbox import GRACE, SHARDS, OutboxEntry, entry_for
from tests.builders import NOW, a_plan, a_request, a_snapshot, a_step
from tests.storage.conftest import Stores

LATER = NOW + timedelta(days=1)


def owe(stores: Stores, name: str, at: datetime = NOW) -> OutboxEntry:
    """Finalize a session of that name at that moment, and return what it owes."""
    snapshot = a_snapshot(session_id=name)
    plan = a_plan(snapshot, request=a_request(finalization_id=f"fin-{name}", at=at))
    stores.sessions.save(a_step(snapshot.session, None))
    stores.finalizations.commit(plan)
    return entry_for(name, plan.decision)


class TestOutbox:
    """What both stores keep."""

    def test_due_is_empty_if_nothing_is_owed(self, stores: Stores) -> None:
        """No work, no entry."""
        assert list(stores.outbox.due(LATER)) == []

    def test_due_returns_the_oldest_first_across_all_shards(self, stores: Stores) -> None:
        """One queue, however it is spread."""
        moments = [NOW + timedelta(seconds=(number * 7) % 20) for number in range(20)]
        owed = [owe(stores, f"s-{number}", moment) for number, moment in enumerate(moments)]
        assert len({entry.shard for entry in owed}) > len(SHARDS) / 2

        assert list(stores.outbox.due(LATER)) == sorted(owed, key=lambda entry: entry.due)

    def test_due_leaves_what_is_not_due_yet(self, stores: Stores) -> None:
        """The request that finalized still has half a minute, to the microsecond."""
        entry = owe(stores, "a", NOW)

        assert list(stores.outbox.due(NOW + GRACE - timedelta(microseconds=1))) == []
        assert list(stores.outbox.due(NOW + GRACE)) == [entry]

    def test_due_returns_what_is_due_among_what_is_not(self, stores: Stores) -> None:
        """Entries of the same shard too."""
        due = owe(stores, "a", NOW)
        owe(stores, "b", NOW + timedelta(seconds=1))

        assert list(stores.outbox.due(NOW + GRACE)) == [due]

    def test_remove_forgets_one_entry(self, stores: Stores) -> None:
        """Its neighbours stay."""
        one, other = owe(stores, "a"), owe(stores, "b")

        stores.outbox.remove(one)

        assert list(stores.outbox.due(LATER)) == [other]

    def test_remove_twice_is_harmless(self, stores: Stores) -> None:
        """Two relays at once finish the same work."""
        entry = owe(stores, "a")
        stores.outbox.remove(entry)

        stores.outbox.remove(entry)

        assert list(stores.outbox.due(LATER)) == []

    def test_remove_while_reading_is_harmless(self, stores: Stores) -> None:
        """The relay forgets what it has done before it has seen the end."""
        owed = {owe(stores, f"s-{number}") for number in range(5)}

        seen = set()
        for entry in stores.outbox.due(LATER):
            seen.add(entry)
            stores.outbox.remove(entry)

        assert seen == owed
        assert list(stores.outbox.due(LATER)) == []
