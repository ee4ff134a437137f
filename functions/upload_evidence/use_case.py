"""
Taking in a sheet: announce it on the session, then store it or let the client store it.
"""

from dataclasses import dataclass
from typing import BinaryIO

from shared.domain.audit import Change
from shared.domain.change import Decision, change_session
from shared.domain.contention import Pause
from shared.domain.evidence import Upload
from shared.domain.ports import SessionStore
from shared.domain.sheets import EvidenceStore, SignedRequest
from shared.domain.upload import announced, withdrawn


@dataclass(frozen=True, slots=True)
class Taking:
    """
    The ports an upload works with.
    """

    sessions: SessionStore
    evidence: EvidenceStore
    pause: Pause


@dataclass(frozen=True, slots=True)
class Promise:
    """
    What the client says the file will be; the bucket holds it to that.
    """

    size_bytes: int
    sha256: str


def store_sheet(
    session_id: str, upload: Upload, body: BinaryIO, change: Change, using: Taking
) -> None:
    """
    Announce *upload* and store its bytes; the check of what they are follows by itself.

    Announced first, so that nobody finalizes between the file's arrival and its check.

    Raises:
        NotFound: There is no such session.
        SessionCancelled, SessionFinalized, FinalizationInProgress: It takes no sheet any more.
    """
    _announce(session_id, upload, change, using)
    try:
        using.evidence.put(upload, body)
    except Exception:
        _change(session_id, lambda session: withdrawn(session, upload.upload_id, change), using)
        raise


def permit_upload(
    session_id: str, upload: Upload, promise: Promise, change: Change, using: Taking
) -> SignedRequest:
    """
    Announce *upload* and return the permission to PUT exactly that file.

    Raises:
        NotFound: There is no such session.
        SessionCancelled, SessionFinalized, FinalizationInProgress: It takes no sheet any more.
    """
    _announce(session_id, upload, change, using)
    return using.evidence.upload_link(upload, promise.size_bytes, promise.sha256)


def _announce(session_id: str, upload: Upload, change: Change, using: Taking) -> None:
    _change(session_id, lambda session: announced(session, upload, change), using)


def _change(session_id: str, decide: Decision, using: Taking) -> None:
    change_session(session_id, decide, using.sessions, using.pause)
