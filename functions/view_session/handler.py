"""
The four views of sessions, open to every role.
"""

from aws_lambda_powertools.event_handler import Response

from functions.view_session.request import SessionPaging
from functions.view_session.use_case import Page, other_uses, view_records, view_session, view_sheet
from shared.contracts.evidence import SheetLink
from shared.contracts.fields import path_id
from shared.contracts.paging import cursor, paging
from shared.contracts.records import RecordPage, RecordShape
from shared.contracts.session import SessionLine, SessionPage, session_shape
from shared.domain.people import ANY_ROLE
from shared.runtime import wiring
from shared.runtime.etag import etag
from shared.runtime.http import Api, answer
from shared.runtime.observability import logger

app = Api()


@app.get("/v1/training/sessions")
def list_sessions() -> Response[str]:
    app.admit(ANY_ROLE)
    asked = _paging(default_limit=100)
    summaries = wiring.sessions().page(asked.statuses, asked.limit, asked.after)
    more = len(summaries) == asked.limit
    now = wiring.now()
    return answer(
        SessionPage(
            items=[SessionLine.of(summary, now) for summary in summaries],
            next_cursor=cursor(summaries[-1].position) if more else None,
        )
    )


@app.get("/v1/training/sessions/<session_id>", compress=True)
def get_session(session_id: str) -> Response[str]:
    app.admit(ANY_ROLE, session_id=session_id)
    view = view_session(
        path_id("sessionId", session_id),
        wiring.sessions(),
        wiring.courses(),
        wiring.records(),
        wiring.pause,
    )
    shape = session_shape(view.snapshot, view.course, view.written, wiring.now())
    others = other_uses(view.snapshot.session, wiring.sheet_uses())
    return answer(shape.also_used_by(others), etag=etag(view.snapshot.session, view.course))


@app.get("/v1/training/sessions/<session_id>/records", compress=True)
def get_records(session_id: str) -> Response[str]:
    app.admit(ANY_ROLE, session_id=session_id)
    asked = _paging(default_limit=1000)
    view = view_records(
        path_id("sessionId", session_id),
        Page(asked.limit, asked.after or ""),
        wiring.sessions(),
        wiring.records(),
        wiring.pause,
    )
    if view.missing:
        logger.error("records missing", extra={"personnel_ids": view.missing})
    return answer(
        RecordPage(
            items=[RecordShape.model_validate(record) for record in view.records],
            missing=view.missing or None,
            next_cursor=cursor(view.after),
        )
    )


@app.get("/v1/training/sessions/<session_id>/evidence")
def get_evidence(session_id: str) -> Response[str]:
    app.admit(ANY_ROLE, session_id=session_id)
    sheet = view_sheet(path_id("sessionId", session_id), wiring.sessions())
    link = wiring.evidence().download_link(sheet, wiring.now())
    # Who looked at a sheet, and at which version, is part of its history.
    logger.info("evidence link given", extra={"version_id": sheet.version_id})
    return answer(SheetLink.of(sheet, link))


def _paging(default_limit: int) -> SessionPaging:
    return paging(SessionPaging, app.current_event.query_string_parameters, default_limit)


lambda_handler = app.handler()
