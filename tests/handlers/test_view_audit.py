"""GET /sessions/{sessionId}/audit over the stack's own trail."""

import hashlib
import json

import pytest

from tests.handlers import steps
from tests.handlers.calls import Json, send
from tests.handlers.stack import Stack
from tests.handlers.steps import WORKING_AT_HEIGHT


@pytest.fixture
def trail(stack: Stack) -> list[Json]:
    """Finalize the session in November and return its trail."""
    steps.make_ready(stack)
    steps.finalize()
    found: list[Json] = send("view_audit").body["items"]
    return found


def test_audit_tells_the_session_s_story(trail: list[Json]) -> None:
    """Every accepted change is there, in order, with its actor."""
    assert [entry["action"] for entry in trail] == [
        "REGISTERED",
        "ATTENDANCE_SAVED",
        "SHEET_ANNOUNCED",
        "SHEET_ACCEPTED",
        "FINALIZED",
    ]
    assert [entry["sequence"] for entry in trail] == [1, 2, 3, 4, 5]
    assert trail[3]["by"]["id"] == "system:hash_evidence"


def test_audit_names_each_field_change_of_the_grid(trail: list[Json]) -> None:
    """Each mark has its old and its new value."""
    changes = [change for change in trail[1]["changes"] if change["field"] == "isPresent"]

    assert {(change["old"], change["new"]) for change in changes} == {(False, True)}


def test_audit_is_a_chain(trail: list[Json]) -> None:
    """Each entry holds the hash of the one before; the first holds zeros."""
    assert [entry["previous"] for entry in trail] == [
        "0" * 64,
        *(entry["sha256"] for entry in trail[:-1]),
    ]


def test_audit_can_be_read_page_by_page(trail: list[Json]) -> None:
    """The cursor continues after the page before."""
    first = send("view_audit", query={"limit": "3"}).body
    second = send("view_audit", query={"limit": "3", "cursor": first["nextCursor"]}).body

    assert first["items"] + second["items"] == trail
    assert "nextCursor" not in second


@pytest.mark.usefixtures("stack")
def test_audit_of_a_course_can_be_read_page_by_page() -> None:
    """Its cursor continues like that of a session."""
    steps.enter_course("working-at-height")
    send("register_course", body={"title": "Rescue", "requiresVerify": True})

    first = send("view_audit", "course", query={"limit": "1"}).body
    second = send("view_audit", "course", query={"cursor": first["nextCursor"]}).body

    assert [entry["sequence"] for entry in first["items"] + second["items"]] == [1, 2]
    assert "nextCursor" not in second


@pytest.mark.usefixtures("stack")
def test_audit_of_an_unknown_course_is_not_found() -> None:
    """The refusal says so, instead of an empty trail."""
    answer = send("view_audit", "course", course_id="nowhere")

    assert (answer.status, answer.slug) == (404, "not-found")


def test_audit_hashes_are_those_of_the_stored_entries(stack: Stack, trail: list[Json]) -> None:
    """What is shown is what is stored, and its hash is that of its bytes."""
    stored = {
        int(item["sequence"]["N"]): item["content"]["S"]
        for item in stack.items("Audit")
        if item["sessionId"]["S"] == WORKING_AT_HEIGHT
    }

    hashes = {
        number: hashlib.sha256(content.encode()).hexdigest() for number, content in stored.items()
    }

    assert hashes == {entry["sequence"]: entry["sha256"] for entry in trail}
    assert json.loads(stored[1])["changes"] != []
