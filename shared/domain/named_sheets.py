"""The sheets that a trail names: whatever was accepted or came late stays, also if it is unused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.domain.audit import Action, AuditEntry, changes_of
from shared.domain.evidence import ObjectVersion

# Each is looked for by itself, in 20 ms or so: 4 s of the 29 that a request has.
MOST = 200
_LATE = "?versionId="


@dataclass(frozen=True, slots=True)
class NamedSheet:
    """An object version, and the number of the entry that tells that it was accepted or late."""

    sequence: int
    version: ObjectVersion

    @property
    def loss(self) -> str:
        key, version_id = self.version.key, self.version.version_id
        return f"{key}, version {version_id}, of which entry {self.sequence} tells, is gone"


def named_sheets(entries: Iterable[AuditEntry]) -> list[NamedSheet]:
    """Every sheet that *entries* tell was accepted, or came late, in their order."""
    return [
        NamedSheet(entry.sequence, version)
        for entry in entries
        if entry.action in {Action.SHEET_ACCEPTED, Action.SHEET_LATE}
        for version in _versions_in(entry)
    ]


def _versions_in(entry: AuditEntry) -> Iterator[ObjectVersion]:
    said = {str(one.get("field")): one.get("new") for one in changes_of(entry.content)}
    key, version_id = said.get("sheet.key"), said.get("sheet.versionId")
    if isinstance(key, str) and isinstance(version_id, str):
        yield ObjectVersion(key, version_id)
    late_key, found, late_version = str(said.get("lateSheet")).rpartition(_LATE)
    if found:
        yield ObjectVersion(late_key, late_version)
