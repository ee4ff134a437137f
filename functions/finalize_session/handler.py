"""
POST /sessions/{sessionId}/finalize: the gate.
"""

from aws_lambda_powertools.event_handler import Response

from functions.finalize_session.request import request_key
from functions.finalize_session.use_case import Finalizing, Outcome, finalize_session
from shared.contracts.fields import path_id
from shared.contracts.session import finalized_shape
from shared.domain.people import ADMINS, Person
from shared.domain.plan import Request
from shared.runtime import wiring
from shared.runtime.http import Api, answer
from shared.runtime.observability import count, logger

app = Api()


@app.post("/v1/training/sessions/<session_id>/finalize")
def post_finalize(session_id: str) -> Response[str]:
    person = app.admit(ADMINS, session_id=path_id("sessionId", session_id))
    request = _request(person)
    outcome = finalize_session(session_id, request, app.seen, _ports())
    _report(outcome)
    return answer(finalized_shape(outcome.session))


def _request(person: Person) -> Request:
    key = request_key(app.current_event.headers.get("idempotency-key"))
    return Request(wiring.new_id(), person, wiring.now(), key)


def _ports() -> Finalizing:
    return Finalizing(
        wiring.sessions(),
        wiring.courses(),
        wiring.finalizations(),
        wiring.publisher(),
        wiring.outbox(),
        wiring.pause,
    )


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
    count("OutboxLeftOver", outcome.owed)


lambda_handler = app.handler()
