"""
The witness: what it saw of a session, and whether the stored trail agrees with that.

It copies each audit entry within seconds into storage that nobody can change, and notes every
change that the product never makes. So whoever can write to the database can neither rewrite the
trail nor edit a record unseen.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domain.audit import Action, AuditEntry
from shared.domain.history import departed
from shared.domain.session import Finalization
from shared.domain.tampering import WORDS, Tampering
from shared.domain.verification import Check, Subject, said

# Copies are there within seconds. A stream that is slow for longer than this is looked into.
PATIENCE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class WitnessedRun:
    """Consecutive entries that were copied; the *sha256* of the last stands for those before it."""

    first: int
    last: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TamperNote:
    """A change that the product never makes; *tampering* is None if its kind is not known here."""

    key: str
    tampering: Tampering | None

    @property
    def words(self) -> str:
        what = WORDS[self.tampering] if self.tampering else "something was tampered with"
        return f"{what}: see {self.key}"


@dataclass(frozen=True, slots=True)
class Witnessed:
    """
    What was seen of one session: runs of its trail, the people whose record was written, how often
    the row of whom was removed, tamper notes, the keys of those over which something was put since,
    and keys among them that are none of the witness's.
    """

    runs: tuple[WitnessedRun, ...] = ()
    recipients: frozenset[str] = frozenset()
    departures: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[TamperNote, ...] = ()
    covered: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()


def check_witness(
    decision: Finalization,
    entries: Sequence[AuditEntry],
    present: Collection[str],
    seen: Witnessed,
    now: datetime,
) -> Check:
    """
    The trail is the one that was witnessed, no record was written for anybody but those *present*,
    and there is no tamper note.

    An entry that is not witnessed yet is no fault for some minutes.
    """
    missing = list(_unwitnessed(decision, entries, seen.runs))
    fresh = [entry for entry in missing if _is_fresh(entry, now)]
    late = [entry for entry in missing if not _is_fresh(entry, now)]
    faults = (
        *_disagreements(entries, seen.runs),
        *(f"entry {entry.sequence} was not witnessed" for entry in late),
        *(f"a record was written for {p}, who gets none" for p in _strangers(present, seen)),
        *_untold_departures(entries, seen.departures),
        *(f"something was put over {key}" for key in seen.covered),
        *(f"{key} is no copy that the witness made" for key in seen.strays),
        *(note.words for note in seen.notes),
    )
    notes = tuple(f"entry {entry.sequence} is not witnessed yet" for entry in fresh)
    return Check(Subject.WITNESS, faults, notes)


def awaited(
    decision: Finalization, entries: Sequence[AuditEntry], seen: Witnessed, now: datetime
) -> list[AuditEntry]:
    """
    The entries that are not witnessed yet, and too fresh for that to be a fault.

    None of a trail that is not the one that was seen: there waiting mends nothing.
    """
    if any(_disagreements(entries, seen.runs)):
        return []
    missing = _unwitnessed(decision, entries, seen.runs)
    return [entry for entry in missing if _is_fresh(entry, now)]


def _disagreements(entries: Sequence[AuditEntry], runs: Sequence[WitnessedRun]) -> Iterator[str]:
    hashes = {entry.sequence: entry.sha256 for entry in entries}
    for run in runs:
        if run.last not in hashes:
            yield f"entry {run.last} was witnessed, and is gone"
        elif hashes[run.last] != run.sha256:
            yield f"entry {run.last} is not the one that was witnessed"


def _unwitnessed(
    decision: Finalization, entries: Sequence[AuditEntry], runs: Sequence[WitnessedRun]
) -> Iterator[AuditEntry]:
    start = _start(decision, entries, runs)
    hashes = {entry.sequence: entry.sha256 for entry in entries}
    seen = {
        number
        for run in runs
        if hashes.get(run.last) == run.sha256
        for number in range(run.first, run.last + 1)
    }
    for entry in entries:
        if start is not None and entry.sequence >= start and entry.sequence not in seen:
            yield entry


def _start(
    decision: Finalization, entries: Sequence[AuditEntry], runs: Sequence[WitnessedRun]
) -> int | None:
    """
    The entry from which on all are witnessed; None: there was no witness yet.

    That is the first one that was witnessed, or that the first release did not write, and at the
    latest the decision: otherwise a session that was never witnessed at all would look like one of
    the first release, whose sessions may still have been open when the witness came.
    """
    starts = [run.first for run in runs]
    if not decision.is_of_first_release:
        starts += [e.sequence for e in entries if said(e, "action") == Action.FINALIZED]
        starts += [e.sequence for e in entries if not e.is_of_first_release]
    return min(starts, default=None)


def _is_fresh(entry: AuditEntry, now: datetime) -> bool:
    """True around the time the entry names: one that names a later day is not waited for."""
    try:
        at = datetime.fromisoformat(str(said(entry, "at")))
        return abs(now - at) < PATIENCE
    except (TypeError, ValueError):
        return False


def _untold_departures(entries: Sequence[AuditEntry], seen: Mapping[str, int]) -> Iterator[str]:
    """
    A row that is removed and put back is as it was, and its trail tells of neither. Who leaves by
    the API has an entry in the same transaction.
    """
    told = Counter(departed(entries)) if seen else Counter[str]()
    for person, times in sorted(seen.items()):
        if times > told[person]:
            yield f"the row of {person} was removed {times} times, the trail tells {told[person]}"


def _strangers(present: Collection[str], seen: Witnessed) -> list[str]:
    return sorted(seen.recipients - set(present))
