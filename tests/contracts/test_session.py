"""A session as JSON."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.contracts.session import finalized_shape, session_shape
from shared.domain.session import SessionStatus, Snapshot
from tests.builders import (
    ENDS_AT,
    NOW,
    a_course,
    a_cuid,
    a_decision,
    a_locked_session,
    a_rejection,
    a_session,
    a_sheet,
    a_snapshot,
    an_absentee,
    an_attendee,
    an_upload,
    some_details,
)

LONG_AFTER = NOW + timedelta(days=1)

# Which of sheet, pending upload and rejection a session has, and what people see of it then.
EVIDENCE: dict[str, tuple[dict[str, Any], datetime, str, str | None]] = {
    "nothing": ({"sheet": None}, NOW, "NONE", None),
    "first upload": ({"sheet": None, "pending": an_upload(5)}, NOW, "PENDING", "sheet.pdf"),
    "first upload never came": (
        {"sheet": None, "pending": an_upload(5)},
        LONG_AFTER,
        "NONE",
        None,
    ),
    "sheet": ({"sheet": a_sheet(1)}, NOW, "ACCEPTED", "sheet.pdf"),
    "sheet and newer upload": ({"pending": an_upload(5)}, NOW, "PENDING", "sheet.pdf"),
    "sheet and newer rejection": ({"rejection": a_rejection(5)}, NOW, "REJECTED", "sheet.pdf"),
    "older rejection and sheet": (
        {"sheet": a_sheet(5), "rejection": a_rejection(1)},
        NOW,
        "ACCEPTED",
        "sheet.pdf",
    ),
    "rejection only": ({"sheet": None, "rejection": a_rejection(5)}, NOW, "REJECTED", "sheet.pdf"),
}


def shown(snapshot: Snapshot, now: datetime = NOW, written: int | None = None) -> dict[str, Any]:
    """Return the session as a client reads it."""
    shape = session_shape(snapshot, a_course(), written, now)
    body: dict[str, Any] = json.loads(shape.json_text())
    return body


def test_shape_shows_times_where_the_session_takes_place() -> None:
    """Whoever reads a time of day means the one on the wall there."""
    details = some_details(timezone="Asia/Kathmandu", ends_at=ENDS_AT)

    body = shown(a_snapshot(details=details))

    assert body["endsAt"] == "2026-03-10T20:45:00+05:45"
    assert body["timezone"] == "Asia/Kathmandu"


def test_shape_leaves_out_what_is_not_there() -> None:
    """A field that does not apply is absent, never null."""
    body = shown(a_snapshot(an_attendee(1, job_title=None), details=some_details(location=None)))

    assert "location" not in body
    assert body["attendees"][0].keys() == {"personnelId", "name", "isPresent", "hasPassed"}
    assert "null" not in json.dumps(body)


def test_shape_lists_people_as_the_sheet_does() -> None:
    """By name, whatever its case; namesakes by their id, so that no row moves about."""
    people = (
        an_attendee(1, name="zoe"),
        an_attendee(2, name="Adam"),
        an_attendee(4, name="Bo"),
        an_attendee(3, name="bo"),
    )

    rows = shown(a_snapshot(*people))["attendees"]

    assert [row["personnelId"] for row in rows] == [a_cuid(number) for number in (2, 3, 4, 1)]


@pytest.mark.parametrize(("fields", "now", "state", "name"), EVIDENCE.values(), ids=EVIDENCE)
def test_shape_shows_where_the_latest_upload_stands(
    fields: dict[str, Any], now: datetime, state: str, name: str | None
) -> None:
    """An accepted sheet stays in force, and shown, until a newer one is accepted."""
    evidence = shown(a_snapshot(**fields), now)["evidence"]

    assert (evidence["state"], evidence.get("fileName")) == (state, name)
    assert ("attendanceFileKey" in evidence) is (fields.get("sheet", a_sheet()) is not None)
    assert ("reason" in evidence) is (state == "REJECTED")


def test_shape_allows_finalizing_if_nothing_stands_against_it() -> None:
    """The preview counts what would be written now."""
    finalization = shown(a_snapshot(an_attendee(1), an_absentee(2)))["finalization"]

    assert finalization == {
        "allowed": True,
        "blockers": [],
        "preview": {
            "trainingRecords": 1,
            "competencyRecords": 0,
            "passed": 1,
            "failed": 0,
            "absent": 1,
        },
    }


def test_shape_of_a_finalized_session_shows_what_was_written() -> None:
    """Counts and names are those of the decision, whatever the roster looks like."""
    session = a_locked_session(SessionStatus.COMPLETED)

    finalization = shown(Snapshot(session, ()))["finalization"]

    assert finalization["preview"]["trainingRecords"] == 1
    assert finalization["finalizedBy"] == {"id": "u-admin", "name": "Frank Okafor"}
    assert finalization["finalizedAt"] == "2026-03-10T15:10:00Z"
    assert finalization["blockers"] == ["session-finalized"]


def test_shape_of_a_sealed_session_shows_how_far_it_is() -> None:
    """A large session is written in portions, and whoever waits sees how many records there are."""
    session = a_locked_session(SessionStatus.FINALIZING)

    finalization = shown(Snapshot(session, ()), written=0)["finalization"]

    assert finalization["progress"] == {"written": 0, "total": 1}
    assert finalization["blockers"] == ["finalization-in-progress"]


def test_finalized_shape_tells_who_decided_what() -> None:
    """The answer to Finalize is made of the decision alone, so it is the same each time."""
    body = json.loads(finalized_shape(a_locked_session(SessionStatus.COMPLETED)).json_text())

    assert body == {
        "sessionId": "sess-2026-0310",
        "status": "COMPLETED",
        "finalizedAt": "2026-03-10T15:10:00Z",
        "finalizedBy": {"id": "u-admin", "name": "Frank Okafor"},
        "trainingRecords": 1,
        "competencyRecords": 0,
        "passed": 1,
        "failed": 0,
        "absent": 0,
    }


def test_finalized_shape_of_an_open_session_is_a_mistake_of_ours() -> None:
    """There is nothing to answer with, and nobody may make it up."""
    with pytest.raises(ValueError, match="is not finalized"):
        finalized_shape(a_session())


def test_finalized_shape_keeps_microseconds() -> None:
    """The lock's time is read back as it was written."""
    at = datetime(2026, 3, 10, 15, 10, 0, 123456, UTC)
    session = a_locked_session(SessionStatus.COMPLETED, finalization=a_decision(finalized_at=at))

    assert finalized_shape(session).finalized_at == at
    assert "15:10:00.123456Z" in finalized_shape(session).json_text()
