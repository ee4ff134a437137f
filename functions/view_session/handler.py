"""The four views of sessions, open to every role."""

from collections.abc import Iterable

from aws_lambda_powertools.event_handler import Response

from functions.view_session.request import RosterPaging, SessionPaging
from functions.view_session.use_case import (
    Page,
    outline,
    view_records,
    view_session,
    view_sheet,
)
from shared.application.other_uses import other_uses
from shared.contracts.evidence import SheetLink
from shared.contracts.paging import cursor, fitting, paging
from shared.contracts.records import RecordPage, RecordResponse
from shared.contracts.session import SessionLine, SessionPage, session_response
from shared.domain.gate import Gate
from shared.domain.people import ANY_ROLE
from shared.domain.records import Record
from shared.domain.roster import is_readable
from shared.runtime import clock
from shared.runtime.etag import view_etag
from shared.runtime.http import Api, answer, unchanged
from shared.runtime.observability import logger
from shared.runtime.wiring import wiring

app = Api()


@app.route("GET", "/sessions", roles=ANY_ROLE)
def list_sessions() -> Response[str]:
    asked = _paging(default_limit=100)
    summaries = wiring().sessions.page(asked.statuses, asked.limit, asked.after)
    now = clock.now()
    lines = [SessionLine.of(summary, now) for summary in summaries]
    shown = fitting(lines)
    more = len(summaries) == asked.limit or shown < len(lines)
    return answer(
        SessionPage(
            items=lines[:shown],
            next_cursor=cursor(summaries[shown - 1].position) if more else None,
        )
    )


@app.route("GET", "/sessions/<session_id>", roles=ANY_ROLE)
def get_session(session_id: str) -> Response[str]:
    first, now = paging(RosterPaging, app.query, default_limit=1000).first_row, clock.now()
    if app.looks_again:
        # One row instead of the whole roster, for a page that looks again.
        seen = outline(session_id, wiring().sessions, wiring().courses, wiring().sheet_uses)
        tag = view_etag(seen.session, seen.course, seen.other_uses, now)
        if app.knows(tag):
            return unchanged(tag)
    view = view_session(
        session_id,
        wiring().sessions,
        wiring().courses,
        wiring().records,
        wiring().pause,
    )
    others = other_uses(view.snapshot.session, wiring().sheet_uses)
    tag = view_etag(view.snapshot.session, view.course, others, now)
    gate = Gate(view.snapshot, view.course, others, now)
    response = session_response(gate, view.written)
    fits = not first and is_readable(view.snapshot.session)
    return answer(response if fits else response.from_row(first), etag=tag)


@app.route("GET", "/sessions/<session_id>/records", roles=ANY_ROLE)
def get_records(session_id: str) -> Response[str]:
    asked = _paging(default_limit=1000)
    view = view_records(
        session_id,
        Page(asked.limit, asked.after or "", _fitting),
        wiring().sessions,
        wiring().records,
        wiring().pause,
    )
    if view.missing:
        logger.error("records missing", extra={"personnel_ids": view.missing})
    return answer(
        RecordPage(
            items=[RecordResponse.model_validate(record) for record in view.records],
            missing=view.missing or None,
            next_cursor=cursor(view.after),
        )
    )


@app.route("GET", "/sessions/<session_id>/evidence", roles=ANY_ROLE)
def get_evidence(session_id: str) -> Response[str]:
    sheet = view_sheet(session_id, wiring().sessions)
    link = wiring().evidence.download_link(sheet, clock.now())
    # Logged because it must be known who looked at which version of a sheet.
    logger.info("evidence link given", extra={"version_id": sheet.version_id})
    return answer(SheetLink.of(sheet, link))


def _fitting(records: Iterable[Record]) -> int:
    return fitting(map(RecordResponse.model_validate, records))


def _paging(default_limit: int) -> SessionPaging:
    return paging(SessionPaging, app.query, default_limit)


lambda_handler = app.handler()
