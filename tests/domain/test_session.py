"""A session: its evidence, what its state allows, and which views of it are current."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.errors import (
    FinalizationInProgress,
    SessionAlreadyFinalized,
    SessionCancelled,
    TrainingError,
)
from shared.domain.evidence import CHECKING_TIME, EvidenceState, Rejection, Sheet, Upload
from shared.domain.session import LOCKED_STATUSES, OPEN_STATUSES, Attendee, SessionStatus, Snapshot
from testing.builders import (
    NOW,
    a_cuid,
    a_rejection,
    a_session,
    a_sheet,
    a_snapshot,
    an_absentee,
    an_attendee,
    an_upload,
    some_details,
)
from testing.fakes import FakeSessions


@pytest.mark.parametrize(
    ("row", "was_marked"),
    [
        ({"is_marked": True}, True),
        ({"is_marked": False}, False),
        ({"is_marked": None}, False),
        ({"is_marked": None, "is_present": True}, True),
        ({"is_marked": None, "has_passed": False}, True),
        ({"is_marked": None, "remarks": "ill"}, True),
        ({"is_marked": None, "revision": 2}, True),
    ],
)
def test_row_says_whether_it_was_marked(row: dict[str, Any], *, was_marked: bool) -> None:
    """One of the first release does not say so; it counts as marked unless nobody changed it."""
    assert an_absentee(1, **row).was_marked is was_marked


def test_row_has_the_fingerprint_of_its_revision_whether_it_was_marked_or_not() -> None:
    """The sums of sessions that are stored stay right."""
    fingerprints = {an_absentee(1, is_marked=said).fingerprint for said in (None, False, True)}

    assert len(fingerprints) == 1


def test_attendee_is_absent_and_passed_until_marked() -> None:
    """A row without marks never becomes a record (spec §2)."""
    attendee = Attendee(a_cuid(1), "Ada")

    assert (attendee.is_present, attendee.has_passed, attendee.remarks) == (False, True, None)


@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_require_open_accepts_what_is_planned_or_under_way(status: SessionStatus) -> None:
    """A session takes sheets and attendance until it is locked or cancelled."""
    a_session(status=status).require_open()


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (SessionStatus.CANCELLED, SessionCancelled),
        (SessionStatus.FINALIZING, FinalizationInProgress),
        (SessionStatus.COMPLETED, SessionAlreadyFinalized),
    ],
)
def test_require_open_refuses_every_other_state_by_its_name(
    status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """A cancelled, locked or finalized session takes nothing (DESIGN §5.4)."""
    session = a_session(status=status)

    with pytest.raises(refusal):
        session.require_open()


def test_require_unlocked_lets_a_cancelled_session_be_set_back() -> None:
    """A cancelled session can be planned again."""
    a_session(status=SessionStatus.CANCELLED).require_unlocked()


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (SessionStatus.FINALIZING, FinalizationInProgress),
        (SessionStatus.COMPLETED, SessionAlreadyFinalized),
    ],
)
def test_require_unlocked_refuses_after_the_gate(
    status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """After the lock nothing changes any more (spec §1)."""
    session = a_session(status=status)

    with pytest.raises(refusal):
        session.require_unlocked()


def test_every_status_is_open_locked_or_cancelled() -> None:
    """A new status has to be put into one of the three groups."""
    assert {*OPEN_STATUSES, *LOCKED_STATUSES, SessionStatus.CANCELLED} == set(SessionStatus)


@pytest.mark.parametrize(
    ("waited", "still"),
    [
        (timedelta(0), True),
        (CHECKING_TIME - timedelta(seconds=1), True),
        (CHECKING_TIME, False),
        (CHECKING_TIME + timedelta(days=1), False),
    ],
)
def test_checking_ends_after_a_quarter_of_an_hour(waited: timedelta, *, still: bool) -> None:
    """An upload that was announced and never sent does not block its session."""
    session = a_session(pending=an_upload(uploaded_at=NOW))

    assert session.checking(NOW + waited) is still


def test_checking_needs_an_upload() -> None:
    """Without an announced upload there is nothing to wait for."""
    assert not a_session(pending=None).checking(NOW)


SHEET, REFUSAL, UPLOAD = a_sheet(1), a_rejection(1), an_upload(1, uploaded_at=NOW)
OVERDUE = an_upload(3, uploaded_at=NOW - CHECKING_TIME)


@pytest.mark.parametrize(
    ("sheet", "rejection", "pending", "state"),
    [
        (None, None, None, EvidenceState.NONE),
        (None, None, UPLOAD, EvidenceState.PENDING),
        (SHEET, None, an_upload(2, uploaded_at=NOW), EvidenceState.PENDING),
        (None, REFUSAL, an_upload(2, uploaded_at=NOW), EvidenceState.PENDING),
        (SHEET, None, None, EvidenceState.ACCEPTED),
        (SHEET, a_rejection(0), None, EvidenceState.ACCEPTED),
        (SHEET, a_rejection(2), None, EvidenceState.REJECTED),
        (None, REFUSAL, None, EvidenceState.REJECTED),
        (None, None, OVERDUE, EvidenceState.NONE),
        (SHEET, None, OVERDUE, EvidenceState.ACCEPTED),
        (None, REFUSAL, OVERDUE, EvidenceState.REJECTED),
    ],
)
def test_evidence_state_is_that_of_the_latest_upload(
    sheet: Sheet | None,
    rejection: Rejection | None,
    pending: Upload | None,
    state: EvidenceState,
) -> None:
    """The admin sees the state of the last upload, not of an older one."""
    session = a_session(sheet=sheet, rejection=rejection, pending=pending)

    assert session.evidence_state(NOW) is state


@pytest.mark.parametrize("rejection", [None, REFUSAL])
@pytest.mark.parametrize("pending", [None, UPLOAD, OVERDUE])
@pytest.mark.parametrize("sheet", [None, SHEET, a_sheet(0)])
def test_evidence_state_in_a_list_is_that_of_the_session(
    sheet: Sheet | None, pending: Upload | None, rejection: Rejection | None
) -> None:
    """The list and the session itself show the same state."""
    session = a_session(sheet=sheet, pending=pending, rejection=rejection)
    (line,) = FakeSessions(Snapshot(session, ())).page([session.status], 1, None)

    assert line.evidence_state(NOW) is session.evidence_state(NOW)


def test_fingerprint_never_changes() -> None:
    """Sums stored by an older release are still right."""
    assert an_attendee(1, revision=3).fingerprint == 32710630261629520


@pytest.mark.parametrize("other", [an_attendee(2, revision=3), an_attendee(1, revision=4)])
def test_fingerprint_stands_for_one_person_at_one_revision(other: Attendee) -> None:
    """Another person or another revision has another fingerprint."""
    assert other.fingerprint != an_attendee(1, revision=3).fingerprint


def test_fingerprint_follows_the_revision_and_not_the_marks() -> None:
    """Every change of the marks is a new revision, so the revision is enough."""
    assert an_attendee(1, remarks="x").fingerprint == an_attendee(1).fingerprint


def test_snapshot_is_whole_when_all_rows_and_changes_are_there() -> None:
    """There are as many rows, and as many changes of them, as the session counts."""
    assert a_snapshot(an_attendee(1, revision=3), an_attendee(2)).is_whole


def test_snapshot_without_a_roster_is_whole() -> None:
    """A session without a roster is whole without rows."""
    assert a_snapshot().is_whole


def test_snapshot_without_a_row_is_torn() -> None:
    """The session of a longer roster, read without all its rows, is no snapshot."""
    session = a_snapshot(an_attendee(1), an_attendee(2)).session

    assert not Snapshot(session, (an_attendee(1),)).is_whole


def test_snapshot_with_an_older_row_is_torn() -> None:
    """The session of an accepted PATCH, read without its changed row, is no snapshot."""
    session = a_snapshot(an_attendee(1, revision=2)).session

    assert not Snapshot(session, (an_attendee(1, revision=1),)).is_whole


def test_snapshot_where_one_joined_as_another_left_is_torn() -> None:
    """The number of rows has to agree as well as the sum."""
    session = a_snapshot(an_attendee(1, revision=2)).session

    assert not Snapshot(session, (an_attendee(1), an_attendee(2))).is_whole


# A course of two days in Berlin, from the 9th at 08:00 to the 10th at 16:00.
TWO_DAYS = {"starts_at": "2026-03-09T07:00Z", "ends_at": "2026-03-10T15:00Z"}
# An evening in Berlin, until midnight.
EVENING = {"starts_at": "2026-03-10T19:00Z", "ends_at": "2026-03-10T23:00Z"}
# The same hours in Los Angeles, where they are in the morning.
THERE = {"timezone": "America/Los_Angeles"}


@pytest.mark.parametrize(
    ("details", "now", "taken_place"),
    [
        (TWO_DAYS, "2026-03-09T06:59:59Z", False),
        (TWO_DAYS, "2026-03-09T07:00Z", False),
        (TWO_DAYS, "2026-03-09T22:59:59Z", False),
        (TWO_DAYS, "2026-03-09T23:00Z", True),
        (TWO_DAYS, "2026-03-10T14:00Z", True),
        (TWO_DAYS, "2026-04-10T14:00Z", True),
        (EVENING, "2026-03-10T18:59:59Z", False),
        (EVENING, "2026-03-10T19:00Z", True),
        (TWO_DAYS | THERE, "2026-03-10T06:59:59Z", False),
        (TWO_DAYS | THERE, "2026-03-10T07:00Z", True),
        # What the first release took.
        (TWO_DAYS | {"ends_at": "9999-12-31T23:59:59Z"} | THERE, "2026-03-10T15:00Z", False),
    ],
)
def test_session_has_taken_place_from_its_last_day_on(
    details: dict[str, str], now: str, taken_place: bool
) -> None:
    """Not before it started, and not before its last day has come where it takes place."""
    moments = {
        name: value if name == "timezone" else datetime.fromisoformat(value)
        for name, value in details.items()
    }
    session = a_session(details=some_details(**moments))

    assert session.has_taken_place(datetime.fromisoformat(now)) is taken_place
