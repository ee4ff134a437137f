"""
Recalculation, asked for by a finalized session (EventBridge to SQS) or by a record that was deleted
or changed behind the API (the Records table's stream).
"""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.recalculate_compliance.use_case import (
    Recalculating,
    courses_of,
    recalculate,
    require_completed,
)
from shared.contracts.events import ComplianceRecalculationRequestedDetail, Envelope
from shared.runtime import wiring
from shared.runtime.observability import count, logger, observed
from shared.runtime.settings import settings


def _processor(kind: EventType) -> BatchProcessor:
    return BatchProcessor(
        kind,
        raise_on_entire_batch_failure=False,
        # Else nobody learns why a record failed.
        logger=logger,  # type: ignore[arg-type] # asks for the standard library's, takes its own
    )


_queue = _processor(EventType.SQS)
_stream = _processor(EventType.DynamoDBStreams)


@observed()
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    from_stream = any("dynamodb" in record for record in event["Records"])
    return process_partial_response(
        event=event,
        record_handler=_record_changed if from_stream else _requested,
        processor=_stream if from_stream else _queue,
        context=context,
    )


def _requested(record: SQSRecord) -> None:
    envelope = Envelope[ComplianceRecalculationRequestedDetail].model_validate_json(record.body)
    detail, using = envelope.detail, _ports()
    require_completed(detail.session_id, using.sessions)
    for personnel_id in detail.personnel_ids:
        recalculate(personnel_id, detail.course_id, using)
    logger.info(
        "compliance recalculated",
        extra={
            "session_id": detail.session_id,
            "event_id": detail.event_id,
            "people": len(detail.personnel_ids),
        },
    )
    count("ComplianceRecalculated", len(detail.personnel_ids))


def _record_changed(record: DynamoDBRecord) -> None:
    keys = record.dynamodb.keys if record.dynamodb else None
    personnel_id, using = (keys or {})["personnelId"], _ports()
    for course_id in courses_of(personnel_id, using):
        recalculate(personnel_id, course_id, using)
    logger.info(
        "compliance follows a changed record", extra={"record_id": (keys or {})["recordId"]}
    )


def _ports() -> Recalculating:
    return Recalculating(
        wiring.sessions(),
        wiring.records(),
        wiring.compliance(),
        timedelta(days=settings().expiring_soon_days),
        wiring.now,
        wiring.pause,
    )
