"""The witness writes down what a stream tells, however often and in whatever order it does."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.witness_changes.stream import changes_in
from functions.witness_changes.use_case import witness_changes
from shared.domain.audit import Action, AuditEntry
from shared.domain.copies import Trail
from shared.domain.errors import Busy
from shared.domain.tampering import Change, Table, Tampering
from shared.domain.witness import Witnessed, WitnessedRun
from shared.storage.witness import VaultWitness
from testing.builders import NOW, SESSION_ID, a_cuid, a_record, a_trail
from testing.fakes import FakeWiring, at
from testing.origins import FakeOriginKeys, an_origin
from testing.vault import FakeVault

TRAIL = a_trail(*[Action.ATTENDANCE_SAVED] * 6)


class Desk:
    """The witness's port over a vault that can be looked into."""

    def __init__(self) -> None:
        self.vault = FakeVault()
        self.witness_book = VaultWitness(self.vault)
        self.retention_years = 10
        self.origin_keys = FakeOriginKeys()

    def see(self, *changes: Change) -> list[str]:
        """Let the stream tell these changes in one batch."""
        return witness_changes(changes, self)

    @property
    def seen(self) -> Witnessed:
        return self.witness_book.seen(SESSION_ID)

    @property
    def lines(self) -> list[str]:
        """All copies of entries, each once."""
        copies = b"".join(self.witness_book.copies(SESSION_ID)).decode()
        return sorted(set(copies.splitlines()), key=copies.index)


def told(table: Table = Table.AUDIT, **images: Any) -> Change:  # noqa: ANN401 - any item
    """Return a change as it is told; without images nothing is there before or after."""
    return Change(table, "event-1", NOW, images.get("old"), images.get("new"))


def a_new(entry: AuditEntry) -> Change:
    """Return that an entry was added."""
    return Change(Table.AUDIT, f"event-{entry.sequence}", NOW, None, an_item(entry))


def an_item(entry: AuditEntry) -> dict[str, str | int]:
    """Return an entry as it is stored."""
    return {
        "sessionId": entry.session_id,
        "sequence": entry.sequence,
        "content": entry.content,
        "sha256": entry.sha256,
        "origin": an_origin(entry.sha256),
    }


def a_receipt(number: int, session_id: str = SESSION_ID) -> Change:
    """Return that a person's record was added."""
    record = a_record(number, session_id=session_id)
    item = {
        "personnelId": record.personnel_id,
        "recordId": record.record_id,
        "sessionId": session_id,
    }
    return told(Table.RECORDS, new=item)


def batches(changes: Sequence[Change], chance: random.Random) -> Iterator[Sequence[Change]]:
    """Deliver *changes* in batches of any size, some of them twice, in any order."""
    left = list(changes)
    parts = []
    while left:
        size = chance.randint(1, 4)
        parts.append(left[:size])
        left = left[size:]
    parts += chance.sample(parts, chance.randint(0, len(parts)))
    chance.shuffle(parts)
    yield from parts


def test_entries_that_follow_each_other_are_one_copy() -> None:
    """The hash of the last stands for all of them."""
    desk = Desk()

    desk.see(*map(a_new, TRAIL))

    assert desk.seen.runs == (WitnessedRun(1, 6, TRAIL[5].sha256),)
    assert desk.lines == [entry.content for entry in TRAIL]


def test_entries_with_a_gap_are_two_copies() -> None:
    """What lies between them came in another batch, or was never written."""
    desk = Desk()

    desk.see(a_new(TRAIL[0]), a_new(TRAIL[1]), a_new(TRAIL[4]))

    assert [(run.first, run.last) for run in desk.seen.runs] == [(1, 2), (5, 5)]


def test_entries_that_do_not_follow_are_two_copies() -> None:
    """Otherwise the hash of the last would not stand for the one before."""
    desk = Desk()
    other = a_trail(Action.REGISTERED, Action.VERIFIED)[1]

    desk.see(a_new(TRAIL[0]), a_new(other))

    assert [run.sha256 for run in desk.seen.runs] == [TRAIL[0].sha256, other.sha256]


