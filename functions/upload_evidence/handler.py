"""
POST /sessions/{sessionId}/evidence: the signed sheet itself, or the request to send a large sheet
to the bucket.
"""

import hashlib
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from functions.upload_evidence.request import DescribedFile, require_size, sent_file
from functions.upload_evidence.use_case import Promise, permit_upload, store_sheet
from shared.application.ports.evidence import SheetAddress
from shared.contracts.body import parse
from shared.contracts.evidence import UploadPermission, UploadReceived
from shared.domain.errors import UnsupportedEvidence
from shared.domain.evidence import Upload, accepted_type, new_upload_id, safe_file_name
from shared.domain.people import DRAFTERS
from shared.runtime import clock, identifiers
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger
from shared.runtime.wiring import wiring

app = Api()


@app.route("POST", "/sessions/<session_id>/evidence", roles=DRAFTERS)
def post_evidence(session_id: str) -> Response[str]:
    content_type = app.header("content-type") or ""
    match content_type.partition(";")[0].strip().lower():
        case "multipart/form-data":
            return _take(session_id, content_type)
        case "application/json":
            return _permit(session_id)
    raise UnsupportedEvidence(
        "Send the file as multipart/form-data, or its description as application/json."
    )


def _take(session_id: str, content_type: str) -> Response[str]:
    file = sent_file(content_type, app.body_bytes, wiring().limits.multipart_bytes)
    sha256 = hashlib.file_digest(file.body, "sha256").hexdigest()
    promise = Promise(file.body.getbuffer().nbytes, sha256)
    file.body.seek(0)
    upload = _upload(session_id, file.file_name, file.content_type, promise)
    store_sheet(session_id, upload, file.body, app.change(), wiring())
    logger.info("sheet received", extra={"upload_id": upload.upload_id})
    return answer(UploadReceived.of(upload), HTTPStatus.ACCEPTED)


def _permit(session_id: str) -> Response[str]:
    file = parse(DescribedFile, app.body_bytes)
    kind = accepted_type(file.content_type)
    require_size(file.size_bytes, wiring().settings.evidence_max_bytes)
    promise = Promise(file.size_bytes, file.sha256.lower())
    upload = _upload(session_id, file.file_name, kind, promise)
    link = permit_upload(session_id, upload, promise, app.change(), wiring())
    logger.info("upload permitted", extra={"upload_id": upload.upload_id})
    return answer(UploadPermission.of(upload, link), HTTPStatus.CREATED)


def _upload(session_id: str, file_name: str, content_type: str, promise: Promise) -> Upload:
    now = clock.now()
    upload_id = new_upload_id(now, identifiers.new_token())
    key = wiring().evidence.key_of(SheetAddress(session_id, upload_id, safe_file_name(file_name)))
    return Upload(
        upload_id,
        key,
        file_name,
        content_type,
        uploaded_at=now,
        uploaded_by=app.person,
        sha256=promise.sha256,
        size_bytes=promise.size_bytes,
    )


lambda_handler = app.handler()
