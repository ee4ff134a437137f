"""The finalize decision: what stands against it, and all that it writes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.course import Course
from shared.domain.errors import (
    EvidenceBeingChecked,
    EvidenceMissing,
    FinalizationInProgress,
    RosterIncomplete,
    SessionCancelled,
    SessionFinalized,
    TrainingError,
)
from shared.domain.evidence import CHECKING_TIME, Upload
from shared.domain.plan import blockers, plan_finalization, plan_of, preview
from shared.domain.records import RecordKind, Result
from shared.domain.session import Attendee, Counts, Session, SessionStatus, Snapshot
from tests.builders import (
    ADMIN,
    NOW,
    a_course,
    a_plan,
    a_rejection,
    a_request,
    a_session,
    a_snapshot,
    an_absentee,
    an_attendee,
    an_upload,
    attendees,
)

CHECKED = an_upload(5, uploaded_at=NOW)
OVERDUE = an_upload(5, uploaded_at=NOW - CHECKING_TIME)
PEOPLE = st.lists(
    st.builds(
        an_attendee,
        st.integers(1, 40),
        is_present=st.booleans(),
        has_passed=st.booleans(),
        revision=st.integers(1, 5),
    ),
    max_size=12,
    unique_by=lambda person: person.personnel_id,
)
COURSES = st.builds(
    a_course, requires_verify=st.booleans(), validity_months=st.none() | st.integers(1, 60)
)


def unlocked(after: Session, before: Session) -> Session:
    """Return *after* with all that a finalization changes as it was *before*."""
    return replace(
        after,
        status=before.status,
        version=before.version,
        audit_head=before.audit_head,
        pending=before.pending,
        finalization=None,
    )


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ({}, []),
        ({"status": SessionStatus.SCHEDULED}, []),
        ({"sheet": None}, [EvidenceMissing]),
        ({"pending": CHECKED}, [EvidenceBeingChecked]),
        ({"pending": OVERDUE}, []),
        ({"rejection": a_rejection(5)}, []),
        ({"sheet": None, "rejection": a_rejection(5)}, [EvidenceMissing]),
        ({"roster_change": "put-1"}, [RosterIncomplete]),
        ({"sheet": None, "pending": CHECKED}, [EvidenceMissing, EvidenceBeingChecked]),
        ({"sheet": None, "pending": OVERDUE}, [EvidenceMissing]),
        ({"pending": CHECKED, "roster_change": "put-1"}, [EvidenceBeingChecked, RosterIncomplete]),
        (
            {"sheet": None, "pending": CHECKED, "roster_change": "put-1"},
            [EvidenceMissing, EvidenceBeingChecked, RosterIncomplete],
        ),
        ({"status": SessionStatus.CANCELLED}, [SessionCancelled]),
        ({"status": SessionStatus.FINALIZING}, [FinalizationInProgress]),
        ({"status": SessionStatus.COMPLETED}, [SessionFinalized]),
        ({"status": SessionStatus.CANCELLED, "sheet": None}, [SessionCancelled]),
        ({"status": SessionStatus.COMPLETED, "sheet": None}, [SessionFinalized]),
    ],
)
def test_blockers_name_everything_that_stands_against_finalizing(
    state: dict[str, Any], found: list[type[TrainingError]]
) -> None:
    """In the order a person would mend them; a closed session has nothing to mend."""
    assert [type(blocker) for blocker in blockers(a_session(**state), NOW)] == found


@pytest.mark.parametrize(
    "state",
    [
        {"sheet": None},
        {"pending": CHECKED},
        {"roster_change": "put-1"},
        {"sheet": None, "pending": CHECKED, "roster_change": "put-1"},
        {"status": SessionStatus.CANCELLED},
        {"status": SessionStatus.FINALIZING},
        {"status": SessionStatus.COMPLETED},
    ],
)
def test_plan_is_refused_with_the_first_blocker(state: dict[str, Any]) -> None:
    """What GET shows as standing against it is what Finalize refuses with."""
    snapshot = a_snapshot(an_attendee(), **state)

    with pytest.raises(TrainingError) as refusal:
        plan_finalization(snapshot, a_course(), a_request())

    assert type(refusal.value) is type(blockers(snapshot.session, NOW)[0])


def test_plan_waits_for_a_newer_sheet_only_for_a_while() -> None:
    """An upload that never came blocks for a quarter of an hour, then no longer."""
    snapshot = a_snapshot(an_attendee(), pending=CHECKED)

    plan = a_plan(snapshot, request=a_request(at=NOW + CHECKING_TIME))

    assert plan.commit_step.after.pending is None


@pytest.mark.parametrize("requires_verify", [True, False])
def test_preview_counts_what_there_is(*, requires_verify: bool) -> None:
    """Present ones by kind and result, absent ones apart."""
    people = [*attendees(4), an_attendee(5, has_passed=False), an_absentee(6), an_absentee(7)]

    counts = preview(people, a_course(requires_verify=requires_verify))

    kinds = (0, 5) if requires_verify else (5, 0)
    assert counts == Counts(*kinds, passed=4, failed=1, absent=2)
    assert counts.records == 5


def test_preview_does_not_count_a_failure_of_somebody_absent() -> None:
    """A mark on somebody who was not there is nobody's result."""
    counts = preview([an_absentee(1, has_passed=False)], a_course())

    assert counts == Counts(0, 0, passed=0, failed=0, absent=1)


