"""
The signed attendance sheet: which files are one, how they are named and what becomes of an upload.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.errors import UnsupportedEvidence
from shared.domain.people import Person

MEBIBYTE = 1024 * 1024

# While a newer sheet is being checked, finalizing waits for it, but not for ever:
# an upload that was announced and never sent must not block the session (DESIGN §8).
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

_SIGNATURES = (
    (PDF, re.compile(rb"%PDF-")),
    (JPEG, re.compile(rb"\xff\xd8\xff")),
    (PNG, re.compile(rb"\x89PNG\r\n\x1a\n")),
    (TIFF, re.compile(rb"II\*\x00|MM\x00\*")),
    (WEBP, re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    (HEIC, re.compile(rb".{4}ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.DOTALL)),
)

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_LIMIT = 100
_KEY = re.compile(r"evidence/(?P<session_id>[^/]+)/(?P<upload_id>[^/]+)/(?P<file_name>[^/]+)")


class EvidenceState(StrEnum):
    """
    Where the latest upload stands.
    """

    NONE = "NONE"
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Upload:
    """
    A sheet somebody announced or sent; *upload_id* sorts by time, so the newest is the largest.
    *sha256* (hex) is what its bytes were said to hash to.
    """

    upload_id: str
    key: str
    file_name: str
    content_type: str
    uploaded_at: datetime
    uploaded_by: Person
    sha256: str | None = None

    def still_checked(self, now: datetime) -> bool:
        return now < self.uploaded_at + CHECKING_TIME


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    An accepted sheet: one exact version of one object, and the SHA-256 (hex) of its bytes.
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


@dataclass(frozen=True, slots=True)
class Rejection:
    """
    Why an upload was not accepted, in words for the admin.
    """

    upload_id: str
    file_name: str
    reason: str
    rejected_at: datetime


def evidence_state(
    sheet_upload_id: str | None, pending: Upload | None, rejection: Rejection | None, now: datetime
) -> EvidenceState:
    """
    Where the latest upload stands; an earlier accepted sheet stays in force meanwhile.
    """
    if pending is not None and pending.still_checked(now):
        return EvidenceState.PENDING
    if rejection and (sheet_upload_id is None or sheet_upload_id < rejection.upload_id):
        return EvidenceState.REJECTED
    return EvidenceState.ACCEPTED if sheet_upload_id else EvidenceState.NONE


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """
    One exact version of one object in the evidence bucket.
    """

    key: str
    version_id: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """
    What the bucket knows about an object version besides its bytes. *announced_sha256* is what
    whoever sent it said, *bucket_sha256* what the bucket computed itself, as far as there is one.
    """

    version: ObjectVersion
    content_type: str
    size_bytes: int
    stored_at: datetime
    file_name: str
    uploaded_by: Person
    announced_sha256: str | None = None
    bucket_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """
    What was found in an object: the first bytes, the number of bytes and their SHA-256 (hex).
    """

    first_bytes: bytes
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class EvidenceKey:
    """
    The name of a sheet in the bucket, which says whose it is and when it came.
    """

    session_id: str
    upload_id: str
    file_name: str

    def __str__(self) -> str:
        return f"evidence/{self.session_id}/{self.upload_id}/{self.file_name}"

    @classmethod
    def parse(cls, key: str) -> "EvidenceKey | None":
        """
        Read a key back; None if the object is not a sheet of ours.
        """
        match = _KEY.fullmatch(key)
        return cls(**match.groupdict()) if match else None


def new_upload_id(now: datetime, token: str) -> str:
    """
    An id that sorts by time to the microsecond and that nobody can guess.
    """
    return f"{now:%Y%m%dT%H%M%S%f}Z-{token}"


def safe_file_name(name: str) -> str:
    """
    Reduce a client's file name to one harmless path segment that still reads like it.

    Folders are dropped, accents flattened, anything unusual becomes "-"; at most 100 characters,
    the ending kept. A name with nothing usable in it becomes "sheet".
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    safe = _UNSAFE.sub("-", plain).strip("-.") or "sheet"
    stem, dot, ending = safe.rpartition(".")
    return safe if len(safe) <= _NAME_LIMIT else f"{stem[: _NAME_LIMIT - 11]}{dot}{ending[:10]}"


def accepted_type(declared: str) -> str:
    """
    The content type a client declared, under its registered name and without parameters.

    Raises:
        UnsupportedEvidence: It is none that a sheet may have.
    """
    name = declared.partition(";")[0].strip().lower()
    kind = _OTHER_NAMES.get(name, name)
    if kind not in CONTENT_TYPES:
        raise UnsupportedEvidence(
            f"A sheet cannot be of type {name or 'unknown'}. "
            "Upload a PDF or a picture (JPEG, PNG, TIFF, WebP, HEIC)."
        )
    return kind


def sniffed_type(first_bytes: bytes) -> str | None:
    """
    The content type a file's first bytes betray; None if it is none of those we accept.
    """
    return next((kind for kind, signature in _SIGNATURES if signature.match(first_bytes)), None)


def size_fault(size_bytes: int, max_bytes: int) -> str | None:
    """
    Say why a file of this size is no usable sheet, in words for the admin; None if it may be one.
    """
    if size_bytes == 0:
        return "The file is empty. Scan or photograph the sheet again."
    if size_bytes > max_bytes:
        return (
            f"The file has {size_bytes / MEBIBYTE:.1f} MiB; at most {max_bytes / MEBIBYTE:g} MiB "
            "are accepted. Scan it at a lower resolution."
        )
    return None


def hash_fault(file: StoredFile, sha256: str) -> str | None:
    """
    Say why a file that hashes to *sha256* is not the one that was sent, in words for the admin;
    None if it is, as far as anybody said.
    """
    if any(said not in (None, sha256) for said in (file.announced_sha256, file.bucket_sha256)):
        return "The file that arrived is not the file that was announced. Upload it again."
    return None


def type_fault(first_bytes: bytes, declared_type: str) -> str | None:
    """
    Say why a file is not what it claims to be, in words for the admin; None if it is.

    The bytes decide, not the client's word: whoever opens the file years later must see what was
    signed.
    """
    found = sniffed_type(first_bytes)
    if found is None:
        return "The file is neither a PDF nor a picture (JPEG, PNG, TIFF, WebP, HEIC)."
    if found != declared_type:
        return (
            f"The file claims to be {declared_type}, but its content is {found}. "
            "Save it under its right type and upload it again."
        )
    return None
