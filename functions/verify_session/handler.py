"""
GET /sessions/{sessionId}/verification: is everything still as it was decided and signed?
"""

from aws_lambda_powertools.event_handler import Response

from functions.verify_session.use_case import verify_session
from shared.contracts.fields import path_id
from shared.contracts.verification import VerificationShape
from shared.domain.people import INSPECTORS
from shared.runtime import wiring
from shared.runtime.http import Api, answer
from shared.runtime.observability import count, logger

app = Api()


@app.get("/v1/training/sessions/<session_id>/verification", compress=True)
def get_verification(session_id: str) -> Response[str]:
    person = app.admit(INSPECTORS, session_id=path_id("sessionId", session_id))
    verified = verify_session(session_id, app.change(person), wiring.verifying())
    if not verified.is_intact:
        logger.error("session is not intact", extra={"broken": verified.broken})
        count("VerificationFailed")
    return answer(VerificationShape.of(verified, wiring.now()))


lambda_handler = app.handler()
