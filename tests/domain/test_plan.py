"""The finalize decision: what blocks it, and all that it writes."""

import json
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
    SessionAlreadyFinalized,
    SessionCancelled,
    SessionNotFinalized,
    SessionNotOver,
    TrainingError,
)
from shared.domain.evidence import CHECKING_TIME, Upload
from shared.domain.gate import Gate, warnings_at
from shared.domain.plan import blockers, plan_finalization, plan_of, preview
from shared.domain.records import RecordKind, Result
from shared.domain.session import Attendee, Counts, Session, SessionStatus, Snapshot
from shared.domain.validity import Validity
from shared.domain.warning import WarningSlug
from testing.builders import (
    ADMIN,
    NOW,
    a_change,
    a_command,
    a_course,
    a_plan,
    a_rejection,
    a_session,
    a_snapshot,
    an_absentee,
    an_attendee,
    an_upload,
    attendees,
    decided_on,
    some_details,
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
    a_course,
    requires_verify=st.booleans(),
    validity=st.none() | st.builds(Validity, st.integers(1, 60)),
)


TOMORROW = some_details(starts_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=2))


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
        ({"sheet": None, "pending": CHECKED}, [EvidenceBeingChecked]),
        ({"sheet": None, "pending": OVERDUE}, [EvidenceMissing]),
        ({"pending": CHECKED, "roster_change": "put-1"}, [EvidenceBeingChecked, RosterIncomplete]),
        (
            {"sheet": None, "pending": CHECKED, "roster_change": "put-1"},
            [EvidenceBeingChecked, RosterIncomplete],
        ),
        ({"details": TOMORROW}, [SessionNotOver]),
        ({"details": TOMORROW, "sheet": None}, [EvidenceMissing, SessionNotOver]),
        ({"status": SessionStatus.CANCELLED, "details": TOMORROW}, [SessionCancelled]),
        ({"status": SessionStatus.CANCELLED}, [SessionCancelled]),
        ({"status": SessionStatus.FINALIZING}, [FinalizationInProgress]),
        ({"status": SessionStatus.COMPLETED}, [SessionAlreadyFinalized]),
        ({"status": SessionStatus.CANCELLED, "sheet": None}, [SessionCancelled]),
        ({"status": SessionStatus.COMPLETED, "sheet": None}, [SessionAlreadyFinalized]),
    ],
)
def test_blockers_name_everything_that_stands_against_finalizing(
    state: dict[str, Any], found: list[type[TrainingError]]
) -> None:
    """They are in the order in which they would be resolved; a closed session has none."""
    assert [type(blocker) for blocker in blockers(a_session(**state), NOW)] == found


def test_plan_keeps_the_warnings_and_which_of_them_were_acknowledged() -> None:
    """What the admin was told is a part of the decision; what was not said, is not."""
    snapshot = a_snapshot(an_absentee(1))
    seen = {WarningSlug.SHEET_USED_ELSEWHERE, WarningSlug.ALREADY_EXPIRED}

    plan = plan_finalization(snapshot, a_course(), a_command(acknowledged=seen), ["other"])

    assert plan.decision.warnings == warnings_at(Gate(snapshot, a_course(), ["other"], NOW))
    assert [warning.slug for warning in plan.decision.warnings] == [
        WarningSlug.NOBODY_MARKED,
        WarningSlug.SHEET_USED_ELSEWHERE,
    ]
    assert plan.decision.acknowledged == (WarningSlug.SHEET_USED_ELSEWHERE,)


