"""
PUT /sessions/{sessionId}: an admin plans a session, or replaces its details and roster.
"""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from functions.register_session.request import SessionBody
from functions.register_session.use_case import Registration, register_session
from shared.contracts.body import parse
from shared.contracts.fields import path_id
from shared.contracts.session import RegisteredShape
from shared.domain.audit import Change
from shared.domain.people import ADMINS
from shared.runtime import wiring
from shared.runtime.etag import etag
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger

app = Api()


@app.put("/v1/training/sessions/<session_id>")
def put_session(session_id: str) -> Response[str]:
    person = app.admit(ADMINS, session_id=session_id)
    wanted = _registration(
        path_id("sessionId", session_id), parse(SessionBody, app.body_bytes), app.change(person)
    )
    registered = register_session(wanted, wiring.sessions(), wiring.courses(), wiring.pause)
    logger.info(
        "session registered",
        extra={"roster": registered.session.roster_count, "version": registered.session.version},
    )
    return answer(
        RegisteredShape.model_validate(registered.session),
        HTTPStatus.CREATED if registered.is_new else HTTPStatus.OK,
        etag(registered.session, registered.course),
    )


def _registration(session_id: str, body: SessionBody, change: Change) -> Registration:
    return Registration(
        session_id=session_id,
        details=body.details,
        status=body.wanted_status,
        roster=body.roster,
        seen=app.seen,
        change=change,
    )


lambda_handler = app.handler()
