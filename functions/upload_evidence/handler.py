"""
POST /sessions/{sessionId}/evidence: the signed sheet itself, or the request to send a large one to
the bucket.
"""

import hashlib
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from functions.upload_evidence.request import DescribedFile, require_size, sent_file
from functions.upload_evidence.use_case import Promise, Taking, permit_upload, store_sheet
from shared.contracts.body import parse
from shared.contracts.evidence import UploadPermission, UploadReceived
from shared.contracts.fields import path_id
from shared.domain.errors import UnsupportedEvidence
from shared.domain.evidence import EvidenceKey, Upload, accepted_type, new_upload_id, safe_file_name
from shared.domain.people import DRAFTERS, Person
from shared.runtime import wiring
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger
from shared.runtime.settings import settings

app = Api()


@app.post("/v1/training/sessions/<session_id>/evidence")
def post_evidence(session_id: str) -> Response[str]:
    person = app.admit(DRAFTERS, session_id=path_id("sessionId", session_id))
    content_type = app.current_event.headers.get("content-type") or ""
    match content_type.partition(";")[0].strip().lower():
        case "multipart/form-data":
            return _take(session_id, person, content_type)
        case "application/json":
            return _permit(session_id, person)
    raise UnsupportedEvidence(
        "Send the file as multipart/form-data, or its description as application/json."
    )


def _take(session_id: str, person: Person, content_type: str) -> Response[str]:
    file = sent_file(content_type, app.body_bytes)
    sha256 = hashlib.file_digest(file.body, "sha256").hexdigest()
    file.body.seek(0)
    upload = _upload(session_id, person, file.file_name, file.content_type, sha256)
    store_sheet(session_id, upload, file.body, app.change(person), _ports())
    logger.info("sheet received", extra={"upload_id": upload.upload_id})
    return answer(UploadReceived.of(upload), HTTPStatus.ACCEPTED)


def _permit(session_id: str, person: Person) -> Response[str]:
    file = parse(DescribedFile, app.body_bytes)
    kind = accepted_type(file.content_type)
    require_size(file.size_bytes, settings().evidence_max_bytes)
    promise = Promise(file.size_bytes, file.sha256.lower())
    upload = _upload(session_id, person, file.file_name, kind, promise.sha256)
    link = permit_upload(session_id, upload, promise, app.change(person), _ports())
    logger.info("upload permitted", extra={"upload_id": upload.upload_id})
    return answer(UploadPermission.of(upload, link), HTTPStatus.CREATED)


def _ports() -> Taking:
    return Taking(wiring.sessions(), wiring.evidence(), wiring.pause)


def _upload(
    session_id: str, person: Person, file_name: str, content_type: str, sha256: str
) -> Upload:
    now = wiring.now()
    upload_id = new_upload_id(now, wiring.new_token())
    key = EvidenceKey(session_id, upload_id, safe_file_name(file_name))
    return Upload(upload_id, str(key), file_name, content_type, now, person, sha256)


lambda_handler = app.handler()
