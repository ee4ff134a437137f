"""Sheets under faults: uploaded, checked, rejected, late."""

import hashlib
from enum import StrEnum
from io import BytesIO

from functions.hash_evidence.use_case import CheckOutcome, hash_evidence
from functions.upload_evidence.use_case import store_sheet
from shared.application.ports.evidence import SheetAddress
from shared.application.retry import change_session
from shared.domain.evidence import ObjectVersion, Sheet, Upload, new_upload_id
from shared.domain.session import Session
from shared.domain.upload import accepted, announced
from shared.storage.evidence import key_of
from testing import builders
from testing.builders import JPEG_BYTES, NOW, PDF_BYTES
from tests.faults.commands import LATER, finalize_anew
from tests.faults.environment import BUCKET, PreparedSession, client, opened, wiring
from tests.faults.matrix import Trial


class Uploading(Trial):
    """A trainer uploads a sheet through the API."""

    def __init__(self, endpoint: str) -> None:
        self.prepared = opened(1)
        self._endpoint = endpoint
        self._before = _session(self.prepared).sheet
        self._latest = _upload(self.prepared, 1)

    def attempt(self) -> None:
        """Upload the sheet."""
        _hand_in(self._latest, self.prepared)

    def inspect(self) -> None:
        """The sheet accepted earlier stays in force until another one is checked."""
        assert _session(self.prepared).sheet == self._before

    def recover(self) -> None:
        """Upload it again, under another upload id."""
        self._latest = _upload(self.prepared, 2)
        _hand_in(self._latest, self.prepared)

    def verify(self) -> None:
        """The file is stored whole and once, and is accepted after the event of S3."""
        (version,) = _versions(self._latest, self._endpoint)
        _check(version)
        assert _sheet_hash(self.prepared) == _sha256(PDF_BYTES)


def accept_a_sheet(prepared: PreparedSession, endpoint: str) -> None:
    """Upload a real sheet, and have it checked."""
    upload = _upload(prepared, 1)
    _hand_in(upload, prepared)
    (version,) = _versions(upload, endpoint)
    assert _check(version) is CheckOutcome.ACCEPTED


AGAIN = (CheckOutcome.UNCHANGED, CheckOutcome.LATE, CheckOutcome.STRAY)


class Kind(StrEnum):
    """The outcome of a sheet."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LATE = "late"
    STRAY = "stray"


class Checked(Trial):
    """S3 sends the event of a sheet, and sends it again if the function failed."""

    refusals = (Exception,)
    intruders = ("a newer sheet is accepted",)

    def __init__(self, kind: Kind, endpoint: str) -> None:
        self.prepared = opened(1)
        self._kind = kind
        self._endpoint = endpoint
        self._data = JPEG_BYTES if kind is Kind.REJECTED else PDF_BYTES
        self._upload = _upload(self.prepared, 1)
        if kind is not Kind.STRAY:
            announce(self._upload, self.prepared)
        if kind is Kind.LATE:
            finalize_anew(self.prepared, LATER)
        self._before = _session(self.prepared).sheet
        self._is_superseded = False
        wiring().evidence.put(self._upload, BytesIO(self._data))
        (self._version,) = _versions(self._upload, endpoint)

    def attempt(self) -> None:
        """Check the sheet."""
        _check(self._version)

    def inspect(self) -> None:
        """The sheet in force is the one before, or this one with the SHA-256 of its bytes."""
        assert _session(self.prepared).sheet in (self._before, self._expected())

    def recover(self) -> None:
        """S3 sends the event again."""
        _check(self._version)

    def verify(self) -> None:
        """The outcome is on the session or, if it has no place there, on the object."""
        session = _session(self.prepared)
        in_force = self._kind is Kind.ACCEPTED or self._is_superseded
        assert session.sheet == (self._expected() if in_force else self._before)
        noted = session.rejection.upload_id if session.rejection else None
        assert noted == (self._upload.upload_id if self._kind is Kind.REJECTED else None)
        is_tagged = self._kind in (Kind.REJECTED, Kind.LATE)
        assert self._tag() == (self._kind.value if is_tagged else None)
        assert self._notes() == (1 if self._kind is Kind.STRAY else 0)
        assert _check(self._version) in AGAIN
        assert _session(self.prepared) == session

    def intrude(self, intruder: str) -> None:  # noqa: ARG002 - there is only one
        """Accept a newer sheet, which this one must not replace."""
        newer = builders.a_sheet(20)
        change_session(
            self.prepared.session_id,
            lambda session: accepted(session, newer, builders.a_change("newer")),
            wiring().sessions,
            wiring().pause,
        )
        self._is_superseded = True

    def _expected(self) -> Sheet:
        if self._is_superseded:
            return builders.a_sheet(20)
        file = wiring().evidence.describe(self._version)
        assert file is not None
        return Sheet(
            upload_id=self._upload.upload_id,
            key=self._version.key,
            version_id=self._version.version_id,
            sha256=_sha256(self._data),
            content_type=self._upload.content_type,
            size_bytes=len(self._data),
            file_name=self._upload.file_name,
            uploaded_at=file.stored_at,
            uploaded_by=self._upload.uploaded_by,
        )

    def _notes(self) -> int:
        prefix = f"tampering/{self.prepared.session_id}/"
        found = client("s3", self._endpoint).list_object_versions(Bucket=BUCKET, Prefix=prefix)
        return len(found.get("Versions", []))

    def _tag(self) -> str | None:
        tags = client("s3", self._endpoint).get_object_tagging(
            Bucket=BUCKET, Key=self._version.key, VersionId=self._version.version_id
        )["TagSet"]
        return next((str(tag["Value"]) for tag in tags if tag["Key"] == "evidence"), None)


def announce(upload: Upload, prepared: PreparedSession) -> None:
    """Let the session wait for *upload*."""
    change_session(
        prepared.session_id,
        lambda session: announced(session, upload, builders.a_change("announced")),
        wiring().sessions,
        wiring().pause,
    )


def _upload(prepared: PreparedSession, minute: int) -> Upload:
    upload_id = new_upload_id(NOW, f"{minute:016x}")
    key = key_of(SheetAddress(prepared.session_id, upload_id, "sheet.pdf"))
    return builders.an_upload(minute, upload_id=upload_id, key=key, uploaded_at=NOW)


def _hand_in(upload: Upload, prepared: PreparedSession) -> None:
    store_sheet(prepared.session_id, upload, BytesIO(PDF_BYTES), builders.a_change(), wiring())


def _check(version: ObjectVersion) -> CheckOutcome:
    return hash_evidence(version, builders.a_change("check"), wiring())


def _versions(upload: Upload, endpoint: str) -> list[ObjectVersion]:
    found = client("s3", endpoint).list_object_versions(Bucket=BUCKET, Prefix=upload.key)
    return [ObjectVersion(upload.key, version["VersionId"]) for version in found["Versions"]]


def _session(prepared: PreparedSession) -> Session:
    return wiring().sessions.load(prepared.session_id)


def _sheet_hash(prepared: PreparedSession) -> str | None:
    sheet = _session(prepared).sheet
    return sheet.sha256 if sheet else None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