def test_plan_signs_the_warnings_and_tells_of_them_in_the_trail() -> None:
    """The manifest has their words, and the entry of the decision too."""
    command = a_command(acknowledged={WarningSlug.NOBODY_MARKED})

    plan = a_plan(a_snapshot(an_absentee(1)), command=command)

    signed = json.loads(plan.manifest)["finalization"]
    (warning,) = plan.decision.warnings
    assert signed["warnings"] == [
        {"slug": "nobody-marked", "detail": warning.detail, "people": list(warning.people)}
    ]
    assert signed["acknowledged"] == ["nobody-marked"]
    told = {
        change["field"]: change["new"]
        for change in json.loads(plan.commit_transition.entry.content)["changes"]
    }
    assert told["finalization.warnings.0.slug"] == "nobody-marked"
    assert told["finalization.warnings.0.people.0"] == warning.people[0]
    assert told["finalization.acknowledged.0"] == "nobody-marked"


def test_plan_of_a_decided_session_warns_as_it_was_decided() -> None:
    """What changed since, such as the day, makes no other manifest."""
    decided = a_plan(a_snapshot(an_absentee(1)))
    session = replace(decided.lock_transition.after, status=SessionStatus.FINALIZING)

    resumed = plan_of(Snapshot(session, (an_absentee(1),)))

    assert resumed.manifest == decided.manifest
    assert resumed.decision.warnings == decided.decision.warnings != ()


@pytest.mark.parametrize(
    "state",
    [
        {"sheet": None},
        {"pending": CHECKED},
        {"roster_change": "put-1"},
        {"details": TOMORROW},
        {"sheet": None, "pending": CHECKED, "roster_change": "put-1"},
        {"status": SessionStatus.CANCELLED},
        {"status": SessionStatus.FINALIZING},
        {"status": SessionStatus.COMPLETED},
    ],
)
def test_plan_is_refused_with_the_first_blocker(state: dict[str, Any]) -> None:
    """Finalize refuses with the first blocker that GET shows."""
    snapshot = a_snapshot(an_attendee(), **state)

    with pytest.raises(TrainingError) as refusal:
        plan_finalization(snapshot, a_course(), a_command())

    assert type(refusal.value) is type(blockers(snapshot.session, NOW)[0])


def test_plan_waits_for_a_newer_sheet_only_for_a_while() -> None:
    """An upload that never arrived blocks for a quarter of an hour only."""
    snapshot = a_snapshot(an_attendee(), pending=CHECKED)

    plan = a_plan(snapshot, command=a_command(at=NOW + CHECKING_TIME))

    assert plan.commit_transition.after.pending is None


@pytest.mark.parametrize("requires_verify", [True, False])
def test_preview_counts_what_there_is(*, requires_verify: bool) -> None:
    """People who are present are counted by kind and result, absent ones apart."""
    people = [*attendees(4), an_attendee(5, has_passed=False), an_absentee(6), an_absentee(7)]

    counts = preview(people, a_course(requires_verify=requires_verify))

    kinds = (0, 5) if requires_verify else (5, 0)
    assert counts == Counts(*kinds, passed=4, failed=1, absent=2)
    assert counts.records == 5


def test_preview_does_not_count_a_failure_of_an_absent_person() -> None:
    """A result of someone who was absent does not count."""
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
    """There is one record for each of them, and none for anyone else."""
    plan = a_plan(a_snapshot(*people), course)

    present = [person.personnel_id for person in people if person.is_present]
    assert [record.personnel_id for record in plan.records] == present


def test_plan_without_anyone_present_writes_no_record() -> None:
    """A session that no one attended can be finalized all the same (DESIGN §5.1)."""
    plan = a_plan(a_snapshot(an_absentee(1), an_absentee(2)))

    assert plan.records == ()
    assert plan.commit_transition.after.status is SessionStatus.COMPLETED


def test_plan_freezes_the_decision_in_the_session() -> None:
    """It names who decided, when, under which rules, with which outcome, and for which request."""
    request = a_command(finalization_id="fin-3", key="key-1")

    decision = a_plan(
        a_snapshot(*attendees(2)), a_course(version="Z"), request
    ).commit_transition.after.finalization

    assert decision is not None
    assert (decision.finalization_id, decision.request_key) == ("fin-3", "key-1")
    assert (decision.finalized_at, decision.finalized_by) == (NOW, ADMIN)
    assert decision.course == a_course(version="Z")
    assert decision.counts.records == 2


