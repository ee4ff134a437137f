"""The same sheet for two sessions: accepted, and flagged on both."""

from tests.handlers import steps
from tests.handlers.calls import send
from tests.handlers.stack import Stack
from tests.handlers.steps import FORKLIFT, WORKING_AT_HEIGHT


def also_used_by(session_id: str) -> list[str] | None:
    """Return the flag in the session's view."""
    evidence = send("view_session", session_id=session_id).body["evidence"]
    assert evidence["state"] == "ACCEPTED"
    found: list[str] | None = evidence.get("alsoUsedBy")
    return found


def test_sheet_of_one_session_is_not_flagged(stack: Stack) -> None:
    """A sheet that was sent twice for the same session is not flagged either."""
    for session_id in (FORKLIFT, WORKING_AT_HEIGHT):
        steps.enter(session_id)
        steps.hand_in(stack, session_id, b"%PDF-1.7 " + session_id.encode())
    steps.hand_in(stack, FORKLIFT, b"%PDF-1.7 " + FORKLIFT.encode())

    assert [also_used_by(FORKLIFT), also_used_by(WORKING_AT_HEIGHT)] == [None, None]


def test_sheet_of_two_sessions_is_flagged_on_both(stack: Stack) -> None:
    """The view of each names the other, in any order of the uploads."""
    for session_id in (FORKLIFT, WORKING_AT_HEIGHT):
        steps.enter(session_id)
        steps.hand_in(stack, session_id)

    assert also_used_by(FORKLIFT) == [WORKING_AT_HEIGHT]
    assert also_used_by(WORKING_AT_HEIGHT) == [FORKLIFT]


def test_sheet_that_was_replaced_stays_known(stack: Stack) -> None:
    """A sheet once accepted for another session is still flagged."""
    for session_id in (FORKLIFT, WORKING_AT_HEIGHT):
        steps.enter(session_id)
        steps.hand_in(stack, session_id)
    steps.hand_in(stack, FORKLIFT, b"%PDF-1.7 the right one")

    assert also_used_by(FORKLIFT) is None
    assert also_used_by(WORKING_AT_HEIGHT) == [FORKLIFT]
