"""Uploading a sheet: announce it on the session, then store it or let the client store it."""

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from shared.application.ports.evidence import SignedRequest
from shared.application.ports.parts import WithEvidence, WithPause, WithSessions
from shared.application.retry import Decide, change_session
from shared.domain.audit import ChangeContext
from shared.domain.evidence import Upload
from shared.domain.upload import announced, withdrawn


class UploadEvidencePorts(WithSessions, WithEvidence, WithPause, Protocol):
    """The ports of an upload."""


@dataclass(frozen=True, slots=True)
class Promise:
    """The size and hash the client declares; the bucket refuses any other file."""

    size_bytes: int
    sha256: str


def store_sheet(
    session_id: str,
    upload: Upload,
    body: BinaryIO,
    change: ChangeContext,
    ports: UploadEvidencePorts,
) -> None:
    """
    Announce *upload* and store its bytes; S3's notification then starts the check.

    Announced first, so that the session is not finalized between the file's arrival and its check.

    Raises:
        NotFound: There is no such session.
        SessionCancelled, SessionAlreadyFinalized, FinalizationInProgress: It takes no sheet any
            more.
    """
    _announce(session_id, upload, change, ports)
    try:
        ports.evidence.put(upload, body)
    except Exception:
        _change(session_id, lambda session: withdrawn(session, upload.upload_id, change), ports)
        raise


def permit_upload(
    session_id: str,
    upload: Upload,
    promise: Promise,
    change: ChangeContext,
    ports: UploadEvidencePorts,
) -> SignedRequest:
    """
    Announce *upload* and return the permission to PUT exactly that file.

    Raises:
        NotFound: There is no such session.
        SessionCancelled, SessionAlreadyFinalized, FinalizationInProgress: It takes no sheet any
            more.
    """
    _announce(session_id, upload, change, ports)
    return ports.evidence.upload_link(upload, promise.size_bytes, promise.sha256)


def _announce(
    session_id: str, upload: Upload, change: ChangeContext, ports: UploadEvidencePorts
) -> None:
    _change(session_id, lambda session: announced(session, upload, change), ports)


def _change(session_id: str, decide: Decide, ports: UploadEvidencePorts) -> None:
    change_session(session_id, decide, ports.sessions, ports.pause)
