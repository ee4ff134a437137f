"""
A session was finalized: seal it.
"""

from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.seal_session.use_case import Sealing, seal_session
from shared.contracts.events import Envelope, SessionFinalizedDetail
from shared.domain.audit import Change
from shared.domain.people import Person
from shared.runtime import wiring
from shared.runtime.observability import count, logger, observed
from shared.runtime.settings import settings

SEALER = Person("system:seal_session", "Automatic seal")

_queue = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@observed()
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=_finalized, processor=_queue, context=context
    )


def _finalized(record: SQSRecord) -> None:
    detail = Envelope[SessionFinalizedDetail].model_validate_json(record.body).detail
    change = Change(SEALER, wiring.now(), detail.event_id)
    news = seal_session(detail.session_id, change, _ports())
    logger.info("session sealed", extra={"session_id": detail.session_id, "news": news})
    count("SessionsSealed", int(news))


def _ports() -> Sealing:
    return Sealing(
        wiring.sessions(),
        wiring.trail(),
        wiring.vault(),
        wiring.signer(),
        settings().retention_years,
        wiring.pause,
    )
