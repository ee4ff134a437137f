"""
The witness: it copies new audit entries, and notes changes that the product itself never makes.

It can read nothing but the tables' streams, and write nothing but its own copies and notes, each
once; and no other function can write those. So no one can both change something and vouch for it.
"""

from collections.abc import Sequence
from typing import Protocol

from shared.application.ports.parts import WithOriginKeys, WithWitnessBook
from shared.domain.canonical import canonical
from shared.domain.copies import by_session, departures, new_entries, receipts, runs_of
from shared.domain.origin import KeyOf, invented
from shared.domain.seal import years_after
from shared.domain.tampering import Change, Tampering, tampering

# What the content of an item can raise, and no answer of AWS does.
CAUSED_BY_CONTENT = (AttributeError, RecursionError, TypeError, ValueError)


class WitnessChangesPorts(WithWitnessBook, WithOriginKeys, Protocol):
    """Where the witness writes; it reads nothing."""

    @property
    def retention_years(self) -> int:
        """How long evidence is kept if its course does not say."""


def witness_changes(changes: Sequence[Change], ports: WitnessChangesPorts) -> list[str]:
    """
    Write down what the stream tells, and return the keys of the tamper notes.

    Nothing that somebody stores stops the rest: what cannot be judged is noted as it is.

    A stream tells things at least once, and again after a failure: the same is stored under the
    same key, and what is in another batch the second time stands beside it and agrees.

    Raises:
        Busy: The bucket does not answer; the stream tells all of it again.
    """
    book, years = ports.witness_book, ports.retention_years
    judged = [(change, _judged(change, ports.origin_keys.of)) for change in changes]
    notes = [
        book.keep_note(what, change, years_after(change.at, years))
        for change, what in judged
        if what is not None
    ]
    readable = [change for change, what in judged if what is not Tampering.UNREADABLE]
    for run in runs_of(new_entries(readable)):
        book.keep_entries(run, years_after(run.last.at, years))
    for session_id, people in by_session(receipts(readable)).items():
        book.keep_receipts(session_id, people, years_after(people[-1].at, years))
    for session_id, gone in by_session(departures(readable)).items():
        book.keep_departures(session_id, gone, years_after(gone[-1].at, years))
    return notes


def _judged(change: Change, key_of: KeyOf) -> Tampering | None:
    """What was done, if anything; only that AWS does not answer is left to be tried again."""
    try:
        # What can be written as JSON can be copied, too.
        canonical({"owner": change.owner, "old": change.old, "new": change.new})
        return tampering(change) or invented(change, key_of)
    except CAUSED_BY_CONTENT:
        return Tampering.UNREADABLE
