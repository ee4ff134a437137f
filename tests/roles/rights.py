"""What each function needs, what could be asked of AWS at all, and who else judges it."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

from local.sam import logical_id
from testing.arns import ACCOUNT, Arns
from testing.template import Template, text
from tests.handlers.needs import recorded

JUDGE = Path(__file__).with_name("simulate.mjs")
ALLOWED = "Allowed"
# The bucket's policy looks at these two; they are those of any call from Lambda.
OVER_TLS = {"aws:SecureTransport": "true", "aws:SourceIp": "203.0.113.7"}

FOLDERS = ("evidence", "packs", "reports", "sealed", "seals", "stamps", "tampering", "witness")
INDEXES = {"SessionsTable": ("byStatus",)}
# All that could be done to what the product keeps: what some function does, and what none may.
ACTIONS = {
    "table": """
        dynamodb BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem GetItem PutItem Query
        Scan UpdateItem PartiQLSelect PartiQLInsert PartiQLUpdate PartiQLDelete DeleteTable
        UpdateTable UpdateTimeToLive
    """,
    "index": "dynamodb Query Scan PartiQLSelect",
    "stream": "dynamodb DescribeStream GetRecords GetShardIterator",
    "object": """
        s3 GetObject GetObjectVersion GetObjectTagging GetObjectVersionTagging GetObjectRetention
        PutObject PutObjectAcl PutObjectTagging PutObjectVersionTagging PutObjectRetention
        PutObjectLegalHold DeleteObject DeleteObjectVersion DeleteObjectTagging
        DeleteObjectVersionTagging BypassGovernanceRetention
    """,
    "bucket": """
        s3 ListBucket ListBucketVersions DeleteBucket DeleteBucketPolicy PutBucketPolicy
        PutBucketNotification PutBucketVersioning PutBucketObjectLockConfiguration
        PutLifecycleConfiguration
    """,
    "key": """
        kms Sign Verify GetPublicKey GenerateMac VerifyMac PutKeyPolicy CreateGrant DisableKey
        ScheduleKeyDeletion
    """,
    "bus": "events PutEvents DeleteEventBus",
    "queue": """
        sqs SendMessage ReceiveMessage DeleteMessage GetQueueAttributes PurgeQueue
        SetQueueAttributes DeleteQueue
    """,
    "function": "lambda InvokeFunction UpdateFunctionCode UpdateFunctionConfiguration",
}


# Right, target, and the functions that need it where no test of a handler brings them.
RARELY = (
    # An answer was lost, and what was written is read back; or a number of an entry is taken.
    (
        "dynamodb:GetItem",
        "AUDIT_TABLE",
        """
        finalize_session hash_evidence register_session save_attendance seal_session upload_evidence
        verify_session
        """,
    ),
    ("dynamodb:GetItem", "COURSE_AUDIT_TABLE", "register_course"),
    ("dynamodb:GetItem", "SESSIONS_TABLE", "finalize_session register_session relay_outbox"),
    # There are streams, and a witness that follows them.
    *(
        ("dynamodb:DescribeTable", table, "verify_sealed_sessions")
        for table in (
            *("SESSIONS_TABLE", "RECORDS_TABLE", "AUDIT_TABLE"),
            *("COURSES_TABLE", "COURSE_AUDIT_TABLE"),
        )
    ),
    ("lambda:GetEventSourceMapping", "WITNESS_MAPPINGS", "verify_sealed_sessions"),
    # There are more people than one transaction takes.
    ("dynamodb:BatchWriteItem", "RECORDS_TABLE", "finalize_session relay_outbox"),
    ("dynamodb:PutItem", "SESSIONS_TABLE", "relay_outbox"),
    # Something is there already and compared, was noted, or was reported the night before.
    ("s3:GetObject", "EVIDENCE_BUCKET/sealed", "seal_session"),
    (
        "s3:GetObjectVersion",
        "EVIDENCE_BUCKET/stamps",
        "build_audit_pack verify_session verify_sealed_sessions",
    ),
    (
        "s3:GetObjectVersion",
        "EVIDENCE_BUCKET/tampering",
        "build_audit_pack verify_session verify_sealed_sessions",
    ),
    ("s3:GetObjectVersion", "EVIDENCE_BUCKET/witness", "verify_session verify_sealed_sessions"),
    ("kms:Verify", "REPORT_KEY", "verify_sealed_sessions"),
    # There is an authority that stamps reports.
    ("s3:ListBucketVersions", "EVIDENCE_BUCKET?stamps", "verify_sealed_sessions"),
    # S3 tells how long an object is kept only to those who may read that.
    ("s3:GetObjectRetention", "EVIDENCE_BUCKET/evidence", "hash_evidence seal_session"),
    ("s3:GetObjectRetention", "EVIDENCE_BUCKET/reports", "stamp_seals"),
    ("s3:GetObjectRetention", "EVIDENCE_BUCKET/seals", "stamp_seals"),
    # Without it S3 answers 403 for what is not there.
    *(
        ("s3:ListBucket", f"EVIDENCE_BUCKET{folder}", who)
        for folder in ("", *(f"?{folder}" for folder in FOLDERS))
        for who in ("build_audit_pack hash_evidence verify_session verify_sealed_sessions",)
    ),
)


@dataclass(frozen=True, order=True)
class Right:
    """
    An action on one resource.

    A list of a bucket is one of the keys with a *prefix*. *policy_of* names the resource if it has
    a policy of its own.
    """

    action: str
    resource: str
    prefix: str = ""
    policy_of: str = field(default="", compare=False)

    @property
    def context(self) -> dict[str, str]:
        return {"s3:prefix": f"{self.prefix}/nobody/"} if self.prefix else {}


class Account:
    """The deployed template in some account: its roles, its resources, and the needs of both."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._arns = Arns(template)

    def arn(self, name: str) -> str:
        """Return the ARN of a resource of the template."""
        return self._arns.arn(name)

    def needs(self, function: str) -> set[Right]:
        """Return the rights of every call of a function, and of Lambda in its name."""
        told = {right for need in recorded()[function] for right in self._rights(function, need)}
        return told | set(self._rare_needs(function)) | set(self._needs_of_lambda(function))

    def _rare_needs(self, function: str) -> Iterator[Right]:
        for action, target, who in RARELY:
            if function in who.split():
                yield from self._rights(function, f"{action} {target}")

    def could_need(self, function: str) -> set[Right]:
        """Return the same, where reading the latest version and reading any count as one."""
        needs = self.needs(function)
        return needs | {_other_way_to_read(right) for right in needs}

    def everything(self) -> list[Right]:
        """Return every right there is on what the product keeps."""
        return [
            Right(f"{service}:{action}", resource, prefix, self._policy_of(resource))
            for kind, (service, *actions) in _spelled_out()
            for resource, action in product(self._resources(kind), actions)
            for prefix in ("", *(FOLDERS if action.startswith("ListBucket") else ()))
        ]

    def verdicts(
        self, asked: Sequence[tuple[str, Right]], context: dict[str, str] | None = None
    ) -> list[str]:
        """Let the judge decide on each right that a function asks for."""
        question = {
            "account": ACCOUNT,
            "roles": {_role(function): self._policies(function) for function, _ in asked},
            "resourcePolicies": self._resource_policies(),
            "requests": [
                {
                    "role": _role(function),
                    "action": right.action,
                    "resource": right.resource,
                    "policyOf": right.policy_of,
                    "context": right.context | (context or OVER_TLS),
                }
                for function, right in asked
            ],
        }
        ran = subprocess.run(  # noqa: S603 - our own program
            ["node", str(JUDGE)],  # noqa: S607 - whichever node is on the path
            input=json.dumps(question),
            capture_output=True,
            check=True,
            text=True,
        )
        verdicts: list[str] = json.loads(ran.stdout)
        return verdicts

    def _policies(self, function: str) -> list[dict[str, Any]]:
        return [
            {
                "name": policy["PolicyName"],
                "policy": self._arns.resolved(policy["PolicyDocument"]),
            }
            for policy in self._template.role(logical_id(function))["Policies"]
        ]

    def _resource_policies(self) -> dict[str, Any]:
        bucket = self._template.properties("EvidenceBucketPolicy")["PolicyDocument"]
        keys = self._template.resources("AWS::KMS::Key").items()
        return {
            "EvidenceBucket": self._arns.resolved(bucket),
            **{name: self._arns.resolved(key.get("KeyPolicy", _LEFT_TO_IAM)) for name, key in keys},
        }

    def _policy_of(self, resource: str) -> str:
        """Name the resource of an ARN, if it is a key or in the bucket of evidence."""
        if resource.startswith(self._arns.arn("EvidenceBucket")):
            return "EvidenceBucket"
        return resource.rpartition("/")[2] if ":kms:" in resource else ""

    def _rights(self, function: str, need: str) -> Iterator[Right]:
        action, _, target = need.partition(" ")
        target, _, prefix = target.partition("?")
        variable, _, rest = target.partition("/")
        for name in self._resources_of(logical_id(function), variable):
            resource = self._arns.arn(name) + (f"/{rest}" if rest else "")
            if action.startswith("s3:") and rest:
                resource += "/nobody/nothing"
            yield Right(action, resource, prefix, self._policy_of(resource))

    def _resources_of(self, function: str, variable: str) -> list[str]:
        """Name what a function's variable leads to: a resource, or the keys of all writers."""
        variables = self._template.functions[function]["Environment"]["Variables"]
        of_many = {"ORIGIN_KEY": "ORIGIN_KEYS", "WITNESS_MAPPINGS": "WITNESS_MAPPINGS"}
        if variable == "WITNESS_MAPPINGS" or (variable in of_many and variable not in variables):
            pairs = text(variables[of_many[variable]]).split()
            return [pair.partition("=")[2].strip("${}") for pair in pairs]
        if variable == "EVIDENCE_BUCKET":
            bucket = self._arns.resolved({"Ref": "EvidenceBucket"})
            assert self._arns.resolved(variables[variable]) == bucket
            return ["EvidenceBucket"]
        return [text(variables[variable]).removesuffix(".Arn")]

    def _needs_of_lambda(self, function: str) -> Iterator[Right]:
        """Yield what Lambda does with the function's role: it polls, and keeps what failed."""
        name = logical_id(function)
        for mapping in self._template.resources("AWS::Lambda::EventSourceMapping").values():
            if text(mapping["FunctionName"]) == name:
                yield from self._polling(self._arns.resolved(mapping["EventSourceArn"]))
                yield from self._keeping(mapping)
        for config in self._template.resources("AWS::Lambda::EventInvokeConfig").values():
            if text(config["FunctionName"]) == name:
                yield from self._keeping(config)

    def _polling(self, source: str) -> Iterator[Right]:
        actions = (
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
            if ":sqs:" in source
            else ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
        )
        yield from (Right(action, source) for action in actions)

    def _keeping(self, config: dict[str, Any]) -> Iterator[Right]:
        if destination := config.get("DestinationConfig"):
            queue = self._arns.resolved(destination["OnFailure"]["Destination"])
            yield Right("sqs:SendMessage", queue)

    def _resources(self, kind: str) -> list[str]:
        match kind:
            case "index":
                return [
                    f"{self._arns.arn(table)}/index/{index}"
                    for table, indexes in INDEXES.items()
                    for index in indexes
                ]
            case "stream":
                tables = self._template.resources("AWS::DynamoDB::Table").items()
                streamed = [name for name, table in tables if "StreamSpecification" in table]
                return [
                    self._arns.resolved({"Fn::GetAtt": [name, "StreamArn"]}) for name in streamed
                ]
            case "object":
                bucket = self._arns.arn("EvidenceBucket")
                return [f"{bucket}/{folder}/nobody/nothing" for folder in FOLDERS]
        return [self._arns.arn(name) for name in self._template.resources(_TYPES[kind])]


def _spelled_out() -> Iterator[tuple[str, list[str]]]:
    yield from ((kind, told.split()) for kind, told in ACTIONS.items())


def _other_way_to_read(right: Right) -> Right:
    versions = right.action.endswith("GetObjectVersion")
    other = "s3:GetObject" if versions else "s3:GetObjectVersion"
    return replace(right, action=other) if right.action.startswith("s3:GetObject") else right


def _role(function: str) -> str:
    return f"{logical_id(function)}Role"


_TYPES = {
    "table": "AWS::DynamoDB::Table",
    "bucket": "AWS::S3::Bucket",
    "key": "AWS::KMS::Key",
    "bus": "AWS::Events::EventBus",
    "queue": "AWS::SQS::Queue",
    "function": "AWS::Lambda::Function",
}
# What AWS gives a key for which no policy is declared.
_LEFT_TO_IAM = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
