"""Alarms watch metrics that change, on resources that exist."""

import re

import pytest

from local.workspace import ROOT
from shared.domain.witness import PATIENCE
from testing.template import Json, Template, text

ALARM = "AWS::CloudWatch::Alarm"


@pytest.fixture
def alarms(template: Template) -> dict[str, Json]:
    """Return all alarms by name."""
    return template.resources(ALARM)


def _dimensions(alarm: Json) -> dict[str, str]:
    """Return the dimensions of the alarm's metric."""
    return {dimension["Name"]: text(dimension["Value"]) for dimension in alarm["Dimensions"]}


@pytest.mark.parametrize(
    "queue", ["FailureQueue", "RecalculationDeadLetterQueue", "StampDeadLetterQueue"]
)
def test_alarms_watch_every_queue_of_failures(alarms: dict[str, Json], queue: str) -> None:
    """One message is enough; SQS counts the messages it moves there as visible only."""
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


@pytest.mark.parametrize(("metric", "most"), [("Errors", 1), ("IteratorAge", 900_000)])
def test_alarms_tell_of_a_witness_that_is_stuck(
    alarms: dict[str, Json], metric: str, most: int
) -> None:
    """It fails, or is later than verification waits for it: PATIENCE, in milliseconds."""
    (alarm,) = [alarm for alarm in alarms.values() if alarm["MetricName"] == metric]

    assert _dimensions(alarm) == {"FunctionName": "WitnessChangesFunction"}
    assert (alarm["Namespace"], alarm["Threshold"]) == ("AWS/Lambda", most)
    assert PATIENCE.total_seconds() * 1000 == 900_000


def test_alarms_name_what_exists(template: Template, alarms: dict[str, Json]) -> None:
    """
    An AWS metric has the dimension that AWS writes, with a resource of this stack as
    its value.
    """
    queues = template.resources("AWS::SQS::Queue")
    existing = {("AWS/SQS", "QueueName", f"{queue}.QueueName") for queue in queues}
    functions = template.functions
    existing |= {("AWS/Lambda", "FunctionName", name) for name in functions}
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
    """Our own metric has namespace and service of the settings, and a handler counts it."""
    own = [alarm for alarm in alarms.values() if not alarm["Namespace"].startswith("AWS/")]

    counting = [*ROOT.glob("functions/*/handler.py"), *ROOT.glob("shared/runtime/*.py")]
    handlers = "".join(path.read_text() for path in counting)

    assert {alarm["Namespace"] for alarm in own} == {environment["POWERTOOLS_METRICS_NAMESPACE"]}
    service = {"service": environment["POWERTOOLS_SERVICE_NAME"]}
    assert all(_dimensions(alarm) == service for alarm in own)
    assert all(re.search(rf'count\("{alarm["MetricName"]}"', handlers) for alarm in own)


def test_alarms_notify_the_topic_of_the_parameter(alarms: dict[str, Json]) -> None:
    """Each alarm goes to the topic of the parameter, if there is one."""
    actions = [alarm["AlarmActions"]["Fn::If"] for alarm in alarms.values()]

    assert {condition for condition, _, _ in actions} == {"HasAlarmTopic"}
    assert all([text(topic) for topic in topics] == ["AlarmTopicArn"] for _, topics, _ in actions)


def test_alarms_say_what_happened(alarms: dict[str, Json]) -> None:
    """The description is a sentence that says what is wrong."""
    assert all(alarm["AlarmDescription"].endswith(".") for alarm in alarms.values())
