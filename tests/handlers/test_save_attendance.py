"""PATCH .../attendance: the grid as a draft."""

import pytest

from local import samples
from tests.handlers import steps
from tests.handlers.calls import Json, LateInvocation, call, request, send
from tests.handlers.stack import Stack
from tests.handlers.steps import CALLED_OFF, FORKLIFT

pytestmark = pytest.mark.usefixtures("stack")

ROWS = samples.attendance(FORKLIFT)
PERSON = ROWS[0]["personnelId"]


def save(**fields: object) -> None:
    """Save one person's row."""
    row = {"personnelId": PERSON, "isPresent": True, "hasPassed": True, **fields}
    assert send("save_attendance", body={"attendees": [row]}).status == 200


def stored(personnel_id: str = PERSON) -> Json:
    """Return a person's row as a client sees it."""
    attendees = send("view_session", session_id=FORKLIFT).body["attendees"]
    found: Json = next(row for row in attendees if row["personnelId"] == personnel_id)
    return found


def test_save_answers_with_the_new_version(stack: Stack) -> None:
    """The answer has the number of rows saved, and the new state's tag."""
    steps.enter()

    answer = send("save_attendance")

    assert answer.status == 200
    assert answer.body == {"updated": 6, "version": 2}
    assert answer.headers == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "etag": '"2"',
    }
    assert stack.items("Records") == []


def test_save_changes_only_who_is_named() -> None:
    """A partial list is accepted: everyone else stays as they were."""
    steps.enter()

    save(isPresent=True)

    assert stored()["isPresent"] is True
    assert stored(ROWS[1]["personnelId"])["isPresent"] is False


def test_save_without_remarks_leaves_them() -> None:
    """A row without remarks does not remove them."""
    steps.enter()
    save(remarks="Arrived late.")

    save(hasPassed=False)

    assert (stored()["remarks"], stored()["hasPassed"]) == ("Arrived late.", False)


def test_save_with_empty_remarks_clears_them() -> None:
    """Empty remarks remove the stored ones."""
    steps.enter()
    save(remarks="Arrived late.")

    save(remarks="")

    assert "remarks" not in stored()


def test_save_refuses_people_who_are_not_on_the_roster() -> None:
    """A mistyped id must not become a legal record, so nothing is saved."""
    steps.enter()

    answer = send("save_attendance", "unknown_people")

    assert (answer.status, answer.slug) == (400, "unknown-attendees")
    assert answer.pointers == ["/attendees/1/personnelId"]
    assert "cm3walkin0000x9d4kzrb6e3w" in answer.body["errors"][0]["detail"]
    assert stored()["isPresent"] is False


def test_save_on_a_cancelled_session_is_refused() -> None:
    """A session that did not take place has no attendance."""
    steps.enter(CALLED_OFF)

    answer = send("save_attendance", "cancelled_session")

    assert (answer.status, answer.slug) == (409, "session-cancelled")


def test_save_stops_in_time_and_says_so() -> None:
    """A request that would be cut off answers what is saved, and under which version to go on."""
    steps.enter()

    answer = call("save_attendance", request("save_attendance"), LateInvocation)

    assert (answer.status, answer.slug) == (503, "saved-in-part")
    assert (answer.body["saved"], answer.body["version"]) == (0, 1)
    assert answer.etag == '"1"'


def test_save_takes_as_many_marks_as_the_time_allows() -> None:
    """More than fit one request are refused before anything is read (docs/performance.md)."""
    row = {"personnelId": "c12345678", "isPresent": True, "hasPassed": True}

    answer = send("save_attendance", body={"attendees": [row] * 5_001})

    assert (answer.status, answer.pointers) == (400, ["/attendees"])
