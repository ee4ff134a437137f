"""A session: its date, its evidence, what its state allows, and which views of it still hold."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import (
    FinalizationInProgress,
    SessionCancelled,
    SessionFinalized,
    StaleView,
    TrainingError,
)
from shared.domain.evidence import CHECKING_TIME, EvidenceState, Rejection, Sheet, Upload
from shared.domain.session import (
    LOCKED_STATUSES,
    OPEN_STATUSES,
    Attendee,
    SessionStatus,
    Snapshot,
    View,
    require_current,
)
from tests.builders import (
    NOW,
    a_course,
    a_cuid,
    a_rejection,
    a_session,
    a_sheet,
    a_snapshot,
    an_attendee,
    an_upload,
    some_details,
)

MOMENTS = st.timedeltas(timedelta(days=-9_000), timedelta(days=9_000)).map(NOW.__add__)
ZONES = ["Pacific/Kiritimati", "Asia/Kathmandu", "Europe/Berlin", "UTC", "America/St_Johns"]


@pytest.mark.parametrize(
    ("ends_at", "timezone", "day"),
    [
        # One instant, seven places.
        ("2026-03-10T23:30:00Z", "UTC", "2026-03-10"),
        ("2026-03-10T23:30:00Z", "Europe/Berlin", "2026-03-11"),
        ("2026-03-10T23:30:00Z", "America/Los_Angeles", "2026-03-10"),
        ("2026-03-10T23:30:00Z", "Asia/Tokyo", "2026-03-11"),
        ("2026-03-10T10:30:00Z", "Pacific/Kiritimati", "2026-03-11"),
        ("2026-03-10T10:30:00Z", "Pacific/Pago_Pago", "2026-03-09"),
        ("2026-03-10T18:20:00Z", "Asia/Kathmandu", "2026-03-11"),
        # Midnight itself belongs to the new day.
        ("2026-03-10T23:00:00Z", "Europe/Berlin", "2026-03-11"),
        ("2026-03-10T22:59:59Z", "Europe/Berlin", "2026-03-10"),
        # The same clock time in summer is an hour earlier in UTC.
        ("2026-06-10T22:00:00Z", "Europe/Berlin", "2026-06-11"),
        ("2026-12-10T22:00:00Z", "Europe/Berlin", "2026-12-10"),
        # The nights the clocks change: 29 March and 25 October 2026 in Berlin, 8 March in New York.
        ("2026-03-28T22:59:00Z", "Europe/Berlin", "2026-03-28"),
        ("2026-03-29T22:00:00Z", "Europe/Berlin", "2026-03-30"),
        ("2026-10-24T22:00:00Z", "Europe/Berlin", "2026-10-25"),
        ("2026-10-25T22:30:00Z", "Europe/Berlin", "2026-10-25"),
        ("2026-03-08T04:59:00Z", "America/New_York", "2026-03-07"),
        ("2026-03-09T04:00:00Z", "America/New_York", "2026-03-09"),
        # Written with an offset of somewhere else.
        ("2026-03-10T20:00:00-08:00", "Europe/Berlin", "2026-03-11"),
        # Around a year's and a leap day's end.
        ("2027-12-31T23:30:00Z", "Europe/Berlin", "2028-01-01"),
        ("2028-02-28T23:30:00Z", "Europe/Berlin", "2028-02-29"),
        ("2028-03-01T04:30:00Z", "America/New_York", "2028-02-29"),
    ],
)
def test_local_end_date_is_the_day_where_the_training_took_place(
    ends_at: str, timezone: str, day: str
) -> None:
    """The record bears the date the people who were there remember."""
    session = a_session(
        details=some_details(ends_at=datetime.fromisoformat(ends_at), timezone=timezone)
    )

    assert session.local_end_date == date.fromisoformat(day)


@given(MOMENTS, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_local_end_date_does_not_depend_on_how_the_moment_is_written(
    moment: datetime, place: str, offset: str
) -> None:
    """The same instant under another offset is the same day on site."""
    written = moment.astimezone(ZoneInfo(offset))

    one = a_session(details=some_details(ends_at=moment, timezone=place))
    other = a_session(details=some_details(ends_at=written, timezone=place))

    assert one.local_end_date == other.local_end_date


def test_attendee_is_absent_and_passed_until_somebody_says_otherwise() -> None:
    """A row nobody touched never becomes a record (spec §2)."""
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
        (SessionStatus.COMPLETED, SessionFinalized),
    ],
)
def test_require_open_refuses_every_other_state_by_its_name(
    status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """A cancelled, sealed or finalized session takes nothing (DESIGN §5.4)."""
    session = a_session(status=status)

    with pytest.raises(refusal):
        session.require_open()


def test_require_unlocked_lets_a_cancelled_session_be_set_back() -> None:
    """Cancelling is no gate: a session that did take place after all is opened again."""
    a_session(status=SessionStatus.CANCELLED).require_unlocked()


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (SessionStatus.FINALIZING, FinalizationInProgress),
        (SessionStatus.COMPLETED, SessionFinalized),
    ],
)
def test_require_unlocked_refuses_after_the_gate(
    status: SessionStatus, refusal: type[TrainingError]
) -> None:
    """After the gate nothing changes any more (spec §1)."""
    session = a_session(status=status)

    with pytest.raises(refusal):
        session.require_unlocked()


def test_every_status_is_open_locked_or_cancelled() -> None:
    """A new status has to be put somewhere before anything ships."""
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
    """An upload announced and never sent does not block its session for ever."""
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
    """The admin sees where the upload they just made stands, not where an older one stood."""
    session = a_session(sheet=sheet, rejection=rejection, pending=pending)

    assert session.evidence_state(NOW) is state


def test_fingerprint_never_changes() -> None:
    """Sums stored by an older release still prove what they proved then."""
    assert an_attendee(1, revision=3).fingerprint == 32710630261629520


@pytest.mark.parametrize("other", [an_attendee(2, revision=3), an_attendee(1, revision=4)])
def test_fingerprint_stands_for_one_person_at_one_revision(other: Attendee) -> None:
    """Another person or another revision is another number."""
    assert other.fingerprint != an_attendee(1, revision=3).fingerprint


def test_fingerprint_follows_the_revision_and_not_the_marks() -> None:
    """Every change of the marks is a new revision, so that the number says enough."""
    assert an_attendee(1, remarks="x").fingerprint == an_attendee(1).fingerprint


def test_snapshot_is_whole_when_all_rows_and_changes_are_there() -> None:
    """As many rows as counted, and as many changes."""
    assert a_snapshot(an_attendee(1, revision=3), an_attendee(2)).is_whole


def test_snapshot_of_nobody_is_whole() -> None:
    """A session without a roster has nothing to miss."""
    assert a_snapshot().is_whole


def test_snapshot_without_a_row_is_torn() -> None:
    """A read that saw the session of a longer roster without all its rows is no snapshot."""
    session = a_snapshot(an_attendee(1), an_attendee(2)).session

    assert not Snapshot(session, (an_attendee(1),)).is_whole


def test_snapshot_with_an_older_row_is_torn() -> None:
    """A read that saw the session of an accepted PATCH without its row would lose the PATCH."""
    session = a_snapshot(an_attendee(1, revision=2)).session

    assert not Snapshot(session, (an_attendee(1, revision=1),)).is_whole


def test_snapshot_where_one_joined_as_another_left_is_torn() -> None:
    """Equal sums over another number of rows prove nothing."""
    session = a_snapshot(an_attendee(1, revision=2)).session

    assert not Snapshot(session, (an_attendee(1), an_attendee(2))).is_whole


def test_require_current_accepts_whoever_sets_no_condition() -> None:
    """No condition, no refusal."""
    require_current(None, a_session())


def test_require_current_refuses_a_condition_that_names_no_state_of_ours() -> None:
    """A tag we never gave out matches nothing."""
    with pytest.raises(StaleView):
        require_current([], a_session())


@pytest.mark.parametrize("version", [6, 8])
def test_require_current_refuses_another_version(version: int) -> None:
    """What the client decided on has changed, so its decision does not stand."""
    with pytest.raises(StaleView):
        require_current([View(version)], a_session(version=7))


def test_require_current_accepts_one_current_view_of_several() -> None:
    """A client may name every state it would be content with."""
    require_current([View(3), View(7), View(8)], a_session(version=7))


def test_require_current_refuses_a_view_under_other_course_rules() -> None:
    """Whoever finalizes saw which kind of records there would be, and it is another kind now."""
    with pytest.raises(StaleView):
        require_current([View(7, course_revision=3)], a_session(version=7), a_course(revision=4))


@pytest.mark.parametrize("seen", [4, None])
def test_require_current_accepts_the_same_course_rules_or_none_seen(seen: int | None) -> None:
    """A view of the session alone does not bind the course."""
    require_current([View(7, seen)], a_session(version=7), a_course(revision=4))


def test_require_current_ignores_the_course_where_it_does_not_matter() -> None:
    """Saving attendance does not depend on the course's rules."""
    require_current([View(7, course_revision=1)], a_session(version=7))


def test_require_current_refuses_an_old_version_under_the_same_rules() -> None:
    """Both parts of a view have to hold."""
    with pytest.raises(StaleView):
        require_current([View(6, 4)], a_session(version=7), a_course(revision=4))
