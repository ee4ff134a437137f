"""A session was finalized: seal it."""

from typing import Any

from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.seal_session.use_case import seal_session
from shared.contracts.events import Envelope, SessionFinalizedDetail
from shared.domain.audit import ChangeContext
from shared.domain.people import Person
from shared.runtime import clock
from shared.runtime.batches import batch_processor
from shared.runtime.observability import count, logger, observed, release
from shared.runtime.wiring import wiring

SEALER = Person("system:seal_session", "Automatic seal")

_queue = batch_processor(EventType.SQS)


@observed()
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=_finalized, processor=_queue, context=context
    )


def _finalized(record: SQSRecord) -> None:
    detail = Envelope[SessionFinalizedDetail].model_validate_json(record.body).detail
    change = ChangeContext(SEALER, clock.now(), detail.event_id, release())
    is_new = seal_session(detail.session_id, change, wiring())
    logger.info("session sealed", extra={"session_id": detail.session_id, "news": is_new})
    count("SessionsSealed", int(is_new))
