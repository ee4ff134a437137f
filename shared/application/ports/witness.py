"""The ports to what the witness has seen: to read it, to write it down, to see that it looks."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from shared.domain.copies import Departure, EntryRun, Receipt
from shared.domain.tampering import Change, Tampering
from shared.domain.watch import Followed
from shared.domain.witness import TamperNote, Witnessed


class Witness(Protocol):
    """What was seen of a session; whoever reads it cannot write there."""

    def seen(self, session_id: str) -> Witnessed:
        """Everything that was seen of the session. Keys tell it; only records are opened."""

    def copies(self, session_id: str) -> Iterator[bytes]:
        """
        The copies of its audit entries, a run each: a line of canonical JSON for every entry. They
        come by their first numbers, may overlap, and are as they were first stored.
        """

    def note(self, note: TamperNote) -> bytes:
        """The tamper note as it was first stored: JSON, with the item before and after."""


class WitnessBook(Protocol):
    """Where the witness writes: each thing once, and nothing is ever replaced."""

    def keep_entries(self, run: EntryRun, until: datetime) -> None:
        """Keep the copies of a run of entries."""

    def keep_receipts(self, session_id: str, receipts: Sequence[Receipt], until: datetime) -> None:
        """Keep that records of this session were written for these people."""

    def keep_departures(
        self, session_id: str, departures: Sequence[Departure], until: datetime
    ) -> None:
        """Keep that the rows of these people were removed from this session."""

    def keep_note(self, tampering: Tampering, change: Change, until: datetime) -> str:
        """Keep a tamper note with the item before and after; return its key."""


class Watch(Protocol):
    """Whether the witness follows the tables now."""

    def followed(self) -> list[Followed]:
        """The stream that each witnessed table has, and the one that is read."""
