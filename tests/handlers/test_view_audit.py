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
    """Every accepted change, in order, by whoever made it."""
    assert [entry["action"] for entry in trail] == [
        "REGISTERED",
        "ATTENDANCE_SAVED",
        "SHEET_ANNOUNCED",
        "SHEET_ACCEPTED",
        "FINALIZED",
    ]
    assert [entry["sequence"] for entry in trail] == [1, 2, 3, 4, 5]
    assert trail[3]["by"]["id"] == "system:hash_evidence"


def test_audit_names_each_cell_of_the_grid(trail: list[Json]) -> None:
    """Old value and new value of each mark."""
    cells = [cell for cell in trail[1]["changes"] if cell["field"] == "isPresent"]

    assert {(cell["old"], cell["new"]) for cell in cells} == {(False, True)}


def test_audit_is_a_chain(trail: list[Json]) -> None:
    """Each entry holds the hash of the one before; the first holds zeros."""
    assert [entry["previous"] for entry in trail] == [
        "0" * 64,
        *(entry["sha256"] for entry in trail[:-1]),
    ]


def test_audit_can_be_read_page_by_page(trail: list[Json]) -> None:
    """The cursor goes on where the page ended."""
    first = send("view_audit", query={"limit": "3"}).body
    second = send("view_audit", query={"limit": "3", "cursor": first["nextCursor"]}).body

    assert first["items"] + second["items"] == trail
    assert "nextCursor" not in second


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
