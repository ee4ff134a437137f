"""
The one logger and the one set of metrics.

Logs name ids, never remarks, names of attendees, tokens or whole events: they are kept longer and
read by more people than the records are.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

# Both read their POWERTOOLS_* variables themselves; nothing here reaches outside the process.
logger = Logger()
metrics = Metrics()

R = TypeVar("R")
Handler = Callable[[dict[str, Any], LambdaContext], R]


def count(metric: str, number: int = 1) -> None:
    """
    Count something a person watches; written as one EMF line when the invocation ends.
    """
    metrics.add_metric(name=metric, unit=MetricUnit.Count, value=number)


def observed(correlation_id_path: str | None = None) -> Callable[[Handler[R]], Handler[R]]:
    """
    Give a Lambda handler its log context, and write what it counted when it ends, however it ends.
    """

    def decorate(handler: Handler[R]) -> Handler[R]:
        @logger.inject_lambda_context(correlation_id_path=correlation_id_path, clear_state=True)
        @wraps(handler)
        def observed_handler(event: dict[str, Any], context: LambdaContext) -> R:
            try:
                return handler(event, context)
            finally:
                # Powertools' own decorator warns on every invocation that counts nothing.
                if metrics.provider.metric_set:
                    metrics.flush_metrics()

        return observed_handler

    return decorate
