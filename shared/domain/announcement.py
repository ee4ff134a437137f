"""
What an announcement says of a sheet: the one thing about an arriving object that is believed.

Whoever can write to the bucket can put any object under any key, with any name on it. So who sent a
sheet, which file it is, and that it was to come at all is read from the entry of the audit trail
that was written before its bytes came.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from shared.domain.audit import Action, AuditEntry, FieldChange, changes_of
from shared.domain.canonical import Json, as_json, canonical, flat, moment
from shared.domain.evidence import ObjectVersion, Sheet, StoredFile, Upload
from shared.domain.people import Person
from shared.domain.tampering import Tampering

UNANNOUNCED = "Nobody announced this object."
UNLIKE = "This object is not the file that was announced."
_PENDING = "pending"
_UPLOAD_ID = "pending.uploadId"
_NAMED_BY = {
    Action.SHEET_ANNOUNCED: _UPLOAD_ID,
    Action.SHEET_ACCEPTED: "sheet.uploadId",
    Action.SHEET_REJECTED: "rejection.uploadId",
}
_REQUIRED = {
    _UPLOAD_ID,
    "pending.key",
    "pending.fileName",
    "pending.contentType",
    "pending.uploadedAt",
    "pending.uploadedBy.id",
    "pending.uploadedBy.name",
}


def said_of(upload: Upload, replaced: Upload | None = None) -> list[FieldChange]:
    """What an entry says of *upload*: every value, even one that *replaced* has as well."""
    old = {} if replaced is None else flat(as_json(replaced), _PENDING)
    new = flat(as_json(upload), _PENDING)
    return [
        FieldChange("", name, old.get(name), new.get(name)) for name in sorted(old.keys() | new)
    ]


def announced_in(entries: Iterable[AuditEntry], upload_id: str) -> Upload | None:
    """
    The announcement of an upload in a trail whose *entries* are read from the last one backwards;
    None if there is none.

    Entries of the first release leave out what an upload shares with the one it replaced, which is
    in the announcement before.
    """
    found: Mapping[str, Json] = {}
    for entry in entries:
        if entry.action is not Action.SHEET_ANNOUNCED:
            continue
        said = _said_in(entry)
        if found or said.get(_UPLOAD_ID) == upload_id:
            found = {**said, **found}
        if found.keys() >= _REQUIRED:
            return _upload(found)
    return None


def decided_in(entries: Iterable[AuditEntry], upload_id: str) -> Action | None:
    """
    Whether the upload was accepted or rejected, in a trail whose *entries* are read from the last
    one backwards; None if it was neither since its announcement.
    """
    for entry in entries:
        named = _NAMED_BY.get(entry.action) if entry.action else None
        if named is not None and _said_in(entry).get(named) == upload_id:
            return None if entry.action is Action.SHEET_ANNOUNCED else entry.action
    return None


def stray_reason(file: StoredFile, upload: Upload | None, sheet: Sheet | None) -> str | None:
    """
    Say why an object is nobody's sheet, given the announcement of its upload and the accepted sheet
    of its session; None if it is the one that was announced.
    """
    if upload is None or upload.key != file.version.key:
        return UNANNOUNCED
    if sheet and sheet.key == file.version.key and sheet.version_id != file.version.version_id:
        return "This object was put over an accepted sheet."
    return None


def stray_note(session_id: str, file: StoredFile, reason: str) -> bytes:
    """The note of an object that is nobody's sheet; the same whenever it is written."""
    return canonical(
        {
            "noteVersion": 1,
            "sessionId": session_id,
            "kind": Tampering.OBJECT_STRAY,
            "what": reason,
            "key": file.version.key,
            "versionId": file.version.version_id,
            "sizeBytes": file.size_bytes,
            "storedAt": moment(file.stored_at),
        }
    )


def is_in_force(version: ObjectVersion, sheet: Sheet | None) -> bool:
    """True if *version* is the accepted sheet itself."""
    return sheet is not None and ObjectVersion(sheet.key, sheet.version_id) == version


def _said_in(entry: AuditEntry) -> dict[str, Json]:
    said = changes_of(entry.content)
    return {str(one.get("field")): one.get("new") for one in said if not one.get("subject")}


def _upload(said: Mapping[str, Json]) -> Upload:
    size_bytes, sha256 = said.get("pending.sizeBytes"), said.get("pending.sha256")
    return Upload(
        upload_id=str(said[_UPLOAD_ID]),
        key=str(said["pending.key"]),
        file_name=str(said["pending.fileName"]),
        content_type=str(said["pending.contentType"]),
        uploaded_at=datetime.fromisoformat(str(said["pending.uploadedAt"])),
        uploaded_by=Person(
            str(said["pending.uploadedBy.id"]), str(said["pending.uploadedBy.name"])
        ),
        sha256=sha256 if isinstance(sha256, str) else None,
        size_bytes=size_bytes if isinstance(size_bytes, int) else None,
    )
