"""Stamping by an authority outside of the company: only if one is named, and in nobody's way."""

import re
from datetime import timedelta

from shared.domain.time_stamp import TRIED
from testing.template import Json, Template, text

ARN = f"arn:aws:kms:ap-southeast-1:123456789012:key/{'0' * 36}"
KEY_ID = "1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d"
STACK = "training-sessions-prod"
CONDITION = "HasTimeStampAuthority"


def _notifications(template: Template) -> list[Json]:
    """Return what the bucket tells queues, if an authority is named."""
    notifications = template.properties("EvidenceBucket")["NotificationConfiguration"]
    condition, told, otherwise = notifications["QueueConfigurations"]["Fn::If"]
    assert (condition, otherwise) == (CONDITION, {"Ref": "AWS::NoValue"})
    return list(told)


def test_manifests_and_reports_are_told_when_they_are_stored(template: Template) -> None:
    """The bucket itself tells of them, so the sealer needs neither to know nor to wait."""
    told = {
        tuple(rule["Value"] for rule in one["Filter"]["S3Key"]["Rules"]): text(one["Queue"])
        for one in _notifications(template)
    }

    assert told == {
        ("seals/", "/manifest.json"): "StampQueue.Arn",
        ("reports/", ".json"): "StampQueue.Arn",
    }


def test_bucket_waits_for_the_right_to_send(template: Template) -> None:
    """S3 refuses a notification to a queue that does not take its messages yet."""
    assert "StampQueuePolicy" in template.document["Resources"]["EvidenceBucket"]["DependsOn"]


def test_function_is_there_only_with_an_authority(template: Template) -> None:
    """Without one nothing may write a stamp, and nothing polls the empty queue."""
    conditional = {
        name
        for name, resource in template.document["Resources"].items()
        if resource.get("Condition") == CONDITION
    }

    assert {"StampSealsFunction", "StampSealsFunctionRole", "StampQueueMapping"} <= conditional


def test_stamping_is_tried_for_as_long_as_verification_takes_it(template: Template) -> None:
    """Calmly: each try a quarter of an hour after the one before, ten days in all."""
    queue = template.properties("StampQueue")
    pause = timedelta(seconds=queue["VisibilityTimeout"])

    assert pause == timedelta(minutes=15)
    assert pause * queue["RedrivePolicy"]["maxReceiveCount"] == TRIED
    assert pause.total_seconds() >= 6 * template.functions["StampSealsFunction"]["Timeout"]
    assert queue["MessageRetentionPeriod"] > TRIED.total_seconds()


def test_stamping_writes_stamps_alone(template: Template) -> None:
    """It can neither seal nor report, and no other function can stamp."""
    mine = {
        (grant.action, grant.resource.rpartition("}")[2])
        for grant in template.grants("StampSealsFunction")
        if grant.action.startswith(("s3:", "dynamodb:", "kms:"))
    }

    assert mine == {
        ("s3:GetObject", "/seals/*"),
        ("s3:GetObjectRetention", "/seals/*"),
        ("s3:GetObject", "/reports/*"),
        ("s3:GetObjectRetention", "/reports/*"),
        ("s3:PutObject", "/stamps/*"),
        ("s3:PutObjectRetention", "/stamps/*"),
    }


def test_stamps_are_read_by_those_who_verify_and_pack(template: Template) -> None:
    """No other function needs them."""
    readers = {
        function
        for function in template.functions
        for grant in template.grants(function)
        if (grant.action, grant.resource.rpartition("}")[2]) == ("s3:GetObjectVersion", "/stamps/*")
    }

    assert readers == {
        "VerifySessionFunction",
        "VerifySealedSessionsFunction",
        "BuildAuditPackFunction",
    }


def test_authority_is_named_with_its_root(template: Template) -> None:
    """A stack with an address and no root is refused before it is deployed."""
    (rule,) = template.document["Rules"].values()

    assert rule["RuleCondition"] == template.document["Conditions"][CONDITION]
    assert rule["Assertions"][0]["Assert"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "TimeStampAuthorityRoot"}, "none"]}]
    }


def _room(template: Template, value: object) -> int:
    """Return how many bytes a variable may take, with long names of stack and region."""
    parameters = template.document["Parameters"]
    match value:
        case {"Ref": name} if name in parameters:
            known = parameters[name]
            return int(known.get("MaxLength", len(str(known["Default"]))))
        case {"Fn::Sub": said}:
            known = re.sub(r"\$\{\w+Key\}", KEY_ID, re.sub(r"\$\{AWS::\w+\}", STACK, said))
            return len(re.sub(r"\$\{[^}]*\.Arn\}", ARN, known))
        case {"Fn::GetAtt": _}:
            return len(ARN)
        case {"Ref": "EventBus"}:
            return len(STACK)
        case {"Ref": table}:
            return len(f"{STACK}-{table}-1ABCDEFGHIJKL")
        case _:
            return len(str(value))


def test_settings_leave_room_for_the_root(template: Template) -> None:
    """Lambda takes 4 KB of variables, names included, and a root certificate is most of that."""
    taken = {
        name: sum(len(variable) + _room(template, value) for variable, value in variables.items())
        for name, function in template.functions.items()
        for variables in [function["Environment"]["Variables"]]
    }

    assert max(taken.values()) <= 4096
