"""What each function may do, tried with the credentials that it runs under."""

from collections.abc import Callable
from functools import cache

import pytest
from botocore.exceptions import ClientError

from testing.api import Json
from tests.stack.operator import FUNCTIONS, Operator
from tests.stack.roles import Role

pytestmark = pytest.mark.stack

KEYS = {
    "courses": ("courseId",),
    "sessions": ("sessionId", "item"),
    "records": ("personnelId", "recordId"),
    "compliance": ("personnelId", "courseId"),
    "outbox": ("shard", "due"),
    "audit": ("sessionId", "sequence"),
    "course_audit": ("courseId", "sequence"),
    "sheets": ("sha256", "sessionId"),
}
WRITERS = {
    "courses": {"register_course"},
    "course_audit": {"register_course"},
    "sessions": {
        "register_session",
        "upload_evidence",
        "hash_evidence",
        "save_attendance",
        "finalize_session",
        "relay_outbox",
    },
    "records": {"finalize_session", "relay_outbox"},
    "compliance": {"recalculate_compliance"},
    "outbox": {"finalize_session"},
    "audit": {
        "register_session",
        "upload_evidence",
        "hash_evidence",
        "save_attendance",
        "finalize_session",
        "seal_session",
        "verify_session",
    },
    "sheets": {"hash_evidence"},
}
DELETERS = {
    "sessions": {"register_session"},
    "outbox": {"finalize_session", "relay_outbox"},
}
# Each prefix of the evidence bucket has one function that may add to it.
STORERS = {
    "evidence": "upload_evidence",
    "seals": "seal_session",
    "sealed": "seal_session",
    "packs": "build_audit_pack",
    "reports": "verify_sealed_sessions",
    "stamps": "stamp_seals",
    "witness": "witness_changes",
    "tampering": "hash_evidence",
}
TELLERS = {"finalize_session", "relay_outbox"}


class Hands:
    """What any code could do with the role of one function."""

    def __init__(self, operator: Operator, function: str) -> None:
        self._stack = operator.stack
        self._role = Role(operator, function)

    def may(self, service: str, operation: str, **request: object) -> bool:
        """Try it; a failure must mean that it is not allowed or has no effect."""
        client = self._role.client(service)
        try:
            getattr(client, operation)(**request)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            assert code.startswith("AccessDenied") or code == "ConditionalCheckFailedException"
            return code == "ConditionalCheckFailedException"
        return True

    def may_batch(self, table: str) -> bool:
        """Try a batch, which takes no condition: of one deletion of nothing."""
        nothing = {"DeleteRequest": {"Key": _missing_key(table)}}
        name = getattr(self._stack.tables, table)
        return self.may("dynamodb", "batch_write_item", RequestItems={name: [nothing]})

    def may_change(self, table: str, operation: str, row: str) -> bool:
        """Try to put or delete a row that does not exist and, by condition, cannot be created."""
        return self.may(
            "dynamodb",
            operation,
            TableName=getattr(self._stack.tables, table),
            ConditionExpression="attribute_exists(#key)",
            ExpressionAttributeNames={"#key": KEYS[table][0]},
            **{row: _missing_key(table)},
        )


def _missing_key(table: str) -> Json:
    """Return the key of a row that does not exist."""
    return {key: {"N": "0"} if key == "sequence" else {"S": "nobody"} for key in KEYS[table]}


@pytest.fixture(scope="module")
def hands_of(operator: Operator) -> Callable[[str], Hands]:
    """Act as a function, named by its folder."""
    return cache(lambda function: Hands(operator, function))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_table_is_written_by_those_who_own_it(
    function: str, hands_of: Callable[[str], Hands]
) -> None:
    """Above all, only Finalize and its relay can write a record."""
    hands = hands_of(function)

    may_write = {
        table
        for table in KEYS
        if hands.may_change(table, "put_item", "Item")
        or hands.may_change(table, "update_item", "Key")
        or hands.may_batch(table)
    }

    assert may_write == {table for table, writers in WRITERS.items() if function in writers}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_rows_are_deleted_only_where_that_is_meant(
    function: str, hands_of: Callable[[str], Hands]
) -> None:
    """People leave rosters and published events leave the outbox; records, above all, stay."""
    hands = hands_of(function)

    may_delete = {table for table in KEYS if hands.may_change(table, "delete_item", "Key")}

    assert may_delete == {table for table, deleters in DELETERS.items() if function in deleters}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_evidence_is_stored_by_one_and_deleted_by_none(
    function: str, hands_of: Callable[[str], Hands], operator: Operator
) -> None:
    """Only one function stores sheets, and none can delete them."""
    hands = hands_of(function)
    sheet: Json = {"Bucket": operator.stack.bucket, "Key": "evidence/nobody/nothing/sheet.pdf"}

    may_store = hands.may("s3", "put_object", **sheet)
    may_delete = hands.may("s3", "delete_object", **sheet)
    may_purge = hands.may("s3", "delete_object", **sheet, VersionId="null")

    assert may_store == (function == "upload_evidence")
    assert not may_delete
    assert not may_purge


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_prefix_of_the_bucket_has_one_writer(
    function: str, hands_of: Callable[[str], Hands], operator: Operator
) -> None:
    """Whoever decides cannot seal, whoever seals cannot stamp, and the other way round."""
    hands = hands_of(function)

    may_store = {
        prefix
        for prefix in STORERS
        if hands.may(
            "s3", "put_object", Bucket=operator.stack.bucket, Key=f"{prefix}/nobody/nothing"
        )
    }

    assert may_store == {prefix for prefix, owner in STORERS.items() if owner == function}


@pytest.mark.parametrize("table", KEYS)
def test_the_witness_reads_no_table(
    table: str, hands_of: Callable[[str], Hands], operator: Operator
) -> None:
    """It knows what the streams tell, and can fetch nothing else."""
    name, key = getattr(operator.stack.tables, table), _missing_key(table)

    assert not hands_of("witness_changes").may("dynamodb", "get_item", TableName=name, Key=key)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_news_is_told_by_the_gate_and_its_relay_alone(
    function: str, hands_of: Callable[[str], Hands], operator: Operator
) -> None:
    """No other function can publish that a session was finalized."""
    claim = {"Source": "a.test", "DetailType": "T", "Detail": "{}"}

    may_tell = hands_of(function).may(
        "events", "put_events", Entries=[claim | {"EventBusName": operator.stack.bus}]
    )

    assert may_tell == (function in TELLERS)
