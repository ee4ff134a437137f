"""The signed attendance sheet: accepted file types, safe file names, and the state of an upload."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.errors import UnsupportedEvidence
from shared.domain.people import Person

MEBIBYTE = 1024 * 1024

# Finalizing waits this long for a newer sheet to be checked: an upload that was announced
# and never sent must not block the session (DESIGN §8).
CHECKING_TIME = timedelta(minutes=15)

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
WEBP = "image/webp"
HEIC = "image/heic"
CONTENT_TYPES = (PDF, JPEG, PNG, TIFF, WEBP, HEIC)
_OTHER_NAMES = {
    "image/jpg": JPEG,
    "image/pjpeg": JPEG,
    "image/heif": HEIC,
    "application/x-pdf": PDF,
}

ANOTHER_FILE = "The file that arrived is not the file that was announced. Upload it again."
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_LIMIT = 100


class EvidenceState(StrEnum):
    """The state of the latest upload."""

    NONE = "NONE"
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Upload:
    """
    A sheet that was announced; *upload_id* sorts by time, so the newest is the largest. *sha256*
    (hex) and *size_bytes* are those of the file that is to arrive; announcements of the first
    release do not say them all.
    """

    upload_id: str
    key: str
    file_name: str
    content_type: str
    uploaded_at: datetime
    uploaded_by: Person
    sha256: str | None = None
    size_bytes: int | None = None

    def still_checked(self, now: datetime) -> bool:
        return now < self.uploaded_at + CHECKING_TIME


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    An accepted sheet: one exact version of one object, and the SHA-256 (hex) of its bytes.

    *ends_early* is True if its last part is missing, None otherwise.
    """

    upload_id: str
    key: str
    version_id: str
    sha256: str
    content_type: str
    size_bytes: int
    file_name: str
    uploaded_at: datetime
    uploaded_by: Person
    ends_early: bool | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an upload was not accepted, in words for the admin."""

    upload_id: str
    file_name: str
    reason: str
    rejected_at: datetime


def evidence_state(
    sheet_upload_id: str | None, pending: Upload | None, rejection: Rejection | None, now: datetime
) -> EvidenceState:
    """The state of the latest upload; an earlier accepted sheet stays in force meanwhile."""
    if pending is not None and pending.still_checked(now):
        return EvidenceState.PENDING
    if rejection and (sheet_upload_id is None or sheet_upload_id < rejection.upload_id):
        return EvidenceState.REJECTED
    return EvidenceState.ACCEPTED if sheet_upload_id else EvidenceState.NONE


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """One exact version of one object in the evidence bucket."""

    key: str
    version_id: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """
    What the bucket itself knows of an object version; *bucket_sha256* may be missing.

    Who sent it is not read from it: whoever can write to the bucket can say anything there.
    """

    version: ObjectVersion
    content_type: str
    size_bytes: int
    stored_at: datetime
    bucket_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """The content of an object: its size and its SHA-256 (hex)."""

    size_bytes: int
    sha256: str


def new_upload_id(now: datetime, token: str) -> str:
    """An id that sorts by time to the microsecond and cannot be guessed."""
    return f"{now:%Y%m%dT%H%M%S%f}Z-{token}"


def safe_file_name(name: str) -> str:
    """
    Reduce a client's file name to one safe and still readable path segment.

    Folders and accents are removed, other unusual characters become "-". It has at most 100
    characters and keeps its ending. A name with no usable character becomes "sheet".
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    safe = _UNSAFE.sub("-", plain).strip("-.") or "sheet"
    stem, dot, ending = safe.rpartition(".")
    return safe if len(safe) <= _NAME_LIMIT else f"{stem[: _NAME_LIMIT - 11]}{dot}{ending[:10]}"


def accepted_type(declared: str) -> str:
    """
    The content type a client declared, by its registered name and without parameters.

    Raises:
        UnsupportedEvidence: A sheet cannot have this type.
    """
    name = declared.partition(";")[0].strip().lower()
    kind = _OTHER_NAMES.get(name, name)
    if kind not in CONTENT_TYPES:
        raise UnsupportedEvidence(
            f"A sheet cannot be of type {name or 'unknown'}. "
            "Upload a PDF or a picture (JPEG, PNG, TIFF, WebP, HEIC)."
        )
    return kind


def size_fault(size_bytes: int, max_bytes: int) -> str | None:
    """Say why a file of this size is not usable, in words for the admin; None if it may be."""
    if size_bytes == 0:
        return "The file is empty. Scan or photograph the sheet again."
    if size_bytes > max_bytes:
        return (
            f"The file has {size_bytes / MEBIBYTE:.1f} MiB; at most {max_bytes / MEBIBYTE:g} MiB "
            "are accepted. Scan it at a lower resolution."
        )
    return None


def arrival_fault(file: StoredFile, upload: Upload) -> str | None:
    """
    Say why *file* cannot be the announced one, in words for the admin, before its bytes are read;
    None if it can.
    """
    as_announced = (
        upload.size_bytes in (None, file.size_bytes) and upload.content_type == file.content_type
    )
    return None if as_announced else ANOTHER_FILE


def hash_fault(file: StoredFile, upload: Upload, sha256: str) -> str | None:
    """
    Say why a file with the hash *sha256* is not the announced one, in words for the admin; None if
    it agrees with every hash that was announced or computed before.
    """
    if any(said not in (None, sha256) for said in (upload.sha256, file.bucket_sha256)):
        return ANOTHER_FILE
    return None
