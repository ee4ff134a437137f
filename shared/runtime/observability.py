"""
The one logger and the one set of metrics.

Logs name ids, never remarks, names of attendees, tokens or whole events, because logs are kept
longer and read by more people than records.
"""

import logging
import os
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.domain.release import UNKNOWN, Release

# Both read their POWERTOOLS_* variables themselves, and call no service.
# Lambda's own filter takes a line with a time stamp of another form for INFO, whatever it is:
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
logger = Logger(use_rfc3339=True)
metrics = Metrics()

# Lambda gives the root logger the function's level, at which libraries write of each cold start,
# and at DEBUG of whole requests. Of theirs only warnings are kept, in the shape of our own lines.
logging.getLogger().setLevel(logging.WARNING)
for _handler in logging.getLogger().handlers:
    _handler.setFormatter(logger.registered_formatter)

R = TypeVar("R")
Handler = Callable[[dict[str, Any], LambdaContext], R]


def count(metric: str, number: int = 1) -> None:
    """Add to a metric; all metrics are written as one EMF line when the invocation ends."""
    metrics.add_metric(name=metric, unit=MetricUnit.Count, value=number)


def release() -> Release:
    """The software that runs here, as far as its deployment says."""
    said = os.environ.get
    return Release(
        version=said("RELEASE", UNKNOWN),
        python=said("RELEASE_PYTHON", UNKNOWN),
        architecture=said("RELEASE_ARCHITECTURE", UNKNOWN),
        function_sha256=said("FUNCTION_SHA256", UNKNOWN),
        layer_sha256=said("LAYER_SHA256", UNKNOWN),
    )


def observed(correlation_id_path: str | None = None) -> Callable[[Handler[R]], Handler[R]]:
    """Give a Lambda handler its log context, and write its metrics even if it fails."""

    def decorate(handler: Handler[R]) -> Handler[R]:
        @logger.inject_lambda_context(correlation_id_path=correlation_id_path, clear_state=True)
        @wraps(handler)
        def observed_handler(event: dict[str, Any], context: LambdaContext) -> R:
            logger.append_keys(release=release().version)
            try:
                return handler(event, context)
            finally:
                # Powertools' own decorator warns of every invocation without metrics.
                if metrics.provider.metric_set:
                    metrics.flush_metrics()

        return observed_handler

    return decorate
