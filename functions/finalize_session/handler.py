"""POST /sessions/{sessionId}/finalize: turns a drafted session into legal records."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from functions.finalize_session.request import acknowledged, request_key
from functions.finalize_session.use_case import Outcome, finalize_session
from shared.contracts.session import finalized_response
from shared.domain.people import ADMINS
from shared.domain.plan import FinalizeCommand
from shared.domain.session import SessionStatus
from shared.runtime import identifiers
from shared.runtime.http import Api, answer
from shared.runtime.observability import count, logger
from shared.runtime.wiring import wiring

app = Api()


@app.route("POST", "/sessions/<session_id>/finalize", roles=ADMINS)
def post_finalize(session_id: str) -> Response[str]:
    ports = wiring()
    outcome = finalize_session(
        session_id, _command(), app.expected, ports, ports.time_left(app.context)
    )
    _report(outcome)
    completed = outcome.session.status is SessionStatus.COMPLETED
    return answer(
        finalized_response(outcome.session), HTTPStatus.OK if completed else HTTPStatus.ACCEPTED
    )


def _command() -> FinalizeCommand:
    key = request_key(app.header("idempotency-key"))
    return FinalizeCommand(identifiers.new_id(), app.change(), key, acknowledged(app.body_bytes))


def _report(outcome: Outcome) -> None:
    if outcome.is_repeat:
        logger.info("finalize repeated")
        return
    decision = outcome.session.decided().decision
    logger.info(
        "session finalized",
        extra={"finalization_id": decision.finalization_id, "records": decision.counts.records},
    )
    count("SessionsFinalized")
    count("RecordsCreated", decision.counts.records)
    count("OutboxLeftOver", int(outcome.owes))


lambda_handler = app.handler()
