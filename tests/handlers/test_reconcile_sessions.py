"""Every night: does what is stored still agree with what was decided?"""

from tests.handlers import steps
from tests.handlers.calls import Json, invoke, sample
from tests.handlers.conftest import Console
from tests.handlers.stack import Stack
from tests.handlers.steps import WORKING_AT_HEIGHT


def reconcile() -> Json:
    """Let a night begin."""
    result: Json = invoke("reconcile_sessions", sample("reconcile_sessions"))
    return result


def test_reconciliation_of_what_agrees_finds_nothing(stack: Stack, console: Console) -> None:
    """It counts every night, so that silence means that it does not run."""
    steps.make_ready_as_of_yesterday(stack)
    steps.finalize()
    console.clear()

    assert reconcile() == {"findings": []}
    assert console.counted("ReconcilerFindings") == [0]
    assert console.logs == []


def test_reconciliation_finds_a_record_that_is_gone(stack: Stack, console: Console) -> None:
    """What is missing is returned, logged as an error and counted by its kind."""
    steps.make_ready_as_of_yesterday(stack)
    steps.finalize()
    item = stack.items("Records")[0]
    keys = {name: item[name] for name in ("personnelId", "recordId")}
    stack.dynamodb.delete_item(TableName="Records", Key=keys)

    (finding,) = reconcile()["findings"]

    assert (finding["fault"], finding["session_id"]) == ("RecordsMissing", WORKING_AT_HEIGHT)
    assert finding["detail"] == "12 of 13 records are there"
    assert console.logs[-1].items() >= {"level": "ERROR", **finding}.items()
    assert (console.counted("RecordsMissing"), console.counted("ReconcilerFindings")) == ([1], [1])