@pytest.mark.parametrize("seed", range(20))
def test_what_is_witnessed_does_not_depend_on_the_stream(seed: int) -> None:
    """Late, twice, in other batches or in another order: it is the same trail."""
    desk, chance = Desk(), random.Random(seed)  # noqa: S311 - no secret

    for batch in batches([a_new(entry) for entry in TRAIL], chance):
        desk.see(*batch)

    covered = {n for run in desk.seen.runs for n in range(run.first, run.last + 1)}
    assert covered == {1, 2, 3, 4, 5, 6}
    assert all(run.sha256 == TRAIL[run.last - 1].sha256 for run in desk.seen.runs)
    assert sorted(desk.lines) == sorted(entry.content for entry in TRAIL)


def test_failed_batch_comes_again_and_leaves_nothing_out() -> None:
    """The bucket may be away; what was stored before that stays, and nothing is stored twice."""
    desk = Desk()
    changes = [a_new(TRAIL[0]), a_new(TRAIL[2]), told(old=an_item(TRAIL[4]))]

    def away() -> None:
        raise Busy

    desk.vault.before_put = at(2, away)
    with pytest.raises(Busy):
        desk.see(*changes)

    notes = desk.see(*changes)

    assert len(notes) == 1
    assert len(desk.vault.objects) == 3


def test_courses_and_sessions_are_kept_apart() -> None:
    """An entry of a course lies in a folder of its own."""
    desk = Desk()
    item = {"courseId": SESSION_ID, "sequence": 1, "content": "{}", "sha256": "ab"}

    desk.see(told(Table.COURSE_AUDIT, new=item), a_new(TRAIL[0]))

    assert len(desk.seen.runs) == 1
    assert [key for key in desk.vault.objects if f"witness/{Trail.COURSE}/{SESSION_ID}/" in key]


def test_recipients_of_records_are_kept_by_session() -> None:
    """A batch may be about several sessions."""
    desk = Desk()

    desk.see(a_receipt(1), a_receipt(2), a_receipt(3, "other"))

    assert desk.seen.recipients == {a_cuid(1), a_cuid(2)}
    ids = [a_record(number).record_id for number in (1, 2)]
    assert all(any(one.encode() in body for body in desk.vault.objects.values()) for one in ids)
    assert desk.witness_book.seen("other").recipients == {a_cuid(3)}


def test_removed_rows_are_kept_by_session() -> None:
    """The row of a person, not the session's own item."""
    desk = Desk()
    row = {"sessionId": SESSION_ID, "item": f"ATTENDEE#{a_cuid(1)}", "personnelId": a_cuid(1)}

    desk.see(told(Table.SESSIONS, old=row), told(Table.SESSIONS, old={**row, "item": "SESSION"}))

    assert desk.seen.departures == {a_cuid(1): 1}


def test_tampering_leaves_a_note_with_the_item_before_and_after() -> None:
    """The replaced entry is in it, because it is nowhere else."""
    desk = Desk()
    old, new = an_item(TRAIL[0]), {**an_item(TRAIL[0]), "content": "{}"}

    (key,) = desk.see(told(old=old, new=new))

    (note,) = desk.seen.notes
    assert (note.key, note.tampering) == (key, Tampering.ENTRY_REPLACED)
    assert desk.seen.runs == ()
    body = json.loads(desk.witness_book.note(note))
    assert (body["old"], body["new"]) == (old, new)


def test_invented_entry_is_noted_and_copied() -> None:
    """Whoever wrote it, it was seen."""
    desk = Desk()
    invented = a_new(AuditEntry(SESSION_ID, 7, "{}", "ab"))

    notes = desk.see(invented)

    assert len(notes) == len(desk.seen.runs) == 1


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"sessionId": SESSION_ID},
        {"sessionId": SESSION_ID, "sequence": 1},
        {"sessionId": SESSION_ID, "sequence": "one", "content": "{}"},
        {"sessionId": SESSION_ID, "sequence": 1, "content": 5},
    ],
)
def test_what_is_no_entry_stops_nothing(item: dict[str, Any]) -> None:
    """It is noted, and the changes beside it are witnessed."""
    desk = Desk()

    notes = desk.see(told(new=item), a_new(TRAIL[0]))

    assert len(notes) == 1
    assert desk.seen.runs == (WitnessedRun(1, 1, TRAIL[0].sha256),)


