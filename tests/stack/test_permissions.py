"""What the functions may do, tried out with the credentials that each of them runs under."""

from collections.abc import Callable
from functools import cache

import boto3
import pytest
from botocore.exceptions import ClientError

from local import sam
from tests.stack.backstage import FUNCTIONS, Backstage
from tests.stack.story import Json

pytestmark = pytest.mark.stack

KEYS = {
    "courses": ("courseId",),
    "sessions": ("sessionId", "item"),
    "records": ("personnelId", "recordId"),
    "compliance": ("personnelId", "courseId"),
    "outbox": ("shard", "due"),
    "audit": ("sessionId", "sequence"),
    "sheets": ("sha256", "sessionId"),
}
WRITERS = {
    "courses": {"register_course"},
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
TELLERS = {"finalize_session", "relay_outbox"}


class Hands:
    """What the code of one function could do, whatever the code does."""

    def __init__(self, backstage: Backstage, function: str) -> None:
        self._stack = backstage.stack
        name = backstage.resources[sam.logical_id(function)]
        role = backstage.lambda_.get_function_configuration(FunctionName=name)["Role"]
        self._session = _session(backstage)
        sts = self._session.client("sts", endpoint_url=self._stack.endpoint)
        self._granted = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]

    def may(self, service: str, operation: str, **request: object) -> bool:
        """Try it; if it fails, then only because it is not allowed or has no effect."""
        client = self._session.client(
            service,  # type: ignore[call-overload] # the stubs take literals
            endpoint_url=self._stack.endpoint,
            aws_access_key_id=self._granted["AccessKeyId"],
            aws_secret_access_key=self._granted["SecretAccessKey"],
            aws_session_token=self._granted["SessionToken"],
        )
        try:
            getattr(client, operation)(**request)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            assert code.startswith("AccessDenied") or code == "ConditionalCheckFailedException"
            return code == "ConditionalCheckFailedException"
        return True

    def may_batch(self, table: str) -> bool:
        """Try a batch, which takes no condition: of one deletion of nothing."""
        nothing = {"DeleteRequest": {"Key": _nobody(table)}}
        name = getattr(self._stack.tables, table)
        return self.may("dynamodb", "batch_write_item", RequestItems={name: [nothing]})

    def may_change(self, table: str, operation: str, row: str) -> bool:
        """Try to put or delete a row that is not there and, by condition, cannot come to be."""
        return self.may(
            "dynamodb",
            operation,
            TableName=getattr(self._stack.tables, table),
            ConditionExpression="attribute_exists(#key)",
            ExpressionAttributeNames={"#key": KEYS[table][0]},
            **{row: _nobody(table)},
        )


def _nobody(table: str) -> Json:
    """Name a row that nobody has."""
    return {key: {"N": "0"} if key == "sequence" else {"S": "nobody"} for key in KEYS[table]}


@cache
def _session(backstage: Backstage) -> boto3.Session:
    """Read the descriptions of the services once for all clients, which takes its time."""
    return backstage.stack.session()


@pytest.fixture(scope="module")
def hands_of(backstage: Backstage) -> Callable[[str], Hands]:
    """Act as a function, named by its folder."""
    return cache(lambda function: Hands(backstage, function))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_table_is_written_by_those_who_own_it(
    function: str, hands_of: Callable[[str], Hands]
) -> None:
    """
    Above all, nothing but the gate and its relay can write a record.
    """
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
    """
    People leave rosters and delivered news leaves the outbox; records, above all, stay.
    """
    hands = hands_of(function)

    may_delete = {table for table in KEYS if hands.may_change(table, "delete_item", "Key")}

    assert may_delete == {table for table, deleters in DELETERS.items() if function in deleters}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_evidence_is_stored_by_one_and_deleted_by_none(
    function: str, hands_of: Callable[[str], Hands], backstage: Backstage
) -> None:
    """
    A sheet comes in by one door, and there is no way out.
    """
    hands = hands_of(function)
    sheet: Json = {"Bucket": backstage.stack.bucket, "Key": "evidence/nobody/nothing/sheet.pdf"}

    may_store = hands.may("s3", "put_object", **sheet)
    may_delete = hands.may("s3", "delete_object", **sheet)
    may_purge = hands.may("s3", "delete_object", **sheet, VersionId="null")

    assert may_store == (function == "upload_evidence")
    assert not may_delete
    assert not may_purge


@pytest.mark.parametrize("function", FUNCTIONS)
def test_news_is_told_by_the_gate_and_its_relay_alone(
    function: str, hands_of: Callable[[str], Hands], backstage: Backstage
) -> None:
    """
    No other function can claim that a session was finalized.
    """
    claim = {"Source": "a.test", "DetailType": "T", "Detail": "{}"}

    may_tell = hands_of(function).may(
        "events", "put_events", Entries=[claim | {"EventBusName": backstage.stack.bus}]
    )

    assert may_tell == (function in TELLERS)
