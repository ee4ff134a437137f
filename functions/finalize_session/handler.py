"""
POST /sessions/{sessionId}/finalize: the gate.
"""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from functions.finalize_session.request import request_key
from functions.finalize_session.use_case import Outcome, finalize_session
from shared.contracts.fields import path_id
from shared.contracts.session import finalized_shape
from shared.domain.people import ADMINS, Person
from shared.domain.plan import Request
from shared.domain.session import SessionStatus
from shared.runtime import wiring
from shared.runtime.http import Api, answer
from shared.runtime.observability import count, logger
from shared.runtime.time_left import time_left

app = Api()


@app.post("/v1/training/sessions/<session_id>/finalize")
def post_finalize(session_id: str) -> Response[str]:
    person = app.admit(ADMINS, session_id=path_id("sessionId", session_id))
    using = wiring.finalizing(time_left(app.lambda_context))
    outcome = finalize_session(session_id, _request(person), app.seen, wiring.courses(), using)
    _report(outcome)
    completed = outcome.session.status is SessionStatus.COMPLETED
    return answer(
        finalized_shape(outcome.session), HTTPStatus.OK if completed else HTTPStatus.ACCEPTED
    )


def _request(person: Person) -> Request:
    key = request_key(app.current_event.headers.get("idempotency-key"))
    return Request(wiring.new_id(), app.change(person), key)


def _report(outcome: Outcome) -> None:
    decision = outcome.session.finalization
    if outcome.is_repeat or decision is None:
        logger.info("finalize repeated")
        return
    logger.info(
        "session finalized",
        extra={"finalization_id": decision.finalization_id, "records": decision.counts.records},
    )
    count("SessionsFinalized")
    count("RecordsCreated", decision.counts.records)
    count("OutboxLeftOver", int(outcome.owes))


lambda_handler = app.handler()