@pytest.mark.parametrize(
    ("content", "noted"),
    [
        ("[" * 5000, Tampering.ENTRY_INVENTED),
        ('{"previous":1' + "0" * 5000 + "}", Tampering.ENTRY_INVENTED),
        ('{"action":"\ud800"}', Tampering.UNREADABLE),
    ],
)
def test_nothing_that_is_stored_jams_the_witness(content: str, noted: Tampering) -> None:
    """What cannot be read is noted as it is, and the changes beside it are witnessed."""
    desk = Desk()
    poison = {"sessionId": SESSION_ID, "sequence": 7, "content": content, "sha256": "ab"}

    desk.see(a_new(TRAIL[0]), told(new=poison), a_new(TRAIL[1]))

    (note,) = desk.seen.notes
    assert note.tampering is noted
    assert json.loads(desk.witness_book.note(note))["new"] == poison
    assert WitnessedRun(1, 2, TRAIL[1].sha256) in desk.seen.runs


def test_item_of_nobody_is_noted_like_any_other() -> None:
    """Not even the folder of its note follows from what cannot be written."""
    notes = Desk().see(told(new={"sessionId": "\ud800", "sequence": 1}))

    assert len(notes) == 1


@pytest.mark.parametrize("reason", [Busy, KeyError])
def test_key_that_cannot_be_had_is_no_fault_of_the_item(reason: type[Exception]) -> None:
    """The batch comes again: whoever wrote the entry, nothing is known about it yet."""

    class Away(FakeOriginKeys):
        def of(self, function: str) -> bytes:  # noqa: ARG002 - none can be had
            raise reason

    desk = Desk()
    desk.origin_keys = Away()

    with pytest.raises(reason):
        desk.see(a_new(TRAIL[0]))

    assert desk.seen == Witnessed()


def test_everything_is_kept_for_the_company_s_years() -> None:
    """Counted from the change, so that a repetition says the same."""
    desk = Desk()

    desk.see(a_new(TRAIL[0]), a_receipt(1), told(old=an_item(TRAIL[1])))

    assert set(desk.vault.until.values()) == {datetime(2036, 3, 10, 15, 10, tzinfo=UTC)}
    assert len(desk.vault.until) == 3


def test_witness_of_the_fakes_is_this_one() -> None:
    """What tests take for witnessed is what the function would have written."""
    world, desk = FakeWiring(), Desk()
    for entry in TRAIL:
        world.trail.add(entry)
        desk.see(a_new(entry))

    assert world.witness.seen(SESSION_ID) == desk.seen


def test_images_are_read_without_their_types() -> None:
    """Numbers are numbers; what the product never writes stays text, or a list of texts."""
    image = {
        "text": {"S": "5"},
        "number": {"N": "5"},
        "fraction": {"N": "1.5"},
        "endless": {"N": "1" * 5000},
        "flag": {"BOOL": False},
        "nothing": {"NULL": True},
        "map": {"M": {"list": {"L": [{"N": "-1"}, {"S": ""}]}}},
        "set": {"SS": ["a", "b"]},
        "bytes": {"B": "AQI="},
    }
    record = {
        "eventID": "e-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1794582000,
            "Keys": {"courseId": {"S": "c"}},
            "NewImage": image,
        },
    }

    (change,) = changes_in({"Records": [record]})

    assert change == Change(
        Table.COURSES,
        "e-1",
        datetime(2026, 11, 13, 15, 0, tzinfo=UTC),
        None,
        {
            "text": "5",
            "number": 5,
            "fraction": "1.5",
            "endless": "1" * 5000,
            "flag": False,
            "nothing": None,
            "map": {"list": [-1, ""]},
            "set": ["a", "b"],
            "bytes": "AQI=",
        },
    )


def test_stream_of_another_table_fails() -> None:
    """It is followed by mistake, and that surfaces."""
    record = {"dynamodb": {"Keys": {"sha256": {"S": "ab"}, "sessionId": {"S": "s"}}}}

    with pytest.raises(KeyError):
        changes_in({"Records": [record]})


def test_entry_that_its_function_did_not_write_is_noted() -> None:
    """It is copied all the same: whoever wrote it, it was seen."""
    desk = Desk()
    item = an_item(TRAIL[0]) | {"origin": "ab" * 32}

    (key,) = desk.see(told(new=item))

    (note,) = desk.seen.notes
    assert (note.key, note.tampering) == (key, Tampering.ENTRY_INVENTED)
    assert desk.lines == [TRAIL[0].content]
