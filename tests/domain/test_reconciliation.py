"""What can be wrong with a finalization long after the decision."""

from datetime import timedelta

import pytest

from shared.domain.outbox import GRACE, entry_for
from shared.domain.reconciliation import (
    TOO_LONG,
    Fault,
    Finding,
    missing_compliance,
    missing_records,
    stuck_entry,
    stuck_session,
)
from shared.domain.session import Counts, Session, SessionStatus
from testing.builders import (
    NOW,
    SESSION_ID,
    a_cuid,
    a_decision,
    a_locked_session,
    a_session,
    a_standing,
)

SECOND = timedelta(seconds=1)
DUE = NOW + GRACE


@pytest.mark.parametrize(
    ("late", "is_stuck"), [(timedelta(0), False), (TOO_LONG - SECOND, False), (TOO_LONG, True)]
)
def test_stuck_entry_was_due_a_quarter_of_an_hour_ago(late: timedelta, *, is_stuck: bool) -> None:
    """After that many runs of the relay, it cannot publish the entry by itself."""
    entry = entry_for(SESSION_ID, a_decision(finalized_at=NOW))

    finding = stuck_entry(entry, DUE + late)

    assert (finding is not None) is is_stuck


def test_stuck_entry_names_session_and_time() -> None:
    """The finding says where to look, and since when it has been wrong."""
    entry = entry_for(SESSION_ID, a_decision(finalized_at=NOW))

    assert stuck_entry(entry, DUE + 2 * TOO_LONG) == Finding(
        Fault.OUTBOX_STUCK, SESSION_ID, f"work is owed since {entry.due}"
    )


@pytest.mark.parametrize(
    ("since", "is_stuck"), [(timedelta(0), False), (TOO_LONG - SECOND, False), (TOO_LONG, True)]
)
def test_stuck_session_was_locked_a_quarter_of_an_hour_ago(
    since: timedelta, *, is_stuck: bool
) -> None:
    """It should have been completed long ago."""
    session = a_locked_session(SessionStatus.FINALIZING)

    finding = stuck_session(session, NOW + since)

    assert (finding is not None) is is_stuck


def test_stuck_session_names_session_and_time() -> None:
    """The finding says where to look, and since when it has been wrong."""
    finding = stuck_session(a_locked_session(SessionStatus.FINALIZING), NOW + TOO_LONG)

    assert finding == Finding(Fault.FINALIZING_TOO_LONG, SESSION_ID, f"locked at {NOW}")


@pytest.mark.parametrize(
    "session",
    [
        a_session(),
        a_locked_session(SessionStatus.COMPLETED),
    ],
)
def test_stuck_session_is_one_that_is_being_finalized(session: Session) -> None:
    """Open and completed sessions are not stuck."""
    assert stuck_session(session, NOW + timedelta(days=9)) is None


DECISION = a_decision(counts=Counts(2, 3, passed=4, failed=1, absent=1))


@pytest.mark.parametrize(("written", "is_wrong"), [(5, False), (4, True), (0, True), (6, True)])
def test_missing_records_are_fewer_or_more_than_recorded(written: int, *, is_wrong: bool) -> None:
    """The number of records stored is compared with the number decided."""
    finding = missing_records(SESSION_ID, DECISION, written)

    assert (finding is not None) is is_wrong


def test_missing_records_says_how_many() -> None:
    """The finding says how many records are missing, or too many."""
    assert missing_records(SESSION_ID, DECISION, 4) == Finding(
        Fault.RECORDS_MISSING, SESSION_ID, "4 of 5 records are there"
    )


PEOPLE = [a_cuid(1), a_cuid(2)]
BOTH = [a_standing(personnel_id=person) for person in PEOPLE]


def test_missing_compliance_is_none_if_everyone_was_judged_since() -> None:
    """Calculations made since the finalization show that the event arrived."""
    assert missing_compliance(SESSION_ID, DECISION, PEOPLE, BOTH, NOW + TOO_LONG) is None


def test_missing_compliance_counts_who_was_never_judged() -> None:
    """A person without any calculation did not get the event."""
    finding = missing_compliance(SESSION_ID, DECISION, PEOPLE, BOTH[:1], NOW + TOO_LONG)

    assert finding == Finding(
        Fault.COMPLIANCE_NOT_RECALCULATED, SESSION_ID, "1 of 2 people not judged"
    )


@pytest.mark.parametrize(("since", "is_wrong"), [(-SECOND, True), (timedelta(0), False)])
def test_missing_compliance_counts_who_was_only_judged_before(
    since: timedelta, *, is_wrong: bool
) -> None:
    """A calculation from before the finalization cannot have seen its records."""
    standings = [a_standing(personnel_id=person, calculated_at=NOW + since) for person in PEOPLE]

    finding = missing_compliance(SESSION_ID, DECISION, PEOPLE, standings, NOW + TOO_LONG)

    assert (finding is not None) is is_wrong


def test_missing_compliance_ignores_people_of_other_sessions() -> None:
    """A calculation for a person of another session proves nothing."""
    strangers = [a_standing(personnel_id=a_cuid(number)) for number in (8, 9)]

    assert missing_compliance(SESSION_ID, DECISION, PEOPLE, strangers, NOW + TOO_LONG) is not None


def test_missing_compliance_leaves_the_event_time_to_arrive() -> None:
    """A session finalized just now is not checked yet."""
    assert missing_compliance(SESSION_ID, DECISION, PEOPLE, [], NOW + TOO_LONG - SECOND) is None


def test_missing_compliance_of_an_empty_roster_is_none() -> None:
    """There is no one to calculate compliance for."""
    assert missing_compliance(SESSION_ID, DECISION, [], [], NOW + TOO_LONG) is None
