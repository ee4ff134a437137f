"""What is wrong with a file that was announced, if anything, and what becomes of its session."""

from dataclasses import dataclass
from typing import Protocol

from functions.hash_evidence.locked_pdf import LOCKED, needs_password
from shared.application.ports.parts import WithEvidence
from shared.application.retry import Decide
from shared.domain.audit import ChangeContext
from shared.domain.evidence import (
    Rejection,
    Sheet,
    StoredFile,
    Upload,
    arrival_fault,
    hash_fault,
    size_fault,
)
from shared.domain.reading import Reading
from shared.domain.signatures import type_fault
from shared.domain.upload import accepted, rejected


class JudgementPorts(WithEvidence, Protocol):
    """The ports of a judgement."""

    @property
    def evidence_max_bytes(self) -> int:
        """The size limit of a sheet."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An object that was announced, and the session in whose folder it lies."""

    session_id: str
    upload: Upload
    file: StoredFile


def judge(
    arrival: Arrival, change: ChangeContext, ports: JudgementPorts
) -> tuple[str | None, Decide]:
    """What is wrong with the file, and what becomes of its session if that still takes sheets."""
    file, upload = arrival.file, arrival.upload
    fault = size_fault(file.size_bytes, ports.evidence_max_bytes) or arrival_fault(file, upload)
    if fault is not None:
        # Rejected without reading: a file that is too large, or another one, is not worth it.
        return _refuse(upload, fault, change)
    reading = _read(arrival, ports)
    fault = _fault(arrival, reading, ports)
    if fault is not None:
        return _refuse(upload, fault, change)
    sheet = _sheet(arrival, reading)
    return None, lambda session: accepted(session, sheet, change)


def _read(arrival: Arrival, ports: JudgementPorts) -> Reading:
    reading = Reading(arrival.upload.content_type)
    for piece in ports.evidence.pieces(arrival.file.version):
        reading.feed(piece)
    return reading


def _fault(arrival: Arrival, reading: Reading, ports: JudgementPorts) -> str | None:
    file, upload = arrival.file, arrival.upload
    fault = hash_fault(file, upload, reading.sha256) or type_fault(
        reading.first_bytes, upload.content_type
    )
    if fault or not reading.names_encryption:
        return fault
    # Read again, whole: only its trailer says whether a password is needed, and few are encrypted.
    return LOCKED if needs_password(ports.evidence.pieces(file.version)) else None


def _refuse(upload: Upload, fault: str, change: ChangeContext) -> tuple[str, Decide]:
    rejection = Rejection(upload.upload_id, upload.file_name, fault, change.at)
    return fault, lambda session: rejected(session, rejection, change)


def _sheet(arrival: Arrival, reading: Reading) -> Sheet:
    file, upload = arrival.file, arrival.upload
    return Sheet(
        upload_id=upload.upload_id,
        key=file.version.key,
        version_id=file.version.version_id,
        sha256=reading.sha256,
        content_type=upload.content_type,
        size_bytes=file.size_bytes,
        file_name=upload.file_name,
        uploaded_at=file.stored_at,
        uploaded_by=upload.uploaded_by,
        ends_early=reading.ends_early or None,
    )
