"""A session as JSON."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.contracts.session import AttendeeResponse, finalized_response, session_response
from shared.domain.errors import SessionNotFinalized
from shared.domain.gate import Gate
from shared.domain.manifest_v2 import MEANING
from shared.domain.session import SessionStatus, Snapshot
from shared.domain.warning import GateWarning, WarningSlug
from testing.builders import (
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

# Which of sheet, pending upload and rejection a session has, and what clients see of it.
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
    response = session_response(Gate(snapshot, a_course(), (), now), written)
    body: dict[str, Any] = json.loads(response.json_text())
    return body


def test_response_shows_times_where_the_session_takes_place() -> None:
    """A time of day is that of the place of the training."""
    details = some_details(timezone="Asia/Kathmandu", ends_at=ENDS_AT)

    body = shown(a_snapshot(details=details))

    assert body["endsAt"] == "2026-03-10T20:45:00+05:45"
    assert body["timezone"] == "Asia/Kathmandu"


def test_response_leaves_out_what_is_absent() -> None:
    """A field that does not apply is absent, never null."""
    body = shown(a_snapshot(an_attendee(1, job_title=None), details=some_details(location=None)))

    assert "location" not in body
    marks = {"isPresent", "hasPassed", "isMarked"}
    assert body["attendees"][0].keys() == {"personnelId", "name", *marks}
    assert "null" not in json.dumps(body)


def test_response_tells_who_was_not_marked_yet() -> None:
    """Nobody who was marked absent is asked about again."""
    body = shown(a_snapshot(an_absentee(1), an_absentee(2, is_marked=True)))

    assert [(row["isPresent"], row["isMarked"]) for row in body["attendees"]] == [
        (False, False),
        (False, True),
    ]


def test_response_lists_people_as_the_sheet_does() -> None:
    """The order is by name, in upper or lower case, then by id, so that no row moves."""
    people = (
        an_attendee(1, name="zoe"),
        an_attendee(2, name="Adam"),
        an_attendee(4, name="Bo"),
        an_attendee(3, name="bo"),
    )

    rows = shown(a_snapshot(*people))["attendees"]

    assert [row["personnelId"] for row in rows] == [a_cuid(number) for number in (2, 3, 4, 1)]


@pytest.mark.parametrize(("fields", "now", "state", "name"), EVIDENCE.values(), ids=EVIDENCE)
def test_response_shows_the_state_of_the_latest_upload(
    fields: dict[str, Any], now: datetime, state: str, name: str | None
) -> None:
    """An accepted sheet stays in force, and visible, until a newer one is accepted."""
    evidence = shown(a_snapshot(**fields), now)["evidence"]

    assert (evidence["state"], evidence.get("fileName")) == (state, name)
    assert ("attendanceFileKey" in evidence) is (fields.get("sheet", a_sheet()) is not None)
    assert ("reason" in evidence) is (state == "REJECTED")


@pytest.mark.parametrize("ends_early", [True, None])
def test_session_says_that_its_sheet_ends_early(ends_early: bool | None) -> None:
    """A client sees it with the sheet, and nothing of it if the sheet is whole."""
    evidence = shown(a_snapshot(sheet=a_sheet(ends_early=ends_early)))["evidence"]

    assert evidence.get("endsEarly") is ends_early


def test_response_allows_finalizing_without_blockers() -> None:
    """The preview counts what would be written now."""
    marked_absent = an_absentee(2, is_marked=True)

    finalization = shown(a_snapshot(an_attendee(1), marked_absent))["finalization"]

    assert finalization == {
        "allowed": True,
        "blockers": [],
        "warnings": [],
        "preview": {
            "trainingRecords": 1,
            "competencyRecords": 0,
            "passed": 1,
            "failed": 0,
            "absent": 1,
        },
        "sessionDate": "2026-03-10",
        "expiryDate": "2027-03-10",
        "attestation": MEANING,
    }


def test_response_says_what_was_attested_to_if_this_release_knows_it() -> None:
    """A decision of a later release is shown without words, never with those of another one."""
    decisions = [a_decision(manifest_version=version) for version in (1, 99)]

    first, later = (
        shown(Snapshot(a_locked_session(SessionStatus.COMPLETED, finalization=decision), ()))
        for decision in decisions
    )

    assert first["finalization"]["attestation"].startswith("I attest")
    assert "attestation" not in later["finalization"]


def test_response_warns_of_what_does_not_block() -> None:
    """An admin may finalize all the same; people are named if it is about some."""
    finalization = shown(
        a_snapshot(an_attendee(1), an_absentee(2), sheet=a_sheet(ends_early=True))
    )["finalization"]

    assert finalization["allowed"] is True
    found = {warning["slug"]: warning.get("people") for warning in finalization["warnings"]}
    assert found == {"people-unmarked": [a_cuid(2)], "sheet-ends-early": None}
    assert all(warning["detail"] for warning in finalization["warnings"])


def test_response_shows_a_session_to_whose_day_no_validity_can_be_added() -> None:
    """The first release took sessions of any year; they are shown, without an expiry."""
    long_after = datetime(9998, 3, 10, tzinfo=UTC)
    details = some_details(starts_at=long_after, ends_at=long_after + timedelta(hours=7))

    finalization = shown(a_snapshot(details=details))["finalization"]

    assert finalization["sessionDate"] == "9998-03-10"
    assert "expiryDate" not in finalization


def test_response_of_a_finalized_session_shows_what_was_warned_of_and_acknowledged() -> None:
    """Whoever reads it later sees what the admin knew."""
    warned = GateWarning(WarningSlug.COURSE_CHANGED, "The rules were changed.")
    decision = a_decision(warnings=(warned,), acknowledged=(warned.slug,))
    session = a_locked_session(SessionStatus.COMPLETED, finalization=decision)

    finalization = shown(Snapshot(session, ()))["finalization"]

    assert finalization["warnings"] == [
        {"slug": "course-changed", "detail": "The rules were changed."}
    ]
    assert finalization["acknowledged"] == ["course-changed"]


def test_response_of_a_finalized_session_shows_what_was_written() -> None:
    """Counts and names are those of the decision, even if the roster changed since."""
    session = a_locked_session(SessionStatus.COMPLETED)

    finalization = shown(Snapshot(session, ()))["finalization"]

    assert finalization["preview"]["trainingRecords"] == 1
    assert finalization["finalizedBy"] == {"id": "u-admin", "name": "Frank Okafor"}
    assert finalization["finalizedAt"] == "2026-03-10T15:10:00Z"
    assert finalization["blockers"] == ["session-finalized"]


def test_response_of_a_locked_session_shows_its_progress() -> None:
    """A large session is written in batches, and the response counts the records so far."""
    session = a_locked_session(SessionStatus.FINALIZING)

    finalization = shown(Snapshot(session, ()), written=0)["finalization"]

    assert finalization["progress"] == {"written": 0, "total": 1}
    assert finalization["blockers"] == ["finalization-in-progress"]


def test_finalized_response_names_actor_and_decision() -> None:
    """The answer to Finalize follows from the decision alone, so it is the same each time."""
    body = json.loads(finalized_response(a_locked_session(SessionStatus.COMPLETED)).json_text())

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


def test_finalized_response_of_an_open_session_is_a_bug() -> None:
    """Without a decision there is nothing to answer; this is a bug, not a refusal."""
    with pytest.raises(SessionNotFinalized):
        finalized_response(a_session())


def test_finalized_response_keeps_microseconds() -> None:
    """The moment of the lock is read back exactly."""
    at = datetime(2026, 3, 10, 15, 10, 0, 123456, UTC)
    session = a_locked_session(SessionStatus.COMPLETED, finalization=a_decision(finalized_at=at))

    assert finalized_response(session).finalized_at == at
    assert "15:10:00.123456Z" in finalized_response(session).json_text()


@pytest.mark.parametrize(
    "fields",
    [
        {"job_title": None, "remarks": None},
        {"job_title": "Kranführer", "remarks": "再試験 🙂"},
        {"is_present": False, "has_passed": False},
        {"remarks": "".join(map(chr, range(0x110))) + '\\"/\u2028\ufeff'},
    ],
)
def test_row_has_no_more_bytes_than_the_roster_counts_for_it(fields: dict[str, Any]) -> None:
    """What is counted bounds the answer, whatever JSON makes of a character."""
    row = an_attendee(**fields)

    text = AttendeeResponse.model_validate(row).json_text()

    assert len(text.encode()) + 1 <= row.bytes <= len(text.encode()) + 120
