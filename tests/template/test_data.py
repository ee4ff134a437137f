"""Tables, evidence and users: retained, encrypted, and closed to the outside."""

import pytest

from shared.domain.people import Role
from testing.template import Json, Template, text

TABLE = "AWS::DynamoDB::Table"
KEYS = {
    "SessionsTable": ["sessionId", "item"],
    "CoursesTable": ["courseId"],
    "RecordsTable": ["personnelId", "recordId"],
    "ComplianceTable": ["personnelId", "courseId"],
    "OutboxTable": ["shard", "due"],
    "AuditTable": ["sessionId", "sequence"],
    "CourseAuditTable": ["courseId", "sequence"],
    "SheetsTable": ["sha256", "sessionId"],
}
KEPT = [*KEYS, "EvidenceBucket", "SigningKey", "ReportKey", "UserPool"]


@pytest.fixture
def bucket(template: Template) -> Json:
    """Return the properties of the evidence bucket."""
    return template.properties("EvidenceBucket")


def test_tables_have_the_keys_of_the_design(template: Template) -> None:
    """The partition key is first, the sort key second, in these tables and no others."""
    tables = template.resources(TABLE).items()

    keys = {name: [key["AttributeName"] for key in table["KeySchema"]] for name, table in tables}

    assert keys == KEYS


@pytest.mark.parametrize("name", KEYS)
def test_tables_can_be_restored_and_are_encrypted(template: Template, name: str) -> None:
    """Any second of the last 35 days can be restored, and capacity is on demand."""
    table = template.properties(name)

    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("policy", ["DeletionPolicy", "UpdateReplacePolicy"])
@pytest.mark.parametrize("name", KEPT)
def test_data_outlives_the_stack_unless_it_is_a_throw_away(
    template: Template, name: str, policy: str
) -> None:
    """Data stays when the stack goes, unless a parameter of a throw-away stack says otherwise."""
    parameter = template.document["Parameters"]["DataDeletionPolicy"]

    assert text(template.document["Resources"][name][policy]) == "DataDeletionPolicy"
    assert parameter["Default"] == "Retain"


def test_sessions_are_listed_by_status(template: Template) -> None:
    """The index has what a line of the list shows, and no roster."""
    (index,) = template.properties("SessionsTable")["GlobalSecondaryIndexes"]

    assert index["IndexName"] == "byStatus"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["status", "startOrder"]
    assert index["Projection"]["ProjectionType"] == "INCLUDE"


@pytest.mark.parametrize("table", ["Sessions", "Courses", "Records", "Audit", "CourseAudit"])
def test_what_is_witnessed_tells_its_changes(template: Template, table: str) -> None:
    """The stream has each item before and after, so that the witness need not read the table."""
    properties = template.properties(f"{table}Table")

    assert properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_evidence_keeps_every_version(bucket: Json) -> None:
    """No upload overwrites another, and versions can be retained."""
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["ObjectLockEnabled"]


def test_evidence_is_closed_to_the_public(bucket: Json) -> None:
    """All four public access blocks are on, and no access list can open an object."""
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_evidence_is_encrypted(bucket: Json) -> None:
    """Objects are encrypted at rest without a request for it."""
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_evidence_travels_encrypted(template: Template) -> None:
    """Plain HTTP is denied, except inside a single machine, which has no network."""
    policy = template.properties("EvidenceBucketPolicy")

    (statement,) = policy["PolicyDocument"]["Statement"]

    assert text(policy["Bucket"]) == "EvidenceBucket"
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Action"] == "s3:*"
    assert [text(resource) for resource in statement["Resource"]] == [
        "EvidenceBucket.Arn",
        "${EvidenceBucket.Arn}/*",
    ]
    assert statement["Condition"] == {
        "Bool": {"aws:SecureTransport": "false"},
        "NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"},
    }


def test_evidence_forgets_only_what_was_never_evidence(bucket: Json) -> None:
    """Rejected files, broken uploads and packs expire; nothing else does."""
    rules = bucket["LifecycleConfiguration"]["Rules"]

    expiring = [rule for rule in rules if "AbortIncompleteMultipartUpload" not in rule]

    days = {
        rule.get("Prefix") or rule["TagFilters"][0]["Value"]: rule["ExpirationInDays"]
        + rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in expiring
    }
    assert days == {"packs/": 2, "rejected": 30}


def test_evidence_has_the_name_the_functions_know(template: Template, bucket: Json) -> None:
    """The name is the same in the environment, in the hash function's role and on the bucket."""
    name = text(bucket["BucketName"])
    granted = {grant.resource for grant in template.grants("HashEvidenceFunction")}

    names = {
        text(function["Environment"]["Variables"]["EVIDENCE_BUCKET"])
        for function in template.functions.values()
    }

    assert names == {name}
    assert {f"arn:${{AWS::Partition}}:s3:::{name}{end}" for end in ("", "/evidence/*")} < granted


def test_browsers_reach_the_bucket_only_from_the_console(bucket: Json) -> None:
    """Browsers may send sheets from the console's address, or the one of the parameter, only."""
    (rule,) = bucket["CorsConfiguration"]["CorsRules"]

    (origin,) = rule["AllowedOrigins"]

    condition, named, own = origin["Fn::If"]
    assert condition == "HasOwnConsoleOrigin"
    assert [text(named), text(own)] == ["ConsoleOrigin", "https://${Console.DomainName}"]
    assert set(rule["AllowedMethods"]) == {"GET", "PUT"}


def test_users_are_created_by_admins(template: Template) -> None:
    """No one can sign up: the people who work with records are known."""
    pool = template.properties("UserPool")

    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}


def test_users_have_the_roles_the_functions_know(template: Template) -> None:
    """There is a group for every role, and no other group."""
    groups = template.resources("AWS::Cognito::UserPoolGroup").values()

    assert {group["GroupName"] for group in groups} == {*Role}


def test_clients_keep_no_secret(template: Template) -> None:
    """
    A browser could not keep a secret; a wrong name and a wrong password look alike; who signs out
    can end the sign-in for good.
    """
    client = template.properties("UserPoolClient")

    assert client["GenerateSecret"] is False
    assert client["EnableTokenRevocation"] is True
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert set(client["ExplicitAuthFlows"]) == {
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    }


def test_users_cannot_rename_themselves(template: Template) -> None:
    """The name in a record is the one that an admin has given, as is the address."""
    client = template.properties("UserPoolClient")

    assert client["WriteAttributes"] == ["locale"]
