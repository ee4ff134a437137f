"""
Whether what is stored still agrees with what was decided and signed. Every check is a pure function
of what was read, and says in words what is not intact.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.audit import GENESIS, Action, AuditEntry, content_of, misplaced
from shared.domain.canonical import Json, canonical, flat, parsed, sha256
from shared.domain.course_trail import CourseEntry, rules_faults
from shared.domain.evidence import Content, Sheet
from shared.domain.history import untold
from shared.domain.names import shown
from shared.domain.records import Record
from shared.domain.seal import owes_summary
from shared.domain.seal_folder import SealFolder
from shared.domain.session import Finalization, Session, Snapshot


class Subject(StrEnum):
    """What is checked."""

    SHEET = "SHEET"
    MANIFEST = "MANIFEST"
    SIGNATURE = "SIGNATURE"
    SESSION = "SESSION"
    RECORDS = "RECORDS"
    AUDIT_TRAIL = "AUDIT_TRAIL"
    SEAL = "SEAL"
    WITNESS = "WITNESS"
    TIME_STAMP = "TIME_STAMP"


@dataclass(frozen=True, slots=True)
class Check:
    """
    The result of checking one subject: *faults* names what is not intact, *notes* what a reader
    should know although nothing is wrong.
    """

    subject: Subject
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_intact(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class SealFound:
    """
    The seal as found in the vault; what is missing there is None. *is_signed* says whether the
    signature is ours and of this manifest, *is_trail_signed* the same for the entry of the signing,
    and *is_summary_signed* that the summary is of this manifest too.
    """

    manifest: bytes | None
    is_signed: bool | None
    is_trail_signed: bool | None
    is_our_key: bool | None
    is_summary_signed: bool | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """
    The result of all checks; *signing* is the audit entry of the signing, if it was found, and
    *entries* the whole trail.
    """

    session_id: str
    decision: Finalization
    checks: tuple[Check, ...]
    signing: AuditEntry | None
    entries: tuple[AuditEntry, ...]

    @property
    def is_intact(self) -> bool:
        return all(check.is_intact for check in self.checks)

    @property
    def broken(self) -> list[Subject]:
        """The parts that are not intact."""
        return [check.subject for check in self.checks if not check.is_intact]


def check_sheet(
    sheet: Sheet, content: Content | None, newest: str | None, tag: str | None
) -> Check:
    """
    The version that the records name is stored with the bytes that were hashed, and is also what a
    read without a version gets: *newest*, None if a delete marker hides it. It has no *tag*: tagged
    as rejected, it would be hidden after a while.
    """
    faults = (*_sheet_faults(sheet, content), *_hidden(sheet, newest), *_tagged(tag))
    return Check(Subject.SHEET, faults)


def check_manifest(decision: Finalization, seal: SealFound) -> Check:
    """The stored manifest has the SHA-256 that session and records name."""
    if seal.manifest is None:
        return Check(Subject.MANIFEST, ("it is not stored",))
    found = sha256(seal.manifest)
    if found != decision.manifest_sha256:
        fault = f"its SHA-256 is {found}, the session says {decision.manifest_sha256}"
        return Check(Subject.MANIFEST, (fault,))
    return Check(Subject.MANIFEST, ())


def check_signature(decision: Finalization, seal: SealFound) -> Check:
    """The stored signatures are ours: of this manifest, and of its summary."""
    faults = []
    if seal.is_signed is None:
        faults.append("it is not stored")
    elif not seal.is_signed:
        faults.append("it is not ours, or not of the stored manifest")
    if seal.is_our_key is False:
        faults.append("the public key beside it is not ours")
    if seal.is_summary_signed is None and owes_summary(decision):
        faults.append("the summary, or its signature, is not stored")
    elif seal.is_summary_signed is False:
        faults.append("the summary is not signed by us, or not of the stored manifest")
    return Check(Subject.SIGNATURE, tuple(faults))


def check_session(snapshot: Snapshot, seal: SealFound, now: Json) -> Check:
    """
    Session, roster and marks still give the signed manifest; otherwise every difference is a fault.
    *now* is the manifest they give.
    """
    faults = [] if snapshot.is_whole else ["its counts do not agree with the rows of its roster"]
    if seal.manifest is not None and seal.manifest != canonical(now):
        faults += _differences(_by_person(_read(seal.manifest)), _by_person(now), "signed")
    return Check(Subject.SESSION, tuple(faults))


def check_records(
    planned: Sequence[Record], found: Sequence[Record], says: Callable[[Record], Json]
) -> Check:
    """
    Every record of the decision is stored unchanged, and there is no other for anyone on the
    roster. *says* gives a record's content in the version of the decision's manifest.

    A record never changes after it is written, its status included: a sign-off is not part of the
    product yet, so a competency that reads VERIFIED was edited by hand.
    """
    stored = {record.record_id: record for record in found}
    expected = {record.record_id: record for record in planned}
    missing = [f"{_named(r)} is missing" for key, r in expected.items() if key not in stored]
    added = [f"{_named(r)} was added" for key, r in stored.items() if key not in expected]
    changed = [
        f"{_named(record)}: {fault}"
        for key, record in expected.items()
        if key in stored
        for fault in _changes(record, stored[key], says)
    ]
    return Check(Subject.RECORDS, (*missing, *added, *changed))


def check_trail(
    session: Session,
    decision: Finalization,
    entries: Sequence[AuditEntry],
    course_entries: Sequence[CourseEntry],
    seal: SealFound,
) -> Check:
    """
    As `trail_faults` and `rules_faults`; no entry is out of place, and that of the signing is
    signed itself.
    """
    faults = trail_faults(session, decision, entries, seal.manifest)
    faults += [*rules_faults(decision, course_entries), *misplaced(entries)]
    if signing_entry(entries) is None:
        faults.append("the entry of the signature is missing")
    elif not seal.is_trail_signed:
        faults.append("its signature is missing or not ours, or entries before it were changed")
    return Check(Subject.AUDIT_TRAIL, tuple(faults))


def trail_faults(
    session: Session, decision: Finalization, entries: Sequence[AuditEntry], manifest: bytes | None
) -> list[str]:
    """
    Every entry is unchanged and follows the one before, and the chain contains the decision. What
    a whole chain tells of the session adds up to the *manifest*, if there is one.
    """
    faults = [*_broken_entries(entries), *_wrong_end(session, decision, entries)]
    if faults or manifest is None:
        return faults
    return untold(manifest, _read(manifest), entries)


def check_seal(folder: SealFolder, seal: SealFound, registered: bytes | None) -> Check:
    """
    In the session's folder of the vault lies one seal and nothing else, and the register of seals
    names its manifest: *registered* is what is stored there.
    """
    faults = list(folder.faults)
    named = registered if seal.manifest is None else sha256(seal.manifest).encode()
    if folder.must_be_registered and registered != named:
        faults.append("the register of seals does not name this manifest under its day")
    return Check(Subject.SEAL, tuple(faults))


def _sheet_faults(sheet: Sheet, content: Content | None) -> Iterator[str]:
    if content is None:
        yield f"{sheet.key}, version {sheet.version_id}, is gone"
    elif (content.sha256, content.size_bytes) != (sheet.sha256, sheet.size_bytes):
        yield f"its SHA-256 is {content.sha256}, not {sheet.sha256}"


def _hidden(sheet: Sheet, newest: str | None) -> Iterator[str]:
    if newest is None:
        yield f"a delete marker hides {sheet.key}"
    elif newest != sheet.version_id:
        yield f"version {newest} was put over it"


def _tagged(tag: str | None) -> Iterator[str]:
    if tag is not None:
        yield f"it was tagged as {tag}, which an accepted sheet never is"


def _broken_entries(entries: Iterable[AuditEntry]) -> Iterator[str]:
    previous, number = GENESIS, 1
    for entry in entries:
        if entry.sequence != number:
            yield f"before entry {entry.sequence}, {entry.sequence - number} are missing"
        elif said(entry, "previous") != previous:
            yield f"entry {entry.sequence} does not follow the one before it"
        if sha256(entry.content.encode()) != entry.sha256:
            yield f"entry {entry.sequence} was changed"
        previous, number = entry.sha256, entry.sequence + 1


def _wrong_end(
    session: Session, decision: Finalization, entries: Sequence[AuditEntry]
) -> Iterator[str]:
    by_action = {said(entry, "action"): entry for entry in entries}
    decided = by_action.get(Action.FINALIZED)
    if decided is None:
        yield "the entry of the finalization is missing"
    elif (decided.sha256, said(decided, "previous")) != (session.audit_head, decision.audit_head):
        yield f"entry {decided.sequence} is not the one the session was finalized by"


def signing_entry(entries: Iterable[AuditEntry]) -> AuditEntry | None:
    """The audit entry of the signing, if it is there."""
    return next((entry for entry in entries if said(entry, "action") == Action.SIGNED), None)


def said(entry: AuditEntry, name: str) -> Json:
    """The value of *name* in an entry; None if it is missing or the entry is damaged."""
    return content_of(entry.content).get(name)


def _read(document: bytes) -> Json:
    try:
        return parsed(document)
    except ValueError:
        return None


def _by_person(manifest: Json) -> dict[str, Json]:
    """A manifest as one level of names; rows of its lists are named by their person."""
    if not isinstance(manifest, Mapping):
        return {"manifest": manifest}
    flattened = flat({name: part for name, part in manifest.items() if not isinstance(part, list)})
    for name, part in manifest.items():
        for row in part if isinstance(part, list) else ():
            flattened |= flat(row, f"{name}[{row['personnelId']}]")
    return flattened


def _changes(expected: Record, stored: Record, says: Callable[[Record], Json]) -> Iterator[str]:
    return _differences(flat(says(expected)), flat(says(stored)), "written")


def _differences(before: Mapping[str, Json], after: Mapping[str, Json], word: str) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"{name}: {word} {shown(before.get(name))}, now {shown(after.get(name))}"


def _named(record: Record) -> str:
    return f"record {record.record_id} of {record.personnel_id}"
