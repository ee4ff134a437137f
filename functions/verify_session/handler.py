"""GET /sessions/{sessionId}/verification: whether all is still as it was decided and signed."""

from aws_lambda_powertools.event_handler import Response

from functions.verify_session.use_case import verify_session
from shared.contracts.verification import VerificationResponse
from shared.domain.people import INSPECTORS
from shared.runtime import clock
from shared.runtime.http import Api, answer
from shared.runtime.observability import count, logger
from shared.runtime.wiring import wiring

app = Api()


@app.route("GET", "/sessions/<session_id>/verification", roles=INSPECTORS)
def get_verification(session_id: str) -> Response[str]:
    verified = verify_session(session_id, app.change(), wiring())
    if not verified.is_intact:
        logger.error("session is not intact", extra={"broken": verified.broken})
        count("VerificationFailed")
    return answer(VerificationResponse.of(verified, clock.now()))


lambda_handler = app.handler()
