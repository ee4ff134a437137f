"""The `AuditTrail` port: in order, without gaps, and never changed."""

from functools import partial

import pytest

from shared.domain.audit import GENESIS, Action, AuditEntry, Cell
from shared.domain.contention import LostRace
from shared.domain.step import step
from tests.builders import SESSION_ID, a_change, a_session, a_step
from tests.storage.conftest import Stores


def entries(stores: Stores, after: int = 0) -> list[AuditEntry]:
    """Return the trail of the session."""
    return list(stores.trail.entries(SESSION_ID, after))


def append(stores: Stores, name: str) -> None:
    """Note something about the session."""
    note = Cell("", "lateSheet", None, name)
    stores.trail.append(SESSION_ID, Action.SHEET_LATE, a_change(name), [note])


class TestAuditTrail:
    """What all trails keep."""

    def test_trail_of_nothing_is_empty(self, stores: Stores) -> None:
        """A session nobody registered has no history."""
        assert entries(stores) == []

    def test_append_begins_a_chain(self, stores: Stores) -> None:
        """The first entry follows nothing."""
        append(stores, "first")

        (entry,) = entries(stores)

        assert (entry.sequence, entry.previous, entry.action) == (1, GENESIS, Action.SHEET_LATE)

    def test_append_follows_the_last_entry(self, stores: Stores) -> None:
        """Each entry holds the hash of the one before."""
        stores.sessions.save(a_step(a_session(version=7, audit_head="ab" * 32), None))
        append(stores, "late")
        append(stores, "later")

        founding, late, later = entries(stores)

        assert [founding.sequence, late.sequence, later.sequence] == [7, 8, 9]
        assert (late.previous, later.previous) == (founding.sha256, late.sha256)

    def test_entries_come_in_order_from_behind_a_number(self, stores: Stores) -> None:
        """Numbers sort as numbers: the tenth after the ninth."""
        for number in range(1, 13):
            append(stores, f"note {number}")

        assert [entry.sequence for entry in entries(stores, after=8)] == [9, 10, 11, 12]

    def test_append_once_adds_the_first_only(self, stores: Stores) -> None:
        """Whoever comes second gets the entry that is there."""
        append(stores, "before")
        add = partial(stores.trail.append_once, SESSION_ID, Action.SIGNED)

        first = add(a_change("first"), [], 0)
        second = add(a_change("second"), [], 0)

        assert second == first
        assert [entry.action for entry in entries(stores)] == [Action.SHEET_LATE, Action.SIGNED]

    def test_append_once_looks_only_behind_a_number(self, stores: Stores) -> None:
        """What was done before belongs to something else."""
        append(stores, "before")

        stores.trail.append_once(SESSION_ID, Action.SHEET_LATE, a_change("again"), [], 1)

        assert [entry.sequence for entry in entries(stores)] == [1, 2]

    def test_save_writes_the_entry_of_the_change(self, stores: Stores) -> None:
        """The change and its entry are there together, to the byte."""
        stores.sessions.save(a_step(a_session(version=7), None))
        before = stores.sessions.load(SESSION_ID)
        taken = step(before, before, Action.REGISTERED, a_change('Zoë "高" \U0001f9d7'))

        stores.sessions.save(taken)

        assert entries(stores, after=7) == [taken.entry]
        assert stores.sessions.load(SESSION_ID).audit_head == taken.entry.sha256

    def test_save_never_replaces_an_entry(self, stores: Stores) -> None:
        """Even if the session were set back by hand, what the trail says stays."""
        stores.sessions.save(a_step(a_session(version=7, audit_head="first"), None))
        other = a_session(session_id=SESSION_ID, version=7, audit_head="second")

        with pytest.raises(LostRace):
            stores.sessions.save(a_step(other, 7))

        assert [entry.sha256 for entry in entries(stores)] == ["first"]

    def test_trails_do_not_mix(self, stores: Stores) -> None:
        """Each session has its own numbers."""
        append(stores, "note")
        stores.sessions.save(a_step(a_session(session_id=f"{SESSION_ID}-2"), None))

        assert [entry.sequence for entry in entries(stores)] == [1]
