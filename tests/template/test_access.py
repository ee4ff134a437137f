"""What each function may do, and what none may do."""

import pytest

from local.sam import logical_id
from shared.domain.origin import WRITERS as WRITERS_OF
from testing.template import Template, text

OBJECTS = (
    "/evidence/*",
    "/seals/*",
    "/sealed/*",
    "/packs/*",
    "/reports/*",
    "/witness/*",
    "/tampering/*",
    "/stamps/*",
)

# Every function with a right to write is listed here; all others only read.
WRITERS = [
    ("dynamodb:PutItem", "CoursesTable.Arn", {"RegisterCourse"}),
    ("dynamodb:PutItem", "CourseAuditTable.Arn", {"RegisterCourse"}),
    (
        "dynamodb:PutItem",
        "SessionsTable.Arn",
        {
            "RegisterSession",
            "UploadEvidence",
            "HashEvidence",
            "SaveAttendance",
            "FinalizeSession",
            "RelayOutbox",
        },
    ),
    ("dynamodb:DeleteItem", "SessionsTable.Arn", {"RegisterSession"}),
    (
        "dynamodb:PutItem",
        "AuditTable.Arn",
        {
            "RegisterSession",
            "UploadEvidence",
            "HashEvidence",
            "SaveAttendance",
            "FinalizeSession",
            "SealSession",
            "VerifySession",
        },
    ),
    ("dynamodb:PutItem", "SheetsTable.Arn", {"HashEvidence"}),
    ("dynamodb:PutItem", "RecordsTable.Arn", {"FinalizeSession"}),
    ("dynamodb:BatchWriteItem", "RecordsTable.Arn", {"FinalizeSession", "RelayOutbox"}),
    ("dynamodb:PutItem", "ComplianceTable.Arn", {"RecalculateCompliance"}),
    ("dynamodb:PutItem", "OutboxTable.Arn", {"FinalizeSession"}),
    ("dynamodb:DeleteItem", "OutboxTable.Arn", {"FinalizeSession", "RelayOutbox"}),
    ("events:PutEvents", "EventBus.Arn", {"FinalizeSession", "RelayOutbox"}),
]
# The tables whose streams are followed.
WITNESSED = ("AuditTable", "CourseAuditTable", "RecordsTable", "SessionsTable", "CoursesTable")
WRITING = ("Put", "Update", "Delete", "BatchWrite", "PartiQL")


@pytest.mark.parametrize(("action", "resource", "functions"), WRITERS)
def test_writing_belongs_to_its_functions(
    template: Template, action: str, resource: str, functions: set[str]
) -> None:
    """Only functions whose task it is may write to a table or the bus."""
    holders = template.holders(action, resource)

    assert holders == {f"{function}Function" for function in functions}


def test_writing_is_granted_only_as_listed(template: Template) -> None:
    """No function may write to a table or the bus in another way than listed here."""
    listed = {(action, resource) for action, resource, _ in WRITERS}

    granted = {
        (grant.action, grant.resource)
        for function in template.functions
        for grant in template.grants(function)
        if grant.action.partition(":")[2].startswith(WRITING)
        and grant.action.startswith(("dynamodb:", "events:"))
    }

    assert granted == listed


@pytest.mark.parametrize("action", ["UpdateItem", "DeleteItem"])
def test_records_are_never_changed(template: Template, action: str) -> None:
    """A record is a legal document: no function may update or delete one."""
    holders = template.holders(f"dynamodb:{action}", "RecordsTable.Arn")

    assert not holders


@pytest.mark.parametrize("action", ["UpdateItem", "DeleteItem", "BatchWriteItem"])
def test_audit_trail_only_grows(template: Template, action: str) -> None:
    """No function may change or remove an entry, nor write without a condition."""
    holders = template.holders(f"dynamodb:{action}", "AuditTable.Arn")

    assert not holders


def test_evidence_is_uploaded_by_one_function(template: Template) -> None:
    """Only upload_evidence, and clients with its presigned requests, can add evidence."""
    uploading = {
        (function, grant.resource.rpartition("}")[2])
        for function in template.functions
        for grant in template.grants(function)
        if grant.action == "s3:PutObject"
    }

    assert uploading == {
        ("UploadEvidenceFunction", "/evidence/*"),
        ("HashEvidenceFunction", "/tampering/*"),
        ("SealSessionFunction", "/seals/*"),
        ("SealSessionFunction", "/sealed/*"),
        ("BuildAuditPackFunction", "/packs/*"),
        ("VerifySealedSessionsFunction", "/reports/*"),
        ("StampSealsFunction", "/stamps/*"),
        ("WitnessChangesFunction", "/witness/*"),
    }


def test_function_that_decides_cannot_sign(template: Template) -> None:
    """Only seal_session may sign, and it can write neither sessions nor records."""
    signing = {
        (function, grant.resource)
        for function in template.functions
        for grant in template.grants(function)
        if grant.action == "kms:Sign"
    }

    writes = {
        grant.resource.rpartition("}")[2]
        for grant in template.grants("SealSessionFunction")
        if grant.action.startswith(("dynamodb:Put", "s3:Put"))
    }

    assert signing == {
        ("SealSessionFunction", "SigningKey.Arn"),
        ("VerifySealedSessionsFunction", "ReportKey.Arn"),
    }
    assert writes == {
        "AuditTable.Arn",
        "/seals/*",
        "/sealed/*",
        "/evidence/*",
    }


