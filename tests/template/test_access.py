"""What each function may do, and above all what none may."""

import pytest

from tests.template.cloudformation import Template

OBJECTS = ("/evidence/*", "/seals/*", "/packs/*", "/reports/*")

# Whoever changes something is named here; everybody else only reads.
WRITERS = [
    ("dynamodb:UpdateItem", "CoursesTable.Arn", {"RegisterCourse"}),
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
WRITING = ("Put", "Update", "Delete", "BatchWrite", "PartiQL")


@pytest.mark.parametrize(("action", "resource", "functions"), WRITERS)
def test_writing_belongs_to_its_functions(
    template: Template, action: str, resource: str, functions: set[str]
) -> None:
    """A write to a table or the bus is granted to the functions whose task it is, and no other."""
    holders = template.holders(action, resource)

    assert holders == {f"{function}Function" for function in functions}


def test_writing_is_granted_only_as_listed(template: Template) -> None:
    """No function may write to a table or the bus in a way that is not listed here."""
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
def test_the_audit_trail_only_grows(template: Template, action: str) -> None:
    """No function may change or remove an entry, nor write several without a condition."""
    holders = template.holders(f"dynamodb:{action}", "AuditTable.Arn")

    assert not holders


def test_evidence_is_uploaded_by_one_function(template: Template) -> None:
    """Only upload_evidence, and whoever it hands a presigned address to, can add evidence."""
    uploading = {
        (function, grant.resource.rpartition("}")[2])
        for function in template.functions
        for grant in template.grants(function)
        if grant.action == "s3:PutObject"
    }

    assert uploading == {
        ("UploadEvidenceFunction", "/evidence/*"),
        ("SealSessionFunction", "/seals/*"),
        ("BuildAuditPackFunction", "/packs/*"),
        ("VerifySealedSessionsFunction", "/reports/*"),
    }


def test_whoever_decides_cannot_sign(template: Template) -> None:
    """Only the sealer may sign, and it can write neither sessions nor records."""
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
        "/evidence/*",
    }


def test_evidence_is_never_deleted(template: Template) -> None:
    """No function may delete evidence, lift its retention or loosen the bucket."""
    allowed = {
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:GetObjectRetention",
        "s3:GetObjectVersionTagging",
        "s3:PutObject",
        # Only the sealer, in compliance mode: S3 itself refuses to shorten or lift it.
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
    """Every read goes by key: a Scan would grow with the company's history."""
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
    """A wildcard stands for the objects of one bucket or the streams of one table, nothing else."""
    resources = {grant.resource for name in template.functions for grant in template.grants(name)}

    wild = {resource for resource in resources if "*" in resource}

    stream = "${RecordsTable.Arn}/stream/*"
    assert {resource for resource in wild if not resource.endswith(OBJECTS)} == {stream}


def test_roles_are_not_shared(template: Template) -> None:
    """Every function has a role of its own."""
    roles = [str(function["Role"]) for function in template.functions.values()]

    assert len(set(roles)) == len(roles)


def test_roles_take_no_managed_policy_but_logging(template: Template) -> None:
    """The one policy from outside is the one SAM attaches to every role: writing logs."""
    policies = {
        policy
        for function in template.functions
        for policy in template.role(function)["ManagedPolicyArns"]
    }

    assert policies == {"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}
