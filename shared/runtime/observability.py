"""
The one logger and the one set of metrics.

Logs name ids, never remarks, names of attendees, tokens or whole events: they are kept longer and
read by more people than the records are.
"""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

# Both read their POWERTOOLS_* variables themselves; nothing here reaches outside the process.
logger = Logger()
metrics = Metrics()


def count(metric: str, number: int = 1) -> None:
    """
    Count something a person watches; written as one EMF line when the invocation ends.
    """
    metrics.add_metric(name=metric, unit=MetricUnit.Count, value=number)
