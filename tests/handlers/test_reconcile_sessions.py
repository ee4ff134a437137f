"""Every night: does what is stored still agree with what was decided?"""

from tests.handlers import steps
from tests.handlers.calls import Invocation, Json, LateInvocation, invoke, sample
from tests.handlers.conftest import Console
from tests.handlers.stack import Stack
from tests.handlers.steps import FORKLIFT, WORKING_AT_HEIGHT


def reconcile(context: type[Invocation] = Invocation) -> Json:
    """Start a nightly run."""
    result: Json = invoke("reconcile_sessions", sample("reconcile_sessions"), context)
    return result


def test_reconciliation_of_what_agrees_finds_nothing(stack: Stack, console: Console) -> None:
    """It counts every night, so that silence shows that it does not run."""
    steps.make_ready_as_of_yesterday(stack)
    steps.finalize()
    console.clear()

    assert reconcile() == {"findings": [], "not_reached": 0}
    assert console.counted("ReconcilerFindings") == console.counted("SessionsNotReached") == [0]
    assert console.logs == []


def test_reconciliation_finds_a_record_that_is_gone(stack: Stack, console: Console) -> None:
    """A missing record is returned, logged as an error and counted by its kind."""
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


def test_reconciliation_goes_on_beside_damaged_sessions(stack: Stack, console: Console) -> None:
    """
    A session whose rows do not add up, or whose item cannot be read, is a finding and hides no
    other.
    """
    for session_id in (FORKLIFT, WORKING_AT_HEIGHT):
        steps.make_ready_as_of_yesterday(stack, session_id)
        steps.finalize(session_id)
    (person, *_) = steps.SESSIONS[WORKING_AT_HEIGHT]["attendees"]
    stack.lose_row(WORKING_AT_HEIGHT, person["personnelId"])
    stack.edit(FORKLIFT, "startsAt", {"S": "tomorrow"})

    found = {finding["session_id"]: finding for finding in reconcile()["findings"]}

    assert found[WORKING_AT_HEIGHT]["fault"] == "RosterInconsistent"
    assert found[FORKLIFT]["fault"] == "SessionUnreadable"
    assert found[FORKLIFT]["detail"] == "cannot be checked: ValueError"
    assert console.counted("RosterInconsistent") == console.counted("SessionUnreadable") == [1]
    assert console.counted("ReconcilerFindings") == [2]


def test_reconciliation_says_what_it_had_no_time_for(stack: Stack, console: Console) -> None:
    """The run ends in time; what it did not reach is logged and counted."""
    steps.make_ready_as_of_yesterday(stack)
    steps.finalize()

    assert reconcile(LateInvocation) == {"findings": [], "not_reached": 1}
    assert console.counted("SessionsNotReached") == [1]
    assert console.logs[-1].items() >= {"level": "ERROR", "not_reached": 1}.items()