def test_witness_does_nothing_else(template: Template) -> None:
    """It reads the streams and nothing that is stored, and writes its own folder alone."""
    grants = {
        (grant.action, grant.resource.rpartition("}")[2])
        for grant in template.grants("WitnessChangesFunction")
    }

    streams = {f"{table}.StreamArn" for table in WITNESSED}
    assert {resource for action, resource in grants if action == "dynamodb:GetRecords"} == streams
    assert {action for action, _ in grants} == {
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
        "kms:GenerateMac",
        "s3:PutObject",
        "s3:PutObjectRetention",
        "sqs:SendMessage",
    }


def test_evidence_is_never_deleted(template: Template) -> None:
    """No function may delete evidence, shorten its retention or change the bucket."""
    allowed = {
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "s3:GetObjectRetention",
        "s3:GetObjectVersionTagging",
        "s3:PutObject",
        # Only seal_session, in compliance mode: S3 itself refuses to shorten or lift it.
        "s3:PutObjectRetention",
        "s3:PutObjectVersionTagging",
    }

    granted = {
        grant.action
        for function in template.functions
        for grant in template.grants(function)
        if grant.action.startswith("s3:")
    }

    assert granted == allowed


def test_tables_are_never_scanned(template: Template) -> None:
    """Every read is by key: a Scan would grow with the company's history."""
    scanning = {
        function
        for function in template.functions
        for grant in template.grants(function)
        if grant.action == "dynamodb:Scan"
    }

    assert not scanning


def test_actions_are_named_one_by_one(template: Template) -> None:
    """No grant has a wildcard in its action."""
    actions = {grant.action for name in template.functions for grant in template.grants(name)}

    assert not [action for action in actions if "*" in action]


def test_resources_are_named_one_by_one(template: Template) -> None:
    """A wildcard stands only for the objects of a bucket or the streams of a table."""
    resources = {grant.resource for name in template.functions for grant in template.grants(name)}

    wild = {resource for resource in resources if "*" in resource}

    streams = {f"${{{table}.Arn}}/stream/*" for table in WITNESSED}
    assert {resource for resource in wild if not resource.endswith(OBJECTS)} == streams


def test_roles_are_not_shared(template: Template) -> None:
    """Every function has a role of its own."""
    roles = [str(function["Role"]) for function in template.functions.values()]

    assert len(set(roles)) == len(roles)


def test_roles_take_no_managed_policy_but_logging(template: Template) -> None:
    """The one managed policy is the one SAM attaches to every role, for logs."""
    policies = {
        policy
        for function in template.functions
        for policy in template.role(function)["ManagedPolicyArns"]
    }

    assert policies == {"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}


def key_name(function: str) -> str:
    """Return the logical id of a function's key, named by its folder."""
    return f"{function.title().replace('_', '')}OriginKey"


ENTRY_WRITERS = {function for writers in WRITERS_OF.values() for function in writers.values()}
ENTRY_CHECKERS = {"WitnessChangesFunction", "VerifySealedSessionsFunction"}


def test_origin_of_an_entry_is_said_by_its_writer_alone(template: Template) -> None:
    """A function can get its own key of origins; only those that write no entry can get all."""
    granted = {
        (function, grant.resource)
        for function in template.functions
        for grant in template.grants(function)
        if grant.action == "kms:GenerateMac"
    }

    keys = {writer: key_name(writer) for writer in ENTRY_WRITERS}
    assert granted == {
        *((logical_id(writer), f"{key}.Arn") for writer, key in keys.items()),
        *((checker, f"{key}.Arn") for checker in ENTRY_CHECKERS for key in keys.values()),
    }
    for table in ("AuditTable.Arn", "CourseAuditTable.Arn"):
        assert not ENTRY_CHECKERS & template.holders("dynamodb:PutItem", table)


def test_origin_keys_are_those_of_the_functions(template: Template) -> None:
    """Each writer derives from its own key, and a check knows the key of every writer."""
    variables = {
        name: function["Environment"]["Variables"] for name, function in template.functions.items()
    }

    own = {name: text(its["ORIGIN_KEY"]) for name, its in variables.items() if "ORIGIN_KEY" in its}
    all_of_them = {
        name: text(its["ORIGIN_KEYS"]) for name, its in variables.items() if "ORIGIN_KEYS" in its
    }

    assert own == {logical_id(w): f"{key_name(w)}.Arn" for w in ENTRY_WRITERS}
    assert all_of_them.keys() == ENTRY_CHECKERS
    for pairs in all_of_them.values():
        assert set(pairs.split()) == {f"{w}=${{{key_name(w)}}}" for w in ENTRY_WRITERS}


def test_origin_keys_make_macs(template: Template) -> None:
    """Each is a key of its own, that no one can read."""
    kinds = {
        name: (key["KeySpec"], key["KeyUsage"])
        for name, key in template.resources("AWS::KMS::Key").items()
        if name.endswith("OriginKey")
    }

    assert kinds == dict.fromkeys(map(key_name, ENTRY_WRITERS), ("HMAC_256", "GENERATE_VERIFY_MAC"))
