"""Sheets under faults: handed in, checked, refused, late."""

import hashlib
from enum import StrEnum
from io import BytesIO

from functions.hash_evidence.use_case import Checking, Fate, hash_evidence
from functions.upload_evidence.use_case import Taking, store_sheet
from shared.domain.change import change_session
from shared.domain.evidence import EvidenceKey, ObjectVersion, Sheet, Upload, new_upload_id
from shared.domain.session import Session
from shared.domain.upload import accepted
from shared.runtime import wiring
from tests import builders
from tests.builders import JPEG_BYTES, NOW, PDF_BYTES
from tests.faults.matrix import Story
from tests.faults.presses import finalize_anew
from tests.faults.stage import BUCKET, Scene, client, opened

MOST_BYTES = 1024 * 1024


class Uploading(Story):
    """A trainer hands in a sheet through the API."""

    def __init__(self, endpoint: str) -> None:
        self.scene = opened(1)
        self._endpoint = endpoint
        self._before = _session(self.scene).sheet
        self._latest = _upload(self.scene, 1)

    def attempt(self) -> None:
        """Hand the sheet in."""
        _hand_in(self._latest, self.scene)

    def inspect(self) -> None:
        """The sheet accepted earlier stays in force until another one is checked."""
        assert _session(self.scene).sheet == self._before

    def recover(self) -> None:
        """Hand it in again, which is another upload."""
        self._latest = _upload(self.scene, 2)
        _hand_in(self._latest, self.scene)

    def verify(self) -> None:
        """The file is there, whole and once, and accepted when S3 tells of it."""
        (version,) = _versions(self._latest, self._endpoint)
        _check(version)
        assert _sheet_hash(self.scene) == _sha256(PDF_BYTES)


def accept_a_sheet(scene: Scene, endpoint: str) -> None:
    """Hand in a real sheet, and have it checked."""
    upload = _upload(scene, 1)
    _hand_in(upload, scene)
    (version,) = _versions(upload, endpoint)
    assert _check(version) is Fate.ACCEPTED


class Kind(StrEnum):
    """What becomes of a sheet."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LATE = "late"


class Checked(Story):
    """S3 tells of a sheet, and tells again if the function failed."""

    refusals = (Exception,)
    intruders = ("a newer sheet is accepted",)

    def __init__(self, kind: Kind, endpoint: str) -> None:
        self.scene = opened(1)
        self._kind = kind
        self._endpoint = endpoint
        self._data = JPEG_BYTES if kind is Kind.REJECTED else PDF_BYTES
        if kind is Kind.LATE:
            finalize_anew(self.scene)
        self._before = _session(self.scene).sheet
        self._upload = _upload(self.scene, 1)
        self._is_superseded = False
        wiring.evidence().put(self._upload, BytesIO(self._data))
        (self._version,) = _versions(self._upload, endpoint)

    def attempt(self) -> None:
        """Check the sheet."""
        _check(self._version)

    def inspect(self) -> None:
        """The sheet in force is the one before, or this one with its own bytes' SHA-256."""
        assert _session(self.scene).sheet in (self._before, self._expected())

    def recover(self) -> None:
        """S3 tells again."""
        _check(self._version)

    def verify(self) -> None:
        """The outcome is noted on the session or, if it has no place there, on the object."""
        session = _session(self.scene)
        in_force = self._kind is Kind.ACCEPTED or self._is_superseded
        assert session.sheet == (self._expected() if in_force else self._before)
        noted = session.rejection.upload_id if session.rejection else None
        assert noted == (self._upload.upload_id if self._kind is Kind.REJECTED else None)
        assert self._label() == (None if self._kind is Kind.ACCEPTED else self._kind.value)
        assert _check(self._version) in (Fate.UNCHANGED, Fate.LATE)
        assert _session(self.scene) == session

    def intrude(self, intruder: str) -> None:  # noqa: ARG002 - there is only one
        """Accept a newer sheet, which this one must not replace."""
        newer = builders.a_sheet(20)
        change_session(
            self.scene.session_id,
            lambda session: accepted(session, newer, builders.a_change("newer")),
            wiring.sessions(),
            wiring.pause,
        )
        self._is_superseded = True

    def _expected(self) -> Sheet:
        if self._is_superseded:
            return builders.a_sheet(20)
        file = wiring.evidence().describe(self._version)
        assert file is not None
        return Sheet(
            upload_id=self._upload.upload_id,
            key=self._version.key,
            version_id=self._version.version_id,
            sha256=_sha256(self._data),
            content_type=file.content_type,
            size_bytes=len(self._data),
            file_name=file.file_name,
            uploaded_at=file.stored_at,
            uploaded_by=file.uploaded_by,
        )

    def _label(self) -> str | None:
        tags = client("s3", self._endpoint).get_object_tagging(
            Bucket=BUCKET, Key=self._version.key, VersionId=self._version.version_id
        )["TagSet"]
        return next((str(tag["Value"]) for tag in tags if tag["Key"] == "evidence"), None)


def _upload(scene: Scene, minute: int) -> Upload:
    upload_id = new_upload_id(NOW, f"{minute:016x}")
    key = EvidenceKey(scene.session_id, upload_id, "sheet.pdf")
    return builders.an_upload(minute, upload_id=upload_id, key=str(key), uploaded_at=NOW)


def _hand_in(upload: Upload, scene: Scene) -> None:
    using = Taking(wiring.sessions(), wiring.evidence(), wiring.pause)
    store_sheet(scene.session_id, upload, BytesIO(PDF_BYTES), builders.a_change(), using)


def _check(version: ObjectVersion) -> Fate:
    using = Checking(wiring.sessions(), wiring.evidence(), wiring.trail(), MOST_BYTES, wiring.pause)
    return hash_evidence(version, builders.a_change("check"), using)


def _versions(upload: Upload, endpoint: str) -> list[ObjectVersion]:
    found = client("s3", endpoint).list_object_versions(Bucket=BUCKET, Prefix=upload.key)
    return [ObjectVersion(upload.key, version["VersionId"]) for version in found["Versions"]]


def _session(scene: Scene) -> Session:
    return wiring.sessions().load(scene.session_id)


def _sheet_hash(scene: Scene) -> str | None:
    sheet = _session(scene).sheet
    return sheet.sha256 if sheet else None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
