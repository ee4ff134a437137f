"""What the functions count, in the format that CloudWatch reads from the log."""

import pytest

from testing.environment import ENVIRONMENT
from tests.handlers import steps
from tests.handlers.calls import invoke, sample
from tests.handlers.conftest import Console
from tests.handlers.stack import Stack
from tests.handlers.steps import FORKLIFT, PDF, arrival


def check(stack: Stack, content: bytes) -> None:
    """Upload a sheet and have it checked."""
    key = steps.upload(content=content).body["attendanceFileKey"]
    invoke("hash_evidence", arrival(stack, key))


def test_metrics_are_named_as_the_alarms_expect(stack: Stack, console: Console) -> None:
    """There is one line a request, with namespace, the one dimension, and every count."""
    steps.make_ready(stack, FORKLIFT)
    console.clear()

    steps.finalize(FORKLIFT)

    (line,) = console.metrics
    (about,) = line["_aws"]["CloudWatchMetrics"]
    assert about["Namespace"] == ENVIRONMENT["POWERTOOLS_METRICS_NAMESPACE"]
    assert about["Dimensions"] == [["service"]]
    assert line["service"] == ENVIRONMENT["POWERTOOLS_SERVICE_NAME"]
    assert {metric["Name"]: metric["Unit"] for metric in about["Metrics"]} == {
        "SessionsFinalized": "Count",
        "RecordsCreated": "Count",
        "OutboxLeftOver": "Count",
    }


def test_metrics_count_a_finalized_session_and_its_records(stack: Stack, console: Console) -> None:
    """There are one session, thirteen records, and no outbox entry."""
    steps.make_ready(stack)

    steps.finalize()

    assert console.counted("SessionsFinalized") == [1]
    assert console.counted("RecordsCreated") == [13]
    assert console.counted("OutboxLeftOver") == [0]


def test_metrics_count_no_session_that_was_refused(stack: Stack, console: Console) -> None:
    """A refusal is counted nowhere, and an empty line would only cost."""
    steps.enter()
    console.clear()

    steps.finalize(FORKLIFT)

    assert console.metrics == stack.items("Records") == []


@pytest.mark.parametrize(
    ("content", "metric"), [(PDF, "EvidenceAccepted"), (b"hello", "EvidenceRejected")]
)
def test_metrics_count_the_outcome_of_a_sheet(
    stack: Stack, console: Console, content: bytes, metric: str
) -> None:
    """Many rejected sheets show a scanner that is set up wrong."""
    steps.enter()

    check(stack, content)

    assert console.counted(metric) == [1]
    assert len(console.metrics) == 1


def test_metrics_count_a_sheet_that_came_too_late(stack: Stack, console: Console) -> None:
    """A late sheet shows a misunderstanding."""
    steps.enter()
    key = steps.upload().body["attendanceFileKey"]
    cancelled = {**steps.SESSIONS[FORKLIFT], "status": "CANCELLED"}
    steps.put(FORKLIFT, cancelled)

    invoke("hash_evidence", arrival(stack, key))

    assert console.counted("EvidenceLate") == [1]


def test_metrics_count_a_repeated_notification_once(stack: Stack, console: Console) -> None:
    """S3 sends an event at least once; a sheet is accepted once."""
    steps.enter()
    event = arrival(stack, steps.upload().body["attendanceFileKey"])

    invoke("hash_evidence", event)
    invoke("hash_evidence", event)

    assert console.counted("EvidenceAccepted") == [1]


def test_metrics_count_who_was_recalculated(stack: Stack, console: Console) -> None:
    """There were fourteen people on the roster."""
    steps.make_ready(stack)
    steps.finalize()

    invoke("recalculate_compliance", sample("recalculate_compliance"))

    assert console.counted("ComplianceRecalculated") == [14]


def test_metrics_are_written_even_if_the_function_fails(stack: Stack, console: Console) -> None:
    """What was done before a failure is counted."""
    steps.enter()
    event = arrival(stack, steps.upload().body["attendanceFileKey"])
    event["Records"].append({"s3": {}})

    with pytest.raises(ExceptionGroup):
        invoke("hash_evidence", event)

    assert console.counted("EvidenceAccepted") == [1]
