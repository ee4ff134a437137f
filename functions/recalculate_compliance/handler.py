"""
Recalculate compliance when a session was finalized (EventBridge to SQS), or when a record was
deleted or changed without the API (the Records table's stream).
"""

from typing import Any

from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.recalculate_compliance.use_case import (
    recalculate_courses,
    recalculate_session,
)
from shared.application.time_left import OutOfTime
from shared.application.walk import Walk, raise_failures
from shared.contracts.events import ComplianceRecalculationRequestedDetail, Envelope
from shared.domain.compliance import Compliance
from shared.runtime.batches import batch_processor
from shared.runtime.observability import count, logger, observed
from shared.runtime.wiring import wiring

_queue = batch_processor(EventType.SQS)
_stream = batch_processor(EventType.DynamoDBStreams)


@observed()
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    from_stream = any("dynamodb" in record for record in event["Records"])
    return process_partial_response(
        event=event,
        record_handler=_record_changed if from_stream else _requested,
        processor=_stream if from_stream else _queue,
        context=context,
    )


def _requested(record: SQSRecord, lambda_context: LambdaContext) -> None:
    envelope = Envelope[ComplianceRecalculationRequestedDetail].model_validate_json(record.body)
    detail, ports = envelope.detail, wiring()
    judged = recalculate_session(
        detail.session_id,
        detail.course_id,
        detail.personnel_ids,
        ports,
        ports.time_left(lambda_context),
    )
    count("ComplianceRecalculated", len(judged.done))
    _require_all(judged)
    logger.info(
        "compliance recalculated",
        extra={
            "session_id": detail.session_id,
            "event_id": detail.event_id,
            "people": len(detail.personnel_ids),
        },
    )


def _record_changed(record: DynamoDBRecord, lambda_context: LambdaContext) -> None:
    keys = record.dynamodb.keys if record.dynamodb else None
    personnel_id = (keys or {})["personnelId"]
    _require_all(recalculate_courses(personnel_id, wiring(), wiring().time_left(lambda_context)))
    logger.info(
        "compliance follows a changed record", extra={"record_id": (keys or {})["recordId"]}
    )


def _require_all(judged: Walk[str, Compliance]) -> None:
    """Fail if some were not judged, so that the message is retried; the others stay written."""
    raise_failures("could not recalculate", judged.failures)
    if judged.not_reached:
        raise OutOfTime(f"no time was left for {len(judged.not_reached)}")
