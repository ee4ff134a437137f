"""The `Witness` and `WitnessBook` ports over both vaults."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.copies import Departure, EntryRun, NewEntry, Receipt, Trail
from shared.domain.tampering import Change, Table, Tampering
from shared.domain.witness import TamperNote, Witnessed, WitnessedRun
from shared.storage.witness import folder_of
from tests.storage.conftest import Stores

SESSION = "sess-1"
SEEN_AT = datetime(2026, 3, 10, 15, 10, tzinfo=UTC)
# Real stores compare with the clock of the machine.
UNTIL = datetime.now(UTC).replace(microsecond=0) + timedelta(days=365)


def an_entry(number: int, trail: Trail = Trail.SESSION, owner: str = SESSION) -> NewEntry:
    """Return a new entry as a stream tells it."""
    return NewEntry(trail, owner, number, f'{{"sequence":{number}}}', SEEN_AT)


def a_change(table: Table = Table.AUDIT, event_id: str = "ab12", **item: str) -> Change:
    """Return the removal of an item."""
    return Change(table, event_id, SEEN_AT, item, None)


def test_run_is_known_by_its_key(stores: Stores) -> None:
    """Its numbers and the hash of its last entry are in a listing."""
    run = EntryRun((an_entry(3), an_entry(4)))
    stores.witness.keep_entries(run, UNTIL)

    seen = stores.witness.seen(SESSION)

    assert seen == Witnessed(runs=(WitnessedRun(3, 4, run.last.sha256),))


def test_copies_are_lines_of_the_entries(stores: Stores) -> None:
    """They come in the order of numbers, as the lines of a pack."""
    stores.witness.keep_entries(EntryRun((an_entry(10),)), UNTIL)
    stores.witness.keep_entries(EntryRun((an_entry(8), an_entry(9))), UNTIL)

    copies = list(stores.witness.copies(SESSION))

    assert copies == [b'{"sequence":8}\n{"sequence":9}\n', b'{"sequence":10}\n']


def test_what_comes_twice_is_kept_once(stores: Stores) -> None:
    """A stream may deliver a batch again."""
    for _ in range(2):
        stores.witness.keep_note(Tampering.ENTRY_REMOVED, a_change(sessionId=SESSION), UNTIL)
        stores.witness.keep_entries(EntryRun((an_entry(1),)), UNTIL)

    seen = stores.witness.seen(SESSION)

    assert (len(seen.runs), len(seen.notes)) == (1, 1)


def test_recipients_are_who_got_a_record(stores: Stores) -> None:
    """However many batches told of them."""
    for people in (["ca", "cb"], ["cb", "cc"]):
        receipts = [Receipt(SESSION, person, f"r-{person}", SEEN_AT) for person in people]
        stores.witness.keep_receipts(SESSION, receipts, UNTIL)

    assert stores.witness.seen(SESSION).recipients == {"ca", "cb", "cc"}


def test_departures_are_counted_once_for_each_event(stores: Stores) -> None:
    """A removal that is told twice, in batches that differ, is one; two removals are two."""
    for events in (["1"], ["1", "2"]):
        gone = [Departure(SESSION, "ca", event, SEEN_AT) for event in events]
        stores.witness.keep_departures(SESSION, gone, UNTIL)

    assert stores.witness.seen(SESSION).departures == {"ca": 2}


@pytest.mark.parametrize("folder", ["witness/audit", "witness/records", "witness/departures"])
def test_what_is_no_copy_is_told_and_not_read(stores: Stores, folder: str) -> None:
    """Whoever has the witness's rights can store anything; its name gives it away."""
    key = f"{folder}/{SESSION}/invented.jsonl"
    stores.vault.put_once(key, b"{}", "application/json", UNTIL)

    assert stores.witness.seen(SESSION) == Witnessed(strays=(key,))


def test_note_says_what_was_done_and_holds_the_item(stores: Stores) -> None:
    """Its kind is in its key, and the item as it was is in it."""
    change = a_change(sessionId=SESSION, content="{}")
    stores.witness.keep_note(Tampering.ENTRY_REMOVED, change, UNTIL)

    (note,) = stores.witness.seen(SESSION).notes

    key = f"witness/tampering/{SESSION}/20260310T151000Z-ab12.entry-removed.json"
    assert note == TamperNote(key, Tampering.ENTRY_REMOVED)
    assert json.loads(stores.witness.note(note)) == {
        "noteVersion": 1,
        "what": "an entry of the audit trail was removed",
        "kind": "entry-removed",
        "table": "Audit",
        "sessionId": SESSION,
        "at": "2026-03-10T15:10:00.000000Z",
        "eventId": "ab12",
        "old": {"sessionId": SESSION, "content": "{}"},
        "new": None,
    }


def test_note_of_another_writer_counts(real: Stores) -> None:
    """Whatever lies in the session's folder of notes is named, also if its kind is unknown."""
    real.vault.put_once(f"tampering/{SESSION}/a-note.json", b"{}", "application/json", UNTIL)

    (note,) = real.witness.seen(SESSION).notes

    assert note.words == f"something was tampered with: see tampering/{SESSION}/a-note.json"


def test_notes_about_a_course_lie_where_no_session_looks(stores: Stores) -> None:
    """A session may be named as a course is."""
    change = a_change(Table.COURSES, courseId=SESSION)
    stores.witness.keep_note(Tampering.COURSE_REMOVED, change, UNTIL)
    stores.witness.keep_entries(EntryRun((an_entry(1, Trail.COURSE),)), UNTIL)

    assert stores.witness.seen(SESSION) == Witnessed()


@pytest.mark.parametrize("owner", ["../other", "a/b", "", "x" * 65, "Ω", "sha256.00"])
def test_folder_of_what_is_no_id_is_safe(owner: str) -> None:
    """Whatever somebody writes into the database, it leads into no other folder."""
    folder = folder_of(owner)

    assert folder.startswith("sha256.")
    assert "/" not in folder
    assert len(folder) < 80
    assert folder_of(folder) != folder


def test_folder_of_an_id_is_the_id() -> None:
    """So that a person can find it."""
    assert folder_of("sess-2026_0310") == "sess-2026_0310"
