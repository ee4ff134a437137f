"""PUT /sessions/{sessionId}: an admin plans a session, or replaces its details and roster."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from functions.register_session.request import SessionBody
from functions.register_session.use_case import Registration, register_session
from shared.contracts.body import parse
from shared.contracts.session import RegisteredResponse
from shared.domain.audit import ChangeContext
from shared.domain.people import ADMINS
from shared.runtime.etag import etag
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger
from shared.runtime.wiring import wiring

app = Api()


@app.route("PUT", "/sessions/<session_id>", roles=ADMINS)
def put_session(session_id: str) -> Response[str]:
    wanted = _registration(session_id, parse(SessionBody, app.body_bytes), app.change())
    ports = wiring()
    registered = register_session(
        wanted, ports.sessions, ports.courses, ports.pause, ports.time_left(app.context)
    )
    logger.info(
        "session registered",
        extra={"roster": registered.session.roster_count, "version": registered.session.version},
    )
    return answer(
        RegisteredResponse.model_validate(registered.session),
        HTTPStatus.CREATED if registered.is_new else HTTPStatus.OK,
        etag(registered.session, registered.course),
    )


def _registration(session_id: str, body: SessionBody, change: ChangeContext) -> Registration:
    return Registration(
        session_id=session_id,
        details=body.details,
        status=body.wanted_status,
        roster=body.roster,
        expected=app.expected,
        change=change,
        unwanted=app.unwanted,
    )


lambda_handler = app.handler()
