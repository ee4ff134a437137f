"""
GET /sessions/{sessionId}/audit: who changed what, when.
"""

from aws_lambda_powertools.event_handler import Response

from functions.view_audit.request import AuditPaging
from functions.view_audit.use_case import view_audit
from shared.contracts.audit import AuditTrailPage
from shared.contracts.fields import path_id
from shared.contracts.paging import cursor, paging
from shared.domain.people import REVIEWERS
from shared.runtime import wiring
from shared.runtime.http import Api, answer

app = Api()


@app.get("/v1/training/sessions/<session_id>/audit", compress=True)
def get_audit(session_id: str) -> Response[str]:
    app.admit(REVIEWERS, session_id=session_id)
    asked = paging(AuditPaging, app.current_event.query_string_parameters, default_limit=100)
    page = view_audit(
        path_id("sessionId", session_id),
        asked.after_sequence,
        asked.limit,
        wiring.sessions(),
        wiring.trail(),
    )
    last = str(page.entries[-1].sequence) if page.has_more else None
    return answer(AuditTrailPage.of(page.entries, cursor(last)))


lambda_handler = app.handler()
