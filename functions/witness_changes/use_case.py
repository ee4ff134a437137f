"""
The witness: it copies new audit entries, and notes changes that the product itself never makes.

It can read nothing but the tables' streams, and write nothing but its own copies and notes, each
once; and no other function can write those. So no one can both change something and vouch for it.
"""

from collections.abc import Sequence
from typing import Protocol

from shared.application.ports.parts import WithOriginKeys, WithWitnessBook
from shared.domain.copies import by_session, new_entries, receipts, runs_of
from shared.domain.origin import invented
from shared.domain.seal import years_after
from shared.domain.tampering import Change, tampering


class WitnessChangesPorts(WithWitnessBook, WithOriginKeys, Protocol):
    """Where the witness writes; it reads nothing."""

    @property
    def retention_years(self) -> int:
        """How long evidence is kept if its course does not say."""


def witness_changes(changes: Sequence[Change], ports: WitnessChangesPorts) -> list[str]:
    """
    Write down what the stream tells, and return the keys of the tamper notes.

    A stream tells things at least once, and again after a failure: the same is stored under the
    same key, and what is in another batch the second time stands beside it and agrees.

    Raises:
        Busy: The bucket does not answer; the stream tells all of it again.
    """
    book, years = ports.witness_book, ports.retention_years
    notes = [
        book.keep_note(what, change, years_after(change.at, years))
        for change in changes
        if (what := tampering(change) or invented(change, ports.origin_keys.of)) is not None
    ]
    for run in runs_of(new_entries(changes)):
        book.keep_entries(run, years_after(run.last.at, years))
    for session_id, people in by_session(receipts(changes)).items():
        book.keep_receipts(session_id, people, years_after(people[-1].at, years))
    return notes
