"""
Does what is stored still agree with what was decided and signed? Every check is a pure function of
what was read, and says in words what is not intact.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.audit import GENESIS, Action, AuditEntry
from shared.domain.canonical import Json, as_json, canonical, flat, sha256
from shared.domain.evidence import Content, Sheet
from shared.domain.records import Record, RecordKind
from shared.domain.session import Finalization, Session, Snapshot


class Subject(StrEnum):
    """
    What is checked.
    """

    SHEET = "SHEET"
    MANIFEST = "MANIFEST"
    SIGNATURE = "SIGNATURE"
    SESSION = "SESSION"
    RECORDS = "RECORDS"
    AUDIT_TRAIL = "AUDIT_TRAIL"


@dataclass(frozen=True, slots=True)
class Check:
    """
    One thing that was checked; *faults* names exactly what is not intact.
    """

    subject: Subject
    faults: tuple[str, ...]

    @property
    def is_intact(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class SealFound:
    """
    What lies in the vault, as far as it is there; *is_signed* if the signature is ours and of this
    manifest, *is_trail_signed* if there is one of the entry that says so.
    """

    manifest: bytes | None
    is_signed: bool | None
    is_trail_signed: bool | None
    is_our_key: bool | None


@dataclass(frozen=True, slots=True)
class Verified:
    """
    What became of each check; *signing* is the audit entry that says the session was signed, and
    *trail_end* the last one, if they were found.
    """

    session_id: str
    decision: Finalization
    checks: tuple[Check, ...]
    signing: AuditEntry | None
    trail_end: AuditEntry | None

    @property
    def is_intact(self) -> bool:
        return all(check.is_intact for check in self.checks)

    @property
    def broken(self) -> list[Subject]:
        """
        The parts that are not intact.
        """
        return [check.subject for check in self.checks if not check.is_intact]


def check_sheet(sheet: Sheet, content: Content | None, newest: str | None) -> Check:
    """
    The version the records quote is there, with the bytes that were hashed, and is what whoever
    asks for its key without a version gets: *newest*, None if a delete marker hides it.
    """
    return Check(Subject.SHEET, (*_sheet_faults(sheet, content), *_hidden(sheet, newest)))


def check_manifest(decision: Finalization, seal: SealFound) -> Check:
    """
    The stored manifest is the one whose hash the session and every record carry.
    """
    if seal.manifest is None:
        return Check(Subject.MANIFEST, ("it is not stored",))
    found = sha256(seal.manifest)
    if found != decision.manifest_sha256:
        fault = f"its SHA-256 is {found}, the session says {decision.manifest_sha256}"
        return Check(Subject.MANIFEST, (fault,))
    return Check(Subject.MANIFEST, ())


def check_signature(seal: SealFound) -> Check:
    """
    The stored signature is ours, and of this manifest.
    """
    faults = []
    if seal.is_signed is None:
        faults.append("it is not stored")
    elif not seal.is_signed:
        faults.append("it is not ours, or not of the stored manifest")
    if seal.is_our_key is False:
        faults.append("the public key beside it is not ours")
    return Check(Subject.SIGNATURE, tuple(faults))


def check_session(snapshot: Snapshot, seal: SealFound, now: Json) -> Check:
    """
    Session, roster and marks still give the manifest that was signed; otherwise every difference.
    *now* is the manifest they give.
    """
    faults = [] if snapshot.is_whole else ["its counts do not agree with the rows of its roster"]
    if seal.manifest is not None and seal.manifest != canonical(now):
        faults += _differences(_by_person(_parsed(seal.manifest)), _by_person(now), "signed")
    return Check(Subject.SESSION, tuple(faults))


def check_records(planned: Sequence[Record], found: Sequence[Record]) -> Check:
    """
    There is every record the decision wrote, as it wrote it, and no other for anybody on the
    roster.

    A competency's status changes when it is verified; nothing else of a record ever does.
    """
    stored = {record.record_id: record for record in found}
    expected = {record.record_id: record for record in planned}
    missing = [f"{_named(r)} is missing" for key, r in expected.items() if key not in stored]
    added = [f"{_named(r)} was added" for key, r in stored.items() if key not in expected]
    changed = [
        f"{_named(record)}: {fault}"
        for key, record in expected.items()
        if key in stored
        for fault in _changes(record, stored[key])
    ]
    return Check(Subject.RECORDS, (*missing, *added, *changed))


def check_trail(
    session: Session, decision: Finalization, entries: Sequence[AuditEntry], seal: SealFound
) -> Check:
    """
    Every entry is as it was written, follows the one before, and leads to the signed decision; the
    entry of the signature is signed itself.
    """
    faults = [*_broken_entries(entries), *_wrong_end(session, decision, entries)]
    if signing_entry(entries) is None:
        faults.append("the entry of the signature is missing")
    elif not seal.is_trail_signed:
        faults.append("its signature is missing or not ours, or entries before it were changed")
    return Check(Subject.AUDIT_TRAIL, tuple(faults))


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


def _broken_entries(entries: Iterable[AuditEntry]) -> Iterator[str]:
    previous, number = GENESIS, 1
    for entry in entries:
        if entry.sequence != number:
            yield f"before entry {entry.sequence}, {entry.sequence - number} are missing"
        elif _says(entry, "previous") != previous:
            yield f"entry {entry.sequence} does not follow the one before it"
        if sha256(entry.content.encode()) != entry.sha256:
            yield f"entry {entry.sequence} was changed"
        previous, number = entry.sha256, entry.sequence + 1


def _wrong_end(
    session: Session, decision: Finalization, entries: Sequence[AuditEntry]
) -> Iterator[str]:
    by_action = {_says(entry, "action"): entry for entry in entries}
    decided = by_action.get(Action.FINALIZED)
    if decided is None:
        yield "the entry of the finalization is missing"
    elif (decided.sha256, _says(decided, "previous")) != (session.audit_head, decision.audit_head):
        yield f"entry {decided.sequence} is not the one the session was finalized by"


def signing_entry(entries: Iterable[AuditEntry]) -> AuditEntry | None:
    """
    The entry that says the session was signed, if it is there.
    """
    return next((entry for entry in entries if _says(entry, "action") == Action.SIGNED), None)


def _says(entry: AuditEntry, name: str) -> Json:
    """
    What an entry says, if it still says anything.
    """
    content = _parsed(entry.content.encode())
    return content.get(name) if isinstance(content, Mapping) else None


def _parsed(document: bytes) -> Json:
    try:
        parsed: Json = json.loads(document)
    except ValueError:
        return None
    return parsed


def _by_person(manifest: Json) -> dict[str, Json]:
    """
    A manifest as one level of names, its lists by the people in them.
    """
    if not isinstance(manifest, Mapping):
        return {"manifest": manifest}
    flattened = flat({name: part for name, part in manifest.items() if not isinstance(part, list)})
    for name, part in manifest.items():
        for row in part if isinstance(part, list) else ():
            flattened |= flat(row, f"{name}[{row['personnelId']}]")
    return flattened


def _changes(expected: Record, stored: Record) -> Iterator[str]:
    before, after = flat(as_json(expected)), flat(as_json(stored))
    if expected.kind is RecordKind.COMPETENCY:
        before["status"] = after["status"]
    return _differences(before, after, "written")


def _differences(before: Mapping[str, Json], after: Mapping[str, Json], word: str) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"{name}: {word} {_shown(before.get(name))}, now {_shown(after.get(name))}"


def _named(record: Record) -> str:
    return f"record {record.record_id} of {record.personnel_id}"


def _shown(value: Json) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
