"""The `Outbox` port: finalizations that still owe work, the oldest first."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.outbox import GRACE, OutboxEntry, UnreadableEntry, entry_for
from testing.builders import NOW, a_command, a_plan, a_snapshot, a_transition
from testing.environment import ENVIRONMENT
from tests.handlers.stack import Stack
from tests.storage.conftest import Stores

LATER = NOW + timedelta(days=1)


def owe(stores: Stores, name: str, at: datetime = NOW) -> OutboxEntry:
    """Finalize a session of that name at that moment, and return its outbox entry."""
    snapshot = a_snapshot(session_id=name)
    plan = a_plan(snapshot, command=a_command(finalization_id=f"fin-{name}", at=at))
    stores.sessions.save(a_transition(snapshot.session, None))
    stores.finalizations.commit(plan)
    return entry_for(name, plan.decision)


class TestOutbox:
    """What holds for both stores."""

    def test_due_is_empty_if_nothing_is_owed(self, stores: Stores) -> None:
        """Without a finalization there is no entry."""
        assert list(stores.outbox.due(LATER)) == []

    def test_due_returns_the_oldest_first_across_all_shards(self, stores: Stores) -> None:
        """All shards are one queue."""
        moments = [NOW + timedelta(seconds=(number * 7) % 20) for number in range(20)]
        owed = [owe(stores, f"s-{number}", moment) for number, moment in enumerate(moments)]

        assert list(stores.outbox.due(LATER)) == sorted(owed)

    def test_due_leaves_what_is_not_due_yet(self, stores: Stores) -> None:
        """The finalizing request still has half a minute, to the microsecond."""
        entry = owe(stores, "a", NOW)

        assert list(stores.outbox.due(NOW + GRACE - timedelta(microseconds=1))) == []
        assert list(stores.outbox.due(NOW + GRACE)) == [entry]

    def test_due_returns_what_is_due_among_what_is_not(self, stores: Stores) -> None:
        """An entry that is due is found beside others of its shard."""
        due = owe(stores, "a", NOW)
        owe(stores, "b", NOW + timedelta(seconds=1))

        assert list(stores.outbox.due(NOW + GRACE)) == [due]

    def test_remove_forgets_one_entry(self, stores: Stores) -> None:
        """Other entries stay."""
        one, other = owe(stores, "a"), owe(stores, "b")

        stores.outbox.remove(one)

        assert list(stores.outbox.due(LATER)) == [other]

    def test_remove_twice_is_harmless(self, stores: Stores) -> None:
        """Two concurrent relays complete the same work."""
        entry = owe(stores, "a")
        stores.outbox.remove(entry)

        stores.outbox.remove(entry)

        assert list(stores.outbox.due(LATER)) == []

    def test_remove_while_reading_is_harmless(self, stores: Stores) -> None:
        """The relay removes entries while it reads further ones."""
        owed = {owe(stores, f"s-{number}") for number in range(5)}

        seen = set()
        for entry in stores.outbox.due(LATER):
            assert isinstance(entry, OutboxEntry)
            seen.add(entry)
            stores.outbox.remove(entry)

        assert seen == owed
        assert list(stores.outbox.due(LATER)) == []


@pytest.mark.parametrize(
    ("due", "damage"),
    [
        ("2020-01-01T00:00:00.000000Z#bad", {}),
        ("2020-01-01T00:00:00.000000Z#bad", {"sessionId": {"N": "1"}}),
        ("2020-01-01#bad", {"sessionId": {"S": "a"}}),
    ],
    ids=["no session", "a number", "a day"],
)
def test_due_returns_an_entry_that_cannot_be_read(
    real: Stores, stack: Stack, due: str, damage: dict[str, Any]
) -> None:
    """A damaged entry is returned with its key, and hides none of the others."""
    entry = owe(real, "a")
    (item,) = stack.items(ENVIRONMENT["OUTBOX_TABLE"])
    bad = {"shard": item["shard"], "due": {"S": due}, **damage}
    stack.dynamodb.put_item(TableName=ENVIRONMENT["OUTBOX_TABLE"], Item=bad)

    assert list(real.outbox.due(LATER)) == [UnreadableEntry(due), entry]
