"""
What a session was when it was decided, told by its audit trail alone.

Each entry names the values before and after a change, so the entries up to the decision add up to
what the decision was made on. Whoever changes the database without an entry, and even puts it back
later, changes what is signed and not what the trail tells: the two are held against each other.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from shared.domain.audit import Action, AuditEntry, changes_in, content_of
from shared.domain.canonical import Json, flat, sha256
from shared.domain.names import shown

# The names in a trail and those of the same values in a manifest. Entries and manifests of every
# version so far have these names, and keep them (docs/decisions/0026).
_SESSION = {
    "details.courseId": "session.courseId",
    "details.title": "session.title",
    "details.startsAt": "session.startsAt",
    "details.endsAt": "session.endsAt",
    "details.timezone": "session.timezone",
    "details.trainer.id": "session.trainer.id",
    "details.trainer.name": "session.trainer.name",
    "details.trainer.qualification": "session.trainer.qualification",
    "details.location": "session.location",
    "sheet.uploadId": "evidence.uploadId",
    "sheet.key": "evidence.key",
    "sheet.versionId": "evidence.versionId",
    "sheet.sha256": "evidence.sha256",
    "sheet.contentType": "evidence.contentType",
    "sheet.sizeBytes": "evidence.sizeBytes",
    "sheet.fileName": "evidence.fileName",
    "sheet.uploadedAt": "evidence.uploadedAt",
    "sheet.uploadedBy.id": "evidence.uploadedBy.id",
    "sheet.uploadedBy.name": "evidence.uploadedBy.name",
    "finalization.manifestSha256": "manifestSha256",
}
# Entries and manifests of the first release do not say who was never marked.
_MARKED = "isMarked"
_PERSON = ("personnelId", "name", "jobTitle", "isPresent", "hasPassed", "remarks", _MARKED)

_Values = dict[tuple[str, str], Json]


class _Change(NamedTuple):
    subject: str
    field: str
    old: Json
    new: Json


def untold(manifest: bytes, signed: Json, entries: Iterable[AuditEntry]) -> list[str]:
    """
    Say where a manifest, and what is *signed* in it, differs from what the trail tells, and where
    the trail tells of a change from a value that it had not told of.
    """
    told: _Values = {}
    faults = [*_told(entries, told)]
    stated = {**_stated(signed), ("", "manifestSha256"): sha256(manifest)}
    for subject, name in sorted(told.keys() | stated.keys()):
        by_trail, by_manifest = told.get((subject, name)), stated.get((subject, name))
        if by_trail != by_manifest and not (name == _MARKED and None in (by_trail, by_manifest)):
            faults.append(
                f"{_place(subject, name)}: the audit trail tells {shown(by_trail)}, "
                f"the manifest {shown(by_manifest)}"
            )
    return faults


def departed(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """Whoever left the list, by the trail, once for each time."""
    for entry in entries:
        for change in _changes(content_of(entry.content)):
            if change.subject and change.field == "personnelId" and change.new is None:
                yield change.subject


def _told(entries: Iterable[AuditEntry], told: _Values) -> Iterator[str]:
    """Add up *entries* until the decision in *told*; the faults are what does not follow."""
    for entry in entries:
        content = content_of(entry.content)
        for change in _changes(content):
            place = (change.subject, change.field)
            if told.get(place) != change.old:
                yield (
                    f"entry {entry.sequence} changes {_place(*place)} from {shown(change.old)}, "
                    f"but nobody had set that: it was {shown(told.get(place))}"
                )
            told[place] = change.new
        if content.get("action") == Action.FINALIZED:
            return


def _changes(content: Mapping[str, Json]) -> Iterator[_Change]:
    """The changes of what a manifest states, by its names; what is damaged says nothing."""
    for one in changes_in(content):
        match one:
            case {"subject": "", "field": str(field), "old": old, "new": new} if field in _SESSION:
                yield _Change("", _SESSION[field], old, new)
            case {"subject": str(person), "field": str(field), "old": old, "new": new} if (
                person and field in _PERSON
            ):
                yield _Change(person, field, old, new)


def _stated(manifest: Json) -> _Values:
    """The same values as a manifest states them."""
    if not isinstance(manifest, Mapping):
        return {}
    values = flat({part: manifest.get(part) for part in ("session", "evidence")})
    stated: _Values = {("", name): values.get(name) for name in _SESSION.values()}
    people = manifest.get("attendees")
    for person in people if isinstance(people, list) else ():
        subject = str(person["personnelId"])
        stated |= {(subject, name): person.get(name) for name in _PERSON}
    return stated


def _place(subject: str, name: str) -> str:
    return f"attendees[{subject}].{name}" if subject else name
