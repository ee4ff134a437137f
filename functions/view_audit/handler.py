"""GET /sessions/{sessionId}/audit and /courses/{courseId}/audit: who changed what, when."""

from aws_lambda_powertools.event_handler import Response

from functions.view_audit.request import AuditPaging
from functions.view_audit.use_case import AuditPage, view_audit, view_course_audit
from shared.contracts.audit import AuditTrailPage
from shared.contracts.paging import cursor, paging
from shared.domain.audit import AuditEntry
from shared.domain.course_trail import CourseEntry
from shared.domain.people import REVIEWERS
from shared.runtime.http import Api, answer
from shared.runtime.wiring import wiring

app = Api()


@app.route("GET", "/sessions/<session_id>/audit", roles=REVIEWERS)
def get_audit(session_id: str) -> Response[str]:
    asked = paging(AuditPaging, app.query, default_limit=100)
    page = view_audit(
        session_id,
        asked.after_sequence,
        asked.limit,
        wiring().sessions,
        wiring().trail,
    )
    return _answer(page)


@app.route("GET", "/courses/<course_id>/audit", roles=REVIEWERS)
def get_course_audit(course_id: str) -> Response[str]:
    asked = paging(AuditPaging, app.query, default_limit=100)
    return _answer(
        view_course_audit(course_id, asked.after_sequence, asked.limit, wiring().courses)
    )


def _answer(page: AuditPage[AuditEntry] | AuditPage[CourseEntry]) -> Response[str]:
    last = str(page.entries[-1].sequence) if page.has_more else None
    return answer(AuditTrailPage.of(page.entries, cursor(last)))


lambda_handler = app.handler()
