"""Every night: is everything that was sealed still as it was, and are all reports there?"""

from testing.environment import ENVIRONMENT
from tests.handlers import steps
from tests.handlers.calls import Json, LateInvocation, invoke, sample
from tests.handlers.conftest import Console
from tests.handlers.stack import BUCKET, Stack
from tests.handlers.steps import WORKING_AT_HEIGHT


def seal(stack: Stack, console: Console) -> None:
    """Finalize and seal the session."""
    steps.make_ready(stack)
    steps.finalize()
    invoke("seal_session", sample("seal_session"))
    console.clear()


def night() -> Json:
    """Start a nightly run."""
    result: Json = invoke("verify_sealed_sessions", sample("verify_sealed_sessions"))
    return result


def test_night_over_what_was_left_alone_finds_nothing(stack: Stack, console: Console) -> None:
    """It counts every night, so that silence shows that it does not run."""
    seal(stack, console)

    assert night() == {
        "findings": [],
        "report_faults": [],
        "witness_faults": [],
        "not_reached": 0,
    }
    assert console.counted("TablesUnwitnessed") == [0]
    assert console.counted("SealsBroken") == console.counted("ReportsBroken") == [0]
    assert console.logs == []


def test_night_counts_a_seal_without_its_session(stack: Stack, console: Console) -> None:
    """The finding is returned, logged as an error, and counted for an alarm."""
    seal(stack, console)
    for row in stack.items(ENVIRONMENT["SESSIONS_TABLE"]):
        stack.dynamodb.delete_item(
            TableName=ENVIRONMENT["SESSIONS_TABLE"],
            Key={name: row[name] for name in ("sessionId", "item")},
        )

    (finding,) = night()["findings"]

    assert finding["session_id"] == WORKING_AT_HEIGHT
    logged = {"level": "ERROR", "session_id": WORKING_AT_HEIGHT, "broken": ["SESSION"]}
    assert console.logs[-1].items() >= logged.items()
    assert console.counted("SealsBroken") == [1]


def test_night_logs_no_value(stack: Stack, console: Console) -> None:
    """A fault quotes names and remarks: it is in the report, and in no log."""
    seal(stack, console)
    stack.edit(WORKING_AT_HEIGHT, "title", {"S": "Sulfuric remarks"})

    (finding,) = night()["findings"]

    assert "Sulfuric remarks" in str(finding["faults"])
    assert "Sulfuric remarks" not in console.text
    assert console.logs[-1]["broken"] == ["SESSION"]


def test_night_counts_a_report_that_is_not_ours(stack: Stack, console: Console) -> None:
    """It is named by its key, and vouches for nothing."""
    seal(stack, console)
    forged = "reports/2026/01/01/000000.json"
    stack.s3.put_object(Bucket=BUCKET, Key=forged, Body=b"{}")

    (fault,) = night()["report_faults"]

    assert fault == f"{forged} is not signed with our key"
    assert console.logs[-1].items() >= {"level": "ERROR", "fault": fault}.items()
    assert console.counted("ReportsBroken") == [1]


def test_night_says_what_it_had_no_time_for(stack: Stack, console: Console) -> None:
    """It is counted, and the next night begins with it."""
    seal(stack, console)

    late = invoke("verify_sealed_sessions", sample("verify_sealed_sessions"), LateInvocation)

    assert late["not_reached"] == 1
    assert console.counted("SessionsNotReached") == [1]
