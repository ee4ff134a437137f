"""GET /sessions/{sessionId}/verification over the stack's own tables, bucket and key."""

import pytest

from testing.environment import ENVIRONMENT
from tests.handlers import steps
from tests.handlers.calls import Json, invoke, sample, send
from tests.handlers.conftest import Console
from tests.handlers.stack import BUCKET, Stack
from tests.handlers.steps import WORKING_AT_HEIGHT


@pytest.fixture
def sealed(stack: Stack) -> Stack:
    """Finalize and seal the session in November."""
    steps.make_ready(stack)
    steps.finalize()
    invoke("seal_session", sample("seal_session"))
    return stack


def faults() -> dict[str, list[str]]:
    """Verify, and return what is not intact."""
    body = send("verify_session").body
    found = {check["subject"]: check["faults"] for check in body["checks"] if not check["intact"]}
    assert body["intact"] is not bool(found)
    return found


def a_record(stack: Stack) -> Json:
    """Return one of the session's records as stored."""
    return stack.items(ENVIRONMENT["RECORDS_TABLE"])[0]


@pytest.mark.usefixtures("sealed")
def test_verification_of_what_was_left_alone_is_intact() -> None:
    """Each part of the chain is named, and intact."""
    answer = send("verify_session")

    assert (answer.status, answer.body["intact"]) == (200, True)
    assert [check["subject"] for check in answer.body["checks"]] == [
        "SHEET",
        "MANIFEST",
        "SIGNATURE",
        "SESSION",
        "RECORDS",
        "AUDIT_TRAIL",
        "SEAL",
        "WITNESS",
    ]
    assert answer.body["sessionId"] == WORKING_AT_HEIGHT


def test_verification_before_the_seal_is_refused(stack: Stack) -> None:
    """It says when to come again."""
    steps.make_ready(stack)
    steps.finalize()

    answer = send("verify_session")

    assert (answer.status, answer.slug) == (409, "seal-pending")
    assert answer.headers["retry-after"] == "2"


def test_verification_is_an_answer_also_if_something_is_wrong(
    sealed: Stack, console: Console
) -> None:
    """The status is 200 with intact false, and a metric counts it for an alarm."""
    record = a_record(sealed)
    sealed.dynamodb.delete_item(
        TableName=ENVIRONMENT["RECORDS_TABLE"],
        Key={name: record[name] for name in ("personnelId", "recordId")},
    )

    answer = send("verify_session")

    assert (answer.status, answer.body["intact"]) == (200, False)
    assert console.counted("VerificationFailed") == [1]


def test_verification_names_an_edited_record(sealed: Stack) -> None:
    """The fault names record, person and field."""
    record = a_record(sealed)
    sealed.dynamodb.put_item(
        TableName=ENVIRONMENT["RECORDS_TABLE"], Item={**record, "expiryDate": {"S": "2099-01-01"}}
    )

    (fault,) = faults()["RECORDS"]

    assert record["recordId"]["S"] in fault
    assert fault.endswith('now "2099-01-01"')


def test_verification_names_a_deleted_entry(sealed: Stack) -> None:
    """The fault names its number."""
    sealed.dynamodb.delete_item(
        TableName=ENVIRONMENT["AUDIT_TABLE"],
        Key={"sessionId": {"S": WORKING_AT_HEIGHT}, "sequence": {"N": "2"}},
    )

    assert faults() == {"AUDIT_TRAIL": ["before entry 3, 1 are missing"]}


def test_verification_names_what_lies_over_the_sheet(sealed: Stack) -> None:
    """A delete marker and a newer version are named; the stored one is still intact."""
    key = a_record(sealed)["evidenceFileKey"]["S"]
    sealed.s3.delete_object(Bucket=BUCKET, Key=key)
    hidden = faults()
    sealed.s3.put_object(Bucket=BUCKET, Key=key, Body=b"%PDF-forged")

    overlaid = faults()

    assert hidden == {"SHEET": [f"a delete marker hides {key}"]}
    assert [fault.endswith("was put over it") for fault in overlaid["SHEET"]] == [True]


def test_verification_names_what_lies_over_the_seal(sealed: Stack) -> None:
    """Newer versions, delete markers and strange objects are named; the true seal is read."""
    folder = f"seals/{WORKING_AT_HEIGHT}"
    sealed.s3.put_object(Bucket=BUCKET, Key=f"{folder}/manifest.sig", Body=b"forged")
    sealed.s3.delete_object(Bucket=BUCKET, Key=f"{folder}/trail.sig")
    sealed.s3.put_object(Bucket=BUCKET, Key=f"{folder}/fin-2/manifest.json", Body=b"{}")
    # An id that begins like this one is another session's.
    sealed.s3.put_object(Bucket=BUCKET, Key=f"{folder}-2/manifest.json", Body=b"{}")

    found = faults()

    assert found.keys() == {"SEAL"}
    hidden, second, over = sorted(found["SEAL"])
    assert hidden == f"a delete marker was put over {folder}/trail.sig"
    assert second == f"a second seal lies in {folder}/fin-2/"
    assert over.endswith(f"was put over {folder}/manifest.sig")


def test_verification_counts_faults_it_does_not_list(sealed: Stack) -> None:
    """With any number of forgeries, the answer stays readable."""
    for item in sealed.items(ENVIRONMENT["AUDIT_TABLE"]):
        sealed.dynamodb.put_item(
            TableName=ENVIRONMENT["AUDIT_TABLE"],
            Item={**item, "content": {"S": "{}"}},
        )

    (trail,) = (
        check
        for check in send("verify_session").body["checks"]
        if check["subject"] == "AUDIT_TRAIL"
    )

    assert trail["faultCount"] == len(trail["faults"]) > 5
