"""
The two bodies of POST /sessions/{sessionId}/evidence: a file as multipart, or its description as
JSON.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Annotated

from pydantic import Field, StringConstraints
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import File, create_form_parser

from shared.contracts.body import Body
from shared.domain.errors import EvidenceTooLarge, FieldError, InvalidRequest
from shared.domain.evidence import MEBIBYTE, accepted_type, size_fault, sniffed_type

# Lambda takes requests of 6 MB. A file in one grows by a third on the way, as base64.
MULTIPART_LIMIT = 4 * MEBIBYTE

_UNTOLD = {"", "application/octet-stream"}

FileName = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class DescribedFile(Body):
    """
    A file the client will send to the bucket itself.
    """

    file_name: FileName
    content_type: Annotated[str, Field(max_length=100)]
    size_bytes: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]


@dataclass(frozen=True, slots=True)
class SentFile:
    """
    A file that came with the request.
    """

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


def sent_file(content_type: str, body: bytes) -> SentFile:
    """
    Read the one file part named `file`.

    Raises:
        InvalidRequest: There is not exactly one such part, or it is empty.
        EvidenceTooLarge: It is larger than a request through the API carries.
        UnsupportedEvidence: It is no PDF and no picture.
    """
    file, data = _only_file(content_type, body)
    if not data:
        raise _bad_part("The file is empty. Scan or photograph the sheet again.")
    if len(data) > MULTIPART_LIMIT:
        raise EvidenceTooLarge(
            f"Through the API a file may have {MULTIPART_LIMIT // MEBIBYTE} MiB at most. "
            "For a larger one, POST its description to this address as JSON "
            "{fileName, contentType, sizeBytes, sha256}; the answer tells where to PUT it."
        )
    return SentFile(_name(file), accepted_type(_declared(file, data)), BytesIO(data))


def _only_file(content_type: str, body: bytes) -> tuple[File, bytes]:
    files: list[File] = []
    # The body is in memory already; parts of it on disk would need cleaning up.
    config = {"MAX_MEMORY_FILE_SIZE": len(body)}
    try:
        parser = create_form_parser(
            {"Content-Type": content_type.encode()}, None, files.append, config
        )
        parser.write(body)
        parser.finalize()
    except (FormParserError, ValueError) as error:
        raise _bad_part("The multipart body cannot be read. Send it again.") from error
    named = [file for file in files if file.field_name == b"file"]
    if len(files) != 1 or len(named) != 1:
        raise _bad_part("Send exactly one file, in a part named 'file'.")
    named[0].file_object.seek(0)
    return named[0], named[0].file_object.read()


def _name(file: File) -> str:
    return (file.file_name or b"").decode("utf-8", "replace")[-300:] or "sheet"


def _declared(file: File, data: bytes) -> str:
    declared = (file.content_type or "").strip().lower()
    # Some browsers do not know what a HEIC picture is; its bytes tell.
    return (sniffed_type(data) or declared) if declared in _UNTOLD else declared


def _bad_part(detail: str) -> InvalidRequest:
    return InvalidRequest(detail, [FieldError("/file", detail)])
