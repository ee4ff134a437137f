"""
PATCH /sessions/{sessionId}/attendance: the grid, saved as a draft.
"""

from aws_lambda_powertools.event_handler import Response

from functions.save_attendance.request import AttendanceBody
from functions.save_attendance.use_case import Draft, save_attendance
from shared.contracts.body import parse
from shared.contracts.fields import path_id
from shared.contracts.session import SavedShape
from shared.domain.people import DRAFTERS
from shared.runtime import wiring
from shared.runtime.etag import etag
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger

app = Api()


@app.patch("/v1/training/sessions/<session_id>/attendance")
def patch_attendance(session_id: str) -> Response[str]:
    person = app.admit(DRAFTERS, session_id=session_id)
    marks = parse(AttendanceBody, app.body_bytes).marks()
    draft = Draft(path_id("sessionId", session_id), marks, app.seen, app.change(person))
    session = save_attendance(draft, wiring.sessions(), wiring.pause)
    logger.info("attendance saved", extra={"rows": len(marks), "version": session.version})
    return answer(SavedShape(updated=len(marks), version=session.version), etag=etag(session))


lambda_handler = app.handler()
