"""PATCH /sessions/{sessionId}/attendance: the grid, saved as a draft."""

from aws_lambda_powertools.event_handler import Response

from functions.save_attendance.request import AttendanceBody
from functions.save_attendance.use_case import Draft, save_attendance
from shared.contracts.body import parse
from shared.contracts.session import SavedResponse
from shared.domain.people import DRAFTERS
from shared.runtime.etag import etag
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger
from shared.runtime.wiring import wiring

app = Api()


@app.route("PATCH", "/sessions/<session_id>/attendance", roles=DRAFTERS)
def patch_attendance(session_id: str) -> Response[str]:
    marks = parse(AttendanceBody, app.body_bytes).marks()
    draft = Draft(session_id, marks, app.expected, app.change(), app.unwanted)
    ports = wiring()
    session = save_attendance(draft, ports.sessions, ports.pause, ports.time_left(app.context))
    logger.info("attendance saved", extra={"rows": len(marks), "version": session.version})
    return answer(SavedResponse(updated=len(marks), version=session.version), etag=etag(session))


lambda_handler = app.handler()
