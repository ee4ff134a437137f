"""
Does what is stored still agree with what was decided and signed? Every check is a pure function of
what was read, and says in words what is not intact.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.audit import GENESIS, Action, AuditEntry
from shared.domain.canonical import Json, as_json, canonical, flat, sha256
from shared.domain.evidence import Content, Sheet
from shared.domain.records import Record, RecordKind
from shared.domain.session import Finalization, Session


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


def check_sheet(sheet: Sheet, content: Content | None) -> Check:
    """
    The version the records quote is still there, with the bytes that were hashed.
    """
    if content is None:
        return Check(Subject.SHEET, (f"{sheet.key}, version {sheet.version_id}, is gone",))
    if (content.sha256, content.size_bytes) != (sheet.sha256, sheet.size_bytes):
        return Check(Subject.SHEET, (f"its SHA-256 is {content.sha256}, not {sheet.sha256}",))
    return Check(Subject.SHEET, ())


def check_manifest(decision: Finalization, stored: bytes | None) -> Check:
    """
    The stored manifest is the one whose hash the session and every record carry.
    """
    if stored is None:
        return Check(Subject.MANIFEST, ("it is not stored",))
    found = sha256(stored)
    if found != decision.manifest_sha256:
        fault = f"its SHA-256 is {found}, the session says {decision.manifest_sha256}"
        return Check(Subject.MANIFEST, (fault,))
    return Check(Subject.MANIFEST, ())


def check_signature(is_stored: bool, is_valid: bool) -> Check:  # noqa: FBT001 - two plain findings
    """
    The stored signature is ours, and of this manifest.
    """
    if not is_stored:
        return Check(Subject.SIGNATURE, ("it is not stored yet",))
    return Check(Subject.SIGNATURE, () if is_valid else ("it is not valid for the manifest",))


def check_session(signed: bytes | None, now: Json) -> Check:
    """
    Session, roster and marks still give the manifest that was signed; otherwise every difference.
    """
    if signed is None or signed == canonical(now):
        return Check(Subject.SESSION, ())
    before, after = _by_person(json.loads(signed)), _by_person(now)
    faults = [
        f"{name}: signed {_shown(before.get(name))}, stored {_shown(after.get(name))}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    return Check(Subject.SESSION, tuple(faults))


def check_records(planned: Sequence[Record], found: Sequence[Record]) -> Check:
    """
    There is every record the decision wrote, as it wrote it, and no other that names this session.

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
        for fault in _differences(record, stored[key])
    ]
    return Check(Subject.RECORDS, (*missing, *added, *changed))


def check_trail(session: Session, decision: Finalization, entries: Sequence[AuditEntry]) -> Check:
    """
    Every entry is as it was written, follows the one before, and leads to the signed decision.
    """
    faults = [*_broken_entries(entries), *_wrong_end(session, decision, entries)]
    return Check(Subject.AUDIT_TRAIL, tuple(faults))


def _broken_entries(entries: Iterable[AuditEntry]) -> Iterable[str]:
    previous, number = GENESIS, 1
    for entry in entries:
        if entry.sequence != number:
            yield f"entries {number} to {entry.sequence - 1} are missing"
        elif entry.previous != previous:
            yield f"entry {entry.sequence} does not follow the one before it"
        if sha256(entry.content.encode()) != entry.sha256:
            yield f"entry {entry.sequence} was changed"
        previous, number = entry.sha256, entry.sequence + 1


def _wrong_end(
    session: Session, decision: Finalization, entries: Sequence[AuditEntry]
) -> Iterable[str]:
    decided = [entry for entry in entries if entry.action is Action.FINALIZED]
    if not decided:
        yield "the entry of the finalization is missing"
    elif decided[0].sha256 != session.audit_head or decided[0].previous != decision.audit_head:
        yield f"entry {decided[0].sequence} is not the one the session was finalized by"


def _by_person(manifest: Json) -> dict[str, Json]:
    """
    A manifest as one level of names, its lists by the people in them.
    """
    if not isinstance(manifest, Mapping):
        return {"manifest": manifest}
    flattened = flat({name: part for name, part in manifest.items() if not _is_list(part)})
    for name, part in manifest.items():
        for row in part if isinstance(part, list) else ():
            flattened |= flat(row, f"{name}[{row['personnelId']}]")
    return flattened


def _is_list(value: Json) -> bool:
    return isinstance(value, list)


def _differences(expected: Record, stored: Record) -> Iterable[str]:
    before, after = flat(as_json(expected)), flat(as_json(stored))
    for name in sorted(before.keys() | after.keys()):
        may_change = name == "status" and expected.kind is RecordKind.COMPETENCY
        if before.get(name) != after.get(name) and not may_change:
            yield f"{name} was {_shown(before.get(name))}, is {_shown(after.get(name))}"


def _named(record: Record) -> str:
    return f"record {record.record_id} of {record.personnel_id}"


def _shown(value: Json) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