def test_plan_says_in_the_trail_by_which_request_it_was_decided() -> None:
    """A finalization that is completed later still names the request that decided it."""
    snapshot = a_snapshot(*attendees(2))
    plan = a_plan(snapshot, command=a_command(change=a_change("request-9")))

    entry = json.loads(plan.lock_transition.entry.content)

    assert plan.decision.request_id == "request-9"
    assert entry["requestId"] == "request-9"


@pytest.mark.parametrize("pending", [None, OVERDUE])
def test_plan_changes_nothing_else_of_the_session(pending: Upload | None) -> None:
    """Details, sheet and roster stay as they are; only a pending upload is forgotten."""
    before = a_snapshot(*attendees(2), pending=pending, rejection=a_rejection(5)).session

    plan = a_plan(Snapshot(before, attendees(2)))

    for after in (plan.lock_transition.after, plan.commit_transition.after):
        assert after.finalization == plan.decision
        assert unlocked(after, before) == before


def test_plan_completes_an_open_session_as_its_next_version() -> None:
    """What fits in one transaction is one change."""
    plan = a_plan(a_snapshot(*attendees(2), version=7))

    assert plan.before.version == 7
    assert plan.commit_transition.after.version == 8


def test_plan_locks_and_completes_in_two_versions() -> None:
    """What does not fit is locked first, and completed by a second change."""
    plan = a_plan(a_snapshot(*attendees(2), version=7))

    after = plan.after_lock()

    assert (plan.lock_transition.after.version, plan.lock_transition.after.status) == (
        8,
        SessionStatus.FINALIZING,
    )
    assert after.before == plan.lock_transition.after
    assert (after.completed.version, after.completed.status) == (9, SessionStatus.COMPLETED)
    assert after.completed.audit_head == plan.lock_transition.entry.sha256


@given(PEOPLE, COURSES)
def test_plan_is_the_same_from_the_locked_or_the_completed_session(
    people: list[Attendee],
    course: Course,
) -> None:
    """After a crash any caller computes the same records and events, to the byte."""
    plan = a_plan(a_snapshot(*people), course)

    for stored in (
        plan.lock_transition.after,
        plan.after_lock().completed,
        plan.commit_transition.after,
    ):
        again = plan_of(Snapshot(stored, tuple(people)))

        assert (again.records, again.events) == (plan.records, plan.events)


def test_plan_of_a_locked_session_keeps_its_decision() -> None:
    """The decision of the lock is kept: a locked session is not locked again."""
    snapshot = a_snapshot(*attendees(2))
    plan = a_plan(snapshot)

    again = plan_of(Snapshot(plan.lock_transition.after, snapshot.attendees))

    assert again.before == plan.lock_transition.after
    assert again.completed == plan.after_lock().completed


def test_plan_does_not_depend_on_the_time_it_is_computed_again() -> None:
    """The moment of the decision is frozen in it."""
    snapshot = a_snapshot(*attendees(2))

    one = a_plan(snapshot, command=a_command(at=NOW))
    later = replace(one.decision, finalized_at=NOW + timedelta(days=1), manifest_sha256="")
    other = plan_of(decided_on(snapshot, later))

    assert {record.finalized_at for record in one.records} == {NOW}
    assert {record.finalized_at for record in other.records} == {NOW + timedelta(days=1)}


@pytest.mark.parametrize("lacking", [{"finalization": None}, {"sheet": None}], ids=repr)
def test_plan_of_an_undecided_session_is_refused(lacking: dict[str, Any]) -> None:
    """A session that was finalized without a sheet is an error, not something to work around."""
    completed = a_plan(a_snapshot()).completed

    with pytest.raises(SessionNotFinalized):
        plan_of(Snapshot(replace(completed, **lacking), ()))
