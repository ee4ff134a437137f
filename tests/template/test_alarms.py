"""Alarms: on the metric that moves, of the thing that exists."""

import re

import pytest

from local.workspace import ROOT
from tests.template.cloudformation import Json, Template, text

ALARM = "AWS::CloudWatch::Alarm"


@pytest.fixture
def alarms(template: Template) -> dict[str, Json]:
    """Return all alarms by name."""
    return template.resources(ALARM)


def _dimensions(alarm: Json) -> dict[str, str]:
    """Return what the alarm's metric is narrowed to."""
    return {dimension["Name"]: text(dimension["Value"]) for dimension in alarm["Dimensions"]}


@pytest.mark.parametrize("queue", ["FailureQueue", "RecalculationDeadLetterQueue"])
def test_alarms_watch_every_queue_of_failures(alarms: dict[str, Json], queue: str) -> None:
    """One message set aside is enough; messages that SQS moves there count only as visible ones."""
    (alarm,) = [
        alarm
        for alarm in alarms.values()
        if _dimensions(alarm) == {"QueueName": f"{queue}.QueueName"}
    ]

    assert (alarm["Namespace"], alarm["MetricName"]) == (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
    )
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert alarm["TreatMissingData"] == "notBreaching"


def test_alarms_name_what_exists(template: Template, alarms: dict[str, Json]) -> None:
    """An AWS metric has the dimension AWS writes, and something of this stack as its value."""
    queues = template.resources("AWS::SQS::Queue")
    existing = {("AWS/SQS", "QueueName", f"{queue}.QueueName") for queue in queues}
    existing |= {("AWS/ApiGateway", "ApiName", text(template.properties("Api")["Name"]))}

    watched = {
        (alarm["Namespace"], name, value)
        for alarm in alarms.values()
        for name, value in _dimensions(alarm).items()
    }

    assert {one for one in watched if one[0].startswith("AWS/")} <= existing


def test_alarms_read_the_metric_the_code_counts(
    alarms: dict[str, Json], environment: dict[str, str]
) -> None:
    """A metric of our own has namespace and service of the settings, and a handler counts it."""
    own = [alarm for alarm in alarms.values() if not alarm["Namespace"].startswith("AWS/")]

    handlers = "".join(path.read_text() for path in ROOT.glob("functions/*/handler.py"))

    assert {alarm["Namespace"] for alarm in own} == {environment["POWERTOOLS_METRICS_NAMESPACE"]}
    service = {"service": environment["POWERTOOLS_SERVICE_NAME"]}
    assert all(_dimensions(alarm) == service for alarm in own)
    assert all(re.search(rf'count\("{alarm["MetricName"]}"', handlers) for alarm in own)


def test_alarms_notify_whoever_the_parameter_names(alarms: dict[str, Json]) -> None:
    """Each alarm goes to the topic of the parameter, if there is one."""
    actions = [alarm["AlarmActions"]["Fn::If"] for alarm in alarms.values()]

    assert {condition for condition, _, _ in actions} == {"HasAlarmTopic"}
    assert all([text(topic) for topic in topics] == ["AlarmTopicArn"] for _, topics, _ in actions)


def test_alarms_say_what_happened(alarms: dict[str, Json]) -> None:
    """Whoever is woken reads a sentence."""
    assert all(alarm["AlarmDescription"].endswith(".") for alarm in alarms.values())
