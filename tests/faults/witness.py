"""Witnessing under faults."""

from datetime import timedelta
from itertools import count

from functions.witness_changes.use_case import witness_changes
from shared.domain.audit import Action
from shared.domain.origin import origin_of
from shared.domain.tampering import Change, Item, Table, Tampering
from shared.domain.witness import Witnessed, WitnessedRun
from testing.builders import NOW, a_cuid, a_trail
from tests.faults.environment import wiring
from tests.faults.matrix import Trial

_numbers = count(1)


class Witnessing(Trial):
    """The streams tell of entries, of a record, and of something that no function does."""

    intruders: tuple[str, ...] = ("the stream tells the end of it once more",)

    def __init__(self) -> None:
        self._session_id = f"witnessed-{next(_numbers)}"
        self._trail = a_trail(*[Action.ATTENDANCE_SAVED] * 4, session_id=self._session_id)
        self._key = wiring().origin_keys.of("save_attendance")
        entries = [self._told(Table.AUDIT, number, self._entry(number)) for number in (1, 2, 4)]
        record = {"sessionId": self._session_id, "personnelId": a_cuid(1), "recordId": "r-1"}
        self._changes = [*entries, self._told(Table.RECORDS, 9, record)]

    def attempt(self) -> None:
        """Witness the batch."""
        witness_changes(self._changes, wiring())

    def inspect(self) -> None:
        """Whatever is there is true, and was stored once."""
        seen = self._seen
        assert all(run.sha256 == self._trail[run.last - 1].sha256 for run in seen.runs)
        assert seen.recipients <= {a_cuid(1)}
        assert seen.covered == ()

    def recover(self) -> None:
        """The stream tells it again, in halves."""
        witness_changes(self._changes[:2], wiring())
        witness_changes(self._changes[2:], wiring())

    def verify(self) -> None:
        """Everything is there."""
        self.inspect()
        seen = self._seen
        assert {
            WitnessedRun(1, 2, self._trail[1].sha256),
            WitnessedRun(4, 4, self._trail[3].sha256),
        } <= set(seen.runs)
        assert seen.recipients == {a_cuid(1)}
        assert [note.tampering for note in seen.notes] == [Tampering.RECORD_INVENTED]

    def intrude(self, intruder: str) -> None:  # noqa: ARG002 - there is only one
        """Witness a part of it at the same time."""
        witness_changes(self._changes[2:], wiring())

    @property
    def _seen(self) -> Witnessed:
        return wiring().witness.seen(self._session_id)

    def _entry(self, number: int) -> Item:
        entry = self._trail[number - 1]
        return {
            "sessionId": self._session_id,
            "sequence": number,
            "content": entry.content,
            "sha256": entry.sha256,
            "origin": origin_of(entry.sha256, self._key),
        }

    @staticmethod
    def _told(table: Table, number: int, item: Item) -> Change:
        # Kept for ten years from then, which must not be over.
        return Change(table, f"event-{number}", NOW + timedelta(seconds=number), None, item)