@given(PEOPLE, COURSES)
def test_preview_is_exactly_what_the_plan_writes(people: list[Attendee], course: Course) -> None:
    """The number in the confirmation dialog is the number written (spec §5)."""
    plan = a_plan(a_snapshot(*people), course)

    written = Counts(
        training_records=sum(r.kind is RecordKind.TRAINING for r in plan.records),
        competency_records=sum(r.kind is RecordKind.COMPETENCY for r in plan.records),
        passed=sum(r.result is Result.PASSED for r in plan.records),
        failed=sum(r.result is Result.FAILED for r in plan.records),
        absent=len(people) - len(plan.records),
    )
    assert preview(people, course) == written == plan.decision.counts


@given(PEOPLE, COURSES)
def test_plan_writes_one_record_for_each_person_who_was_there(
    people: list[Attendee],
    course: Course,
) -> None:
    """All of them, nobody else, nobody twice."""
    plan = a_plan(a_snapshot(*people), course)

    present = [person.personnel_id for person in people if person.is_present]
    assert [record.personnel_id for record in plan.records] == present


def test_plan_of_nobody_present_writes_no_record() -> None:
    """A session nobody came to can be closed all the same (DESIGN §5.1)."""
    plan = a_plan(a_snapshot(an_absentee(1), an_absentee(2)))

    assert plan.records == ()
    assert plan.commit_step.after.status is SessionStatus.COMPLETED


def test_plan_freezes_the_decision_in_the_session() -> None:
    """Who, when, under which rules, with which outcome, and by which request."""
    request = a_request(finalization_id="fin-3", key="key-1")

    decision = a_plan(
        a_snapshot(*attendees(2)), a_course(version="Z"), request
    ).commit_step.after.finalization

    assert decision is not None
    assert (decision.finalization_id, decision.request_key) == ("fin-3", "key-1")
    assert (decision.finalized_at, decision.finalized_by) == (NOW, ADMIN)
    assert decision.course == a_course(version="Z")
    assert decision.counts.records == 2


@pytest.mark.parametrize("pending", [None, OVERDUE])
def test_plan_changes_nothing_else_of_the_session(pending: Upload | None) -> None:
    """Details, sheet and roster are what they were; only an upload nobody sent is forgotten."""
    before = a_snapshot(*attendees(2), pending=pending, rejection=a_rejection(5)).session

    plan = a_plan(Snapshot(before, attendees(2)))

    for after in (plan.seal_step.after, plan.commit_step.after):
        assert after.finalization == plan.decision
        assert unlocked(after, before) == before


def test_plan_completes_an_open_session_as_its_next_version() -> None:
    """What fits one transaction is one change."""
    plan = a_plan(a_snapshot(*attendees(2), version=7))

    assert plan.before.version == 7
    assert plan.commit_step.after.version == 8


def test_plan_seals_and_completes_in_two_versions() -> None:
    """What does not fit is locked first, and completed by a change of its own."""
    plan = a_plan(a_snapshot(*attendees(2), version=7))

    after = plan.after_seal()

    assert (plan.seal_step.after.version, plan.seal_step.after.status) == (
        8,
        SessionStatus.FINALIZING,
    )
    assert after.before == plan.seal_step.after
    assert (after.completed.version, after.completed.status) == (9, SessionStatus.COMPLETED)
    assert after.completed.audit_head == plan.seal_step.entry.sha256


@given(PEOPLE, COURSES)
def test_plan_is_the_same_for_whoever_finds_the_session_sealed_or_completed(
    people: list[Attendee],
    course: Course,
) -> None:
    """After a crash anybody computes the same records and events, to the byte."""
    plan = a_plan(a_snapshot(*people), course)

    for stored in (plan.seal_step.after, plan.after_seal().completed, plan.commit_step.after):
        again = plan_of(Snapshot(stored, tuple(people)), plan.decision)

        assert (again.records, again.events) == (plan.records, plan.events)


def test_plan_of_a_sealed_session_goes_on_from_the_seal() -> None:
    """Sealing twice is sealing once."""
    snapshot = a_snapshot(*attendees(2))
    plan = a_plan(snapshot)

    again = plan_of(Snapshot(plan.seal_step.after, snapshot.attendees), plan.decision)

    assert again.before == plan.seal_step.after
    assert again.completed == plan.after_seal().completed


def test_plan_does_not_depend_on_the_time_it_is_computed_again() -> None:
    """The moment of the decision is frozen in it."""
    snapshot = a_snapshot(*attendees(2))

    one = a_plan(snapshot, request=a_request(at=NOW))
    other = plan_of(
        snapshot, replace(one.decision, finalized_at=NOW + timedelta(days=1), manifest_sha256="")
    )

    assert {record.finalized_at for record in one.records} == {NOW}
    assert {record.finalized_at for record in other.records} == {NOW + timedelta(days=1)}


def test_plan_of_a_decision_without_a_sheet_is_a_bug() -> None:
    """No session is decided on without a sheet; one that was is not papered over."""
    decision = a_plan(a_snapshot()).decision

    with pytest.raises(ValueError, match="without a sheet"):
        plan_of(a_snapshot(sheet=None), decision)
