"""The `AuditTrail` port: in order, without gaps, and never changed."""

from functools import partial

import pytest

from shared.application.retry import ConcurrentChange
from shared.domain.audit import GENESIS, Action, AuditEntry, FieldChange
from shared.domain.transition import transition
from testing.builders import SESSION_ID, a_change, a_session, a_transition
from testing.origins import an_origin
from tests.storage.conftest import Stores


def entries(stores: Stores, after: int = 0) -> list[AuditEntry]:
    """Return the trail of the session."""
    return list(stores.trail.entries(SESSION_ID, after))


def append(stores: Stores, name: str) -> None:
    """Append an entry to the trail of the session."""
    note = FieldChange("", "lateSheet", None, name)
    stores.trail.append(SESSION_ID, Action.SHEET_LATE, a_change(name), [note])


class TestAuditTrail:
    """What holds for both trails."""

    def test_trail_of_nothing_is_empty(self, stores: Stores) -> None:
        """An unknown session has no entries."""
        assert entries(stores) == []

    def test_append_begins_a_chain(self, stores: Stores) -> None:
        """The first entry has no entry before it."""
        append(stores, "first")

        (entry,) = entries(stores)

        assert (entry.sequence, entry.previous, entry.action) == (1, GENESIS, Action.SHEET_LATE)

    def test_append_follows_the_last_entry(self, stores: Stores) -> None:
        """Each entry holds the hash of the one before."""
        stores.sessions.save(a_transition(a_session(version=7, audit_head="ab" * 32), None))
        append(stores, "late")
        append(stores, "later")

        founding, late, later = entries(stores)

        assert [founding.sequence, late.sequence, later.sequence] == [7, 8, 9]
        assert (late.previous, later.previous) == (founding.sha256, late.sha256)

    def test_entries_come_in_order_from_behind_a_number(self, stores: Stores) -> None:
        """Numbers sort as numbers: the tenth comes after the ninth."""
        for number in range(1, 13):
            append(stores, f"note {number}")

        assert [entry.sequence for entry in entries(stores, after=8)] == [9, 10, 11, 12]

    def test_entries_tell_who_wrote_them(self, stores: Stores) -> None:
        """Those of a session's change, and those that are added to its trail."""
        stores.sessions.save(a_transition(a_session(version=7, audit_head="ab" * 32), None))
        append(stores, "late")

        assert [entry.origin for entry in entries(stores)] == [
            an_origin(entry.sha256) for entry in entries(stores)
        ]

    def test_latest_entries_come_first(self, stores: Stores) -> None:
        """All of them, over as many pages as it takes."""
        for number in range(1, 13):
            append(stores, f"note {number}")

        numbers = [entry.sequence for entry in stores.trail.latest_first(SESSION_ID)]

        assert numbers == list(range(12, 0, -1))

    def test_append_once_adds_the_first_only(self, stores: Stores) -> None:
        """A second call gets the entry that exists."""
        append(stores, "before")
        add = partial(stores.trail.append_once, SESSION_ID, Action.SIGNED)

        first = add(a_change("first"), [], 0)
        second = add(a_change("second"), [], 0)

        assert second == first
        assert [entry.action for entry in entries(stores)] == [Action.SHEET_LATE, Action.SIGNED]

    def test_append_once_looks_only_behind_a_number(self, stores: Stores) -> None:
        """An earlier entry of the same action does not count."""
        append(stores, "before")

        stores.trail.append_once(SESSION_ID, Action.SHEET_LATE, a_change("again"), [], 1)

        assert [entry.sequence for entry in entries(stores)] == [1, 2]

    def test_save_writes_the_entry_of_the_change(self, stores: Stores) -> None:
        """Change and entry are stored together, byte for byte."""
        stores.sessions.save(a_transition(a_session(version=7), None))
        before = stores.sessions.load(SESSION_ID)
        taken = transition(before, before, Action.REGISTERED, a_change('Zoë "高" \U0001f9d7'))

        stores.sessions.save(taken)

        assert entries(stores, after=7) == [taken.entry]
        assert stores.sessions.load(SESSION_ID).audit_head == taken.entry.sha256

    def test_save_never_replaces_an_entry(self, stores: Stores) -> None:
        """Even if the session is set back by hand, the stored entry stays."""
        stores.sessions.save(a_transition(a_session(version=7, audit_head="first"), None))
        other = a_session(session_id=SESSION_ID, version=7, audit_head="second")

        with pytest.raises(ConcurrentChange):
            stores.sessions.save(a_transition(other, 7))

        assert [entry.sha256 for entry in entries(stores)] == ["first"]

    def test_trails_do_not_mix(self, stores: Stores) -> None:
        """Each session has its own numbers."""
        append(stores, "note")
        stores.sessions.save(a_transition(a_session(session_id=f"{SESSION_ID}-2"), None))

        assert [entry.sequence for entry in entries(stores)] == [1]
