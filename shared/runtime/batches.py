"""Batches of messages, of which each one fails or succeeds by itself."""

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType

from shared.runtime.observability import logger


def batch_processor(kind: EventType) -> BatchProcessor:
    """A processor that logs each failure and reports it alone, even if all of a batch fail."""
    return BatchProcessor(
        kind,
        raise_on_entire_batch_failure=False,
        # Without a logger, failures of single messages are not logged.
        logger=logger,  # type: ignore[arg-type] # asks for the standard library's, takes its own
    )
