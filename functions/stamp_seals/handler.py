"""S3's notification, through a queue, that a manifest or a report was stored: have it stamped."""

import json
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.stamp_seals.use_case import stamp_seal
from shared.runtime.batches import batch_processor
from shared.runtime.observability import count, logger, observed
from shared.runtime.wiring import wiring

_queue = batch_processor(EventType.SQS)


@observed()
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(
        event=event, record_handler=_stored, processor=_queue, context=context
    )


def _stored(record: SQSRecord) -> None:
    # When notifications are set up, S3 sends a test event, which has no records.
    for one in json.loads(record.body).get("Records", []):
        key = unquote_plus(one["s3"]["object"]["key"])
        is_new = stamp_seal(key, wiring())
        logger.info("time-stamped", extra={"key": key, "news": is_new})
        count("TimeStamps", int(is_new))
