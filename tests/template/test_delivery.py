"""Events and queues: no event gets lost."""

import json

import pytest

from shared.contracts.events import SOURCE
from shared.domain.events import ComplianceRecalculationRequested, SessionFinalized
from shared.domain.tampering import Table
from shared.storage.models import SESSION
from testing.template import Json, Template, text

QUEUE = "AWS::SQS::Queue"
RULES = [("RecalculationRule", ComplianceRecalculationRequested), ("SealRule", SessionFinalized)]
S3 = "arn:${AWS::Partition}:s3:::"
MAPPING = "AWS::Lambda::EventSourceMapping"


def _redrive(queue: Json) -> str:
    """Return the dead-letter queue of a queue, if it has one."""
    return text(queue.get("RedrivePolicy", {}).get("deadLetterTargetArn", ""))


def _targets(template: Template) -> list[Json]:
    """Return the targets of all rules."""
    rules = template.resources("AWS::Events::Rule").values()
    return [target for rule in rules for target in rule["Targets"]]


def _last_resorts(template: Template) -> set[str]:
    """Return the queues that only hold messages that failed."""
    redrives = {_redrive(queue) for queue in template.resources(QUEUE).values()}
    return (redrives - {""}) | {"FailureQueue.Arn"}


def test_queues_have_a_dead_letter_queue(template: Template) -> None:
    """A message that fails at every try is moved to it."""
    queues = template.resources(QUEUE)

    without = {f"{name}.Arn" for name, queue in queues.items() if not _redrive(queue)}

    assert without == _last_resorts(template)


def test_queues_are_encrypted(template: Template) -> None:
    """Messages name people, so no queue keeps them in the clear."""
    queues = template.resources(QUEUE).values()

    assert all(queue["SqsManagedSseEnabled"] for queue in queues)


def test_queues_keep_what_failed_as_long_as_sqs_allows(template: Template) -> None:
    """A failed message stays for 14 days, so that people have time to notice."""
    kept = {
        name: queue["MessageRetentionPeriod"]
        for name, queue in template.resources(QUEUE).items()
        if f"{name}.Arn" in _last_resorts(template)
    }

    assert set(kept.values()) == {14 * 24 * 3600}


def test_queues_take_messages_only_from_their_source(template: Template) -> None:
    """Only one rule or bucket may send to a queue, not every one of every account."""
    statements = [
        statement
        for policy in template.resources("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
    ]

    sources = [text(one["Condition"]["ArnEquals"]["aws:SourceArn"]) for one in statements]

    assert {source.removesuffix(".Arn").removeprefix(S3) for source in sources} == {
        *template.resources("AWS::Events::Rule"),
        template.properties("EvidenceBucket")["BucketName"]["Fn::Sub"],
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
    """Events of another stack in the same account are ignored."""
    rule = template.properties(name)

    assert text(rule["EventBusName"]) == "EventBus"
    assert text(template.properties("EventBus")["Name"]) == "AWS::StackName"


def test_mappings_report_single_failures(template: Template) -> None:
    """A message that fails does not repeat the others of its batch."""
    mappings = template.resources(MAPPING).values()

    assert mappings
    assert all(
        mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for mapping in mappings
    )


def test_recalculation_leaves_concurrency_to_the_api(template: Template) -> None:
    """A new account runs ten functions at once; the many messages of a large session take a few."""
    mapping = template.properties("RecalculationQueueMapping")

    assert mapping["ScalingConfig"]["MaximumConcurrency"] < 10 / 2


def test_a_bad_record_does_not_block_the_stream(template: Template) -> None:
    """A change that fails is isolated, retried a few times and moved to a queue."""
    mapping = template.properties("RecordChangeMapping")

    assert mapping["BisectBatchOnFunctionError"]
    assert 0 < mapping["MaximumRetryAttempts"] < 10
    assert text(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == "FailureQueue.Arn"


def test_the_stream_brings_only_what_happens_behind_the_api(template: Template) -> None:
    """New records are announced by their session; the stream brings removals and changes only."""
    filters = template.properties("RecordChangeMapping")["FilterCriteria"]["Filters"]

    patterns = [json.loads(entry["Pattern"]) for entry in filters]

    assert patterns == [{"eventName": ["REMOVE", "MODIFY"]}]


@pytest.mark.parametrize("table", ["Audit", "CourseAudit", "Record", "Session", "Course"])
def test_the_witness_misses_nothing(template: Template, table: str) -> None:
    """A change comes again until the stream is about to forget it, and is then kept aside."""
    mapping = template.properties(f"{table}WitnessMapping")

    assert text(mapping["FunctionName"]) == "WitnessChangesFunction"
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["BisectBatchOnFunctionError"]
    assert "MaximumRetryAttempts" not in mapping
    assert 20 * 3600 < mapping["MaximumRecordAgeInSeconds"] < 24 * 3600
    assert text(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == "FailureQueue.Arn"


def test_the_night_looks_at_every_mapping_of_the_witness(template: Template) -> None:
    """Each is named for the table whose stream it reads; a table that is witnessed is looked at."""
    its = template.properties("VerifySealedSessionsFunction")["Environment"]["Variables"]
    pairs = dict(pair.split("=") for pair in text(its["WITNESS_MAPPINGS"]).split())

    sources = {
        f"${{{name}}}": text(mapping["EventSourceArn"])
        for name, mapping in template.resources(MAPPING).items()
        if name.endswith("WitnessMapping")
    }

    assert {sources[mapping]: table for table, mapping in pairs.items()} == {
        f"{table}Table.StreamArn": table.value for table in Table
    }


def test_the_witness_is_soon_there(template: Template) -> None:
    """Changes wait a second for company, not more."""
    mappings = template.resources(MAPPING).items()

    windows = {
        mapping["MaximumBatchingWindowInSeconds"]
        for name, mapping in mappings
        if name.endswith("WitnessMapping")
    }

    assert windows == {1}


def test_the_witness_leaves_out_only_new_rows(template: Template) -> None:
    """Whoever joins a roster is no change; everything else of a session is looked at."""
    filtered = {
        name: mapping["FilterCriteria"]["Filters"]
        for name, mapping in template.resources(MAPPING).items()
        if name.endswith("WitnessMapping") and "FilterCriteria" in mapping
    }

    patterns = [json.loads(entry["Pattern"]) for entry in filtered.pop("SessionWitnessMapping")]

    assert filtered == {}
    assert patterns == [
        {"eventName": ["REMOVE", "MODIFY"]},
        {"dynamodb": {"Keys": {"item": {"S": [SESSION]}}}},
    ]


def test_every_consumer_can_give_up(template: Template) -> None:
    """An asynchronous call that fails ends in a queue."""
    polled = {text(mapping["FunctionName"]) for mapping in template.resources(MAPPING).values()}
    started = {
        text(permission["FunctionName"])
        for permission in template.resources("AWS::Lambda::Permission").values()
        if permission["Principal"] != "apigateway.amazonaws.com"
    }

    assert polled == {
        "RecalculateComplianceFunction",
        "SealSessionFunction",
        "StampSealsFunction",
        "WitnessChangesFunction",
    }
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
    """An outbox entry that is due waits a minute at most."""
    rule = template.properties("RelayOutboxFunctionEveryMinute")

    assert rule["ScheduleExpression"] == "rate(1 minute)"
