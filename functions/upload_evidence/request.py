"""
The two bodies of POST /sessions/{sessionId}/evidence: a file as multipart, or its description as
JSON.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from quopri import decodestring
from typing import Annotated

from multipart import MultipartError, MultipartParser, MultipartPart, parse_options_header
from pydantic import Field, StringConstraints

from functions.upload_evidence.sent_name import ANY_BYTES, sent_name
from shared.contracts.body import Body
from shared.contracts.fields import Name
from shared.domain.errors import EvidenceTooLarge, FieldError, InvalidRequest, UnsupportedEvidence
from shared.domain.evidence import MEBIBYTE, accepted_type, size_fault
from shared.domain.names import name_fault
from shared.domain.signatures import no_sheet_fault, sniffed_type

_UNDECLARED = {"", "application/octet-stream"}
_TRANSFER: Mapping[str, Callable[[bytes], bytes]] = {
    "base64": b64decode,
    "quoted-printable": decodestring,
}

FileName = Annotated[str, StringConstraints(min_length=1, max_length=300), Name]


class DescribedFile(Body):
    """A file the client will send to the bucket itself."""

    file_name: FileName
    content_type: Annotated[str, Field(max_length=100)]
    size_bytes: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with the request."""

    file_name: str
    content_type: str
    body: BytesIO


def require_size(size_bytes: int, max_bytes: int) -> None:
    """
    Raises:
        EvidenceTooLarge: Before anything is stored.
    """
    fault = size_fault(size_bytes, max_bytes)
    if fault is not None:
        raise EvidenceTooLarge(fault)


def sent_file(content_type: str, body: bytes, max_bytes: int) -> SentFile:
    """
    Read the one file part named `file`, of at most *max_bytes*.

    Raises:
        InvalidRequest: There is not exactly one such part, or it is empty.
        EvidenceTooLarge: It is larger than a request through the API may be.
        UnsupportedEvidence: It is neither a PDF nor a picture.
    """
    part = _only_file(content_type, body)
    data = _content(part)
    if not data:
        raise _bad_part("The file is empty. Scan or photograph the sheet again.")
    if len(data) > max_bytes:
        raise EvidenceTooLarge(
            f"Through the API a file may have {max_bytes // MEBIBYTE} MiB at most. "
            "For a larger one, POST its description to this address as JSON "
            "{fileName, contentType, sizeBytes, sha256}; the answer tells where to PUT it."
        )
    return SentFile(_name(part), accepted_type(_declared(part, data)), BytesIO(data))


def _only_file(content_type: str, body: bytes) -> MultipartPart:
    boundary = parse_options_header(content_type)[1].get("boundary", "")
    try:
        # Kept in memory, where the body already is; files on disk would have to be deleted.
        whole = len(body) + 1
        parser = MultipartParser(
            BytesIO(body), boundary, charset=ANY_BYTES, spool_limit=whole, memory_limit=whole
        )
        files = [part for part in parser.parts() if sent_name(part.disposition) is not None]
    except (MultipartError, ValueError) as error:
        raise _bad_part("The multipart body cannot be read. Send it again.") from error
    if [part.name for part in files] != ["file"]:
        raise _bad_part("Send exactly one file, in a part named 'file'.")
    return files[0]


def _content(part: MultipartPart) -> bytes:
    """The bytes of the file; browsers send them as they are, old programs may not."""
    decode = _TRANSFER.get(part.headers.get("Content-Transfer-Encoding", "").strip().lower())
    try:
        raw: bytes = part.raw
        return decode(raw) if decode else raw
    except ValueError as error:
        raise _bad_part("The file did not arrive whole. Send it again.") from error


def _name(part: MultipartPart) -> str:
    name = (sent_name(part.disposition) or "")[-300:] or "sheet"
    fault = name_fault(name)
    if fault:
        raise _bad_part(f"The file has a name that cannot be shown. {fault}. Rename the file.")
    return name


def _declared(part: MultipartPart, data: bytes) -> str:
    declared: str = part.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if declared not in _UNDECLARED:
        return declared
    # Some browsers do not know the type of a HEIC picture; its first bytes show it.
    kind = sniffed_type(data)
    if kind is None:
        raise UnsupportedEvidence(no_sheet_fault(data))
    return kind


def _bad_part(detail: str) -> InvalidRequest:
    return InvalidRequest(detail, [FieldError("/file", detail)])
