"""Events and queues: nothing that was announced gets lost."""

import json

import pytest

from shared.contracts.events import SOURCE
from shared.domain.events import ComplianceRecalculationRequested, SessionFinalized
from tests.template.cloudformation import Json, Template, text

QUEUE = "AWS::SQS::Queue"
RULES = [("RecalculationRule", ComplianceRecalculationRequested), ("SealRule", SessionFinalized)]
MAPPING = "AWS::Lambda::EventSourceMapping"


def _redrive(queue: Json) -> str:
    """Return where the queue's own failures go, if anywhere."""
    return text(queue.get("RedrivePolicy", {}).get("deadLetterTargetArn", ""))


def _targets(template: Template) -> list[Json]:
    """Return the targets of all rules."""
    rules = template.resources("AWS::Events::Rule").values()
    return [target for rule in rules for target in rule["Targets"]]


def _last_resorts(template: Template) -> set[str]:
    """Return the queues that only hold what failed."""
    redrives = {_redrive(queue) for queue in template.resources(QUEUE).values()}
    return (redrives - {""}) | {"FailureQueue.Arn"}


def test_queues_have_a_dead_letter_queue(template: Template) -> None:
    """Every queue that is worked off sets aside what cannot be worked off."""
    queues = template.resources(QUEUE)

    without = {f"{name}.Arn" for name, queue in queues.items() if not _redrive(queue)}

    assert without == _last_resorts(template)


def test_queues_are_encrypted(template: Template) -> None:
    """Messages name people, so no queue keeps them in the clear."""
    queues = template.resources(QUEUE).values()

    assert all(queue["SqsManagedSseEnabled"] for queue in queues)


def test_queues_keep_what_failed_as_long_as_sqs_allows(template: Template) -> None:
    """A message set aside waits 14 days for someone to notice."""
    kept = {
        name: queue["MessageRetentionPeriod"]
        for name, queue in template.resources(QUEUE).items()
        if f"{name}.Arn" in _last_resorts(template)
    }

    assert set(kept.values()) == {14 * 24 * 3600}


def test_queues_take_messages_only_from_their_rule(template: Template) -> None:
    """Whoever may send from outside is one rule at a time, not every rule of every account."""
    statements = [
        statement
        for policy in template.resources("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
    ]

    sources = [text(one["Condition"]["ArnEquals"]["aws:SourceArn"]) for one in statements]

    assert {source.removesuffix(".Arn") for source in sources} == {
        *template.resources("AWS::Events::Rule")
    }


@pytest.mark.parametrize(
    ("function", "queue_name"),
    [
        ("RecalculateComplianceFunction", "RecalculationQueue"),
        ("SealSessionFunction", "SealQueue"),
    ],
)
def test_a_message_stays_hidden_while_it_is_worked_on(
    template: Template, function: str, queue_name: str
) -> None:
    """The visibility timeout is six times the consumer's, as Lambda asks."""
    consumer = template.functions[function]
    queue = template.properties(queue_name)

    assert queue["VisibilityTimeout"] == 6 * consumer["Timeout"]


def test_rules_set_aside_what_they_cannot_deliver(template: Template) -> None:
    """Every target of every rule has a dead-letter queue and a bounded retry."""
    targets = _targets(template)

    aside = {text(target["DeadLetterConfig"]["Arn"]) for target in targets}

    assert aside <= _last_resorts(template)
    assert all("MaximumRetryAttempts" in target["RetryPolicy"] for target in targets)


@pytest.mark.parametrize(("name", "event"), RULES)
def test_rules_listen_to_what_is_published(template: Template, name: str, event: type) -> None:
    """The rule's pattern names source and type as the publisher writes them."""
    pattern = template.properties(name)["EventPattern"]

    assert pattern["source"] == [SOURCE]
    assert pattern["detail-type"] == [event.__name__]


@pytest.mark.parametrize(("name", "_event"), RULES)
def test_rules_listen_on_the_stack_s_own_bus(template: Template, name: str, _event: type) -> None:
    """Events of another stack in the same account are none of ours."""
    rule = template.properties(name)

    assert text(rule["EventBusName"]) == "EventBus"
    assert text(template.properties("EventBus")["Name"]) == "AWS::StackName"


def test_mappings_report_single_failures(template: Template) -> None:
    """One bad message does not bring its neighbours back."""
    mappings = template.resources(MAPPING).values()

    assert mappings
    assert all(
        mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for mapping in mappings
    )


def test_a_bad_record_does_not_block_the_stream(template: Template) -> None:
    """A change that cannot be followed is cut out, tried a few times and set aside."""
    mapping = template.properties("RecordChangeMapping")

    assert mapping["BisectBatchOnFunctionError"]
    assert 0 < mapping["MaximumRetryAttempts"] < 10
    assert text(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == "FailureQueue.Arn"


def test_the_stream_brings_only_what_happens_behind_the_api(template: Template) -> None:
    """New records are announced by their session; only removals and changes come this way."""
    filters = template.properties("RecordChangeMapping")["FilterCriteria"]["Filters"]

    patterns = [json.loads(entry["Pattern"]) for entry in filters]

    assert patterns == [{"eventName": ["REMOVE", "MODIFY"]}]


def test_every_consumer_can_give_up(template: Template) -> None:
    """Whatever starts a function without waiting for an answer ends in a queue if it fails."""
    polled = {text(mapping["FunctionName"]) for mapping in template.resources(MAPPING).values()}
    started = {
        text(permission["FunctionName"])
        for permission in template.resources("AWS::Lambda::Permission").values()
        if permission["Principal"] != "apigateway.amazonaws.com"
    }

    assert polled == {"RecalculateComplianceFunction", "SealSessionFunction"}
    assert started == {
        "HashEvidenceFunction",
        "ReconcileSessionsFunction",
        "RelayOutboxFunction",
        "VerifySealedSessionsFunction",
    }
    assert polled | started <= template.holders("sqs:SendMessage", "FailureQueue.Arn")


def test_sheets_are_checked_when_they_arrive(template: Template) -> None:
    """Every object created under evidence/ starts the check, however it was put there."""
    notifications = template.properties("EvidenceBucket")["NotificationConfiguration"]

    (trigger,) = notifications["LambdaConfigurations"]

    assert trigger["Event"] == "s3:ObjectCreated:*"
    assert text(trigger["Function"]) == "HashEvidenceFunction.Arn"
    assert trigger["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "evidence/"}]


def test_the_relay_runs_every_minute(template: Template) -> None:
    """What a commit still owes waits a minute at most."""
    rule = template.properties("RelayOutboxFunctionEveryMinute")

    assert rule["ScheduleExpression"] == "rate(1 minute)"
