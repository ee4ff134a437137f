"""What the trail tells of a session is what was decided on."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.audit import GENESIS, Action, AuditEntry, FieldChange
from shared.domain.canonical import sha256
from shared.domain.history import untold
from shared.domain.plan import plan_finalization
from shared.domain.roster import RowChange
from shared.domain.session import Snapshot
from shared.domain.transition import Transition, noted, transition
from testing.builders import (
    a_change,
    a_command,
    a_course,
    a_cuid,
    a_session,
    a_sheet,
    an_absentee,
    an_attendee,
    some_details,
)

LEFT = '"left early"'
ANA, BO, CY = an_attendee(1), an_attendee(2, has_passed=False, remarks="left early"), an_absentee(3)
Bend = Callable[[Snapshot], Snapshot]


def registered() -> Transition:
    """Return the transition that made the session, without a sheet, and three people on it."""
    new = a_session(version=0, sheet=None, audit_head=GENESIS)
    rows = [RowChange(None, an_absentee(number)) for number in (1, 2, 3)]
    return transition(None, new, Action.REGISTERED, a_change(), rows)


def played() -> tuple[Snapshot, list[AuditEntry]]:
    """Return a session that was registered, marked and got its sheet, and its trail."""
    first = registered()
    marks = [RowChange(an_absentee(1), ANA), RowChange(an_absentee(2), BO)]
    saved = transition(first.after, first.after, Action.ATTENDANCE_SAVED, a_change(), marks)
    with_sheet = replace(saved.after, sheet=a_sheet())
    accepted = transition(saved.after, with_sheet, Action.SHEET_ACCEPTED, a_change())
    return Snapshot(accepted.after, (ANA, BO, CY)), [first.entry, saved.entry, accepted.entry]


def found(bend: Bend = lambda snapshot: snapshot, *later: AuditEntry) -> list[str]:
    """Finalize what *bend* made of the session behind the trail, and return the differences."""
    snapshot, entries = played()
    plan = plan_finalization(bend(snapshot), a_course(), a_command())
    trail = [*entries, plan.commit_transition.entry, *later]
    return untold(plan.manifest, json.loads(plan.manifest), trail)


def with_row(number: int, **fields: Any) -> Bend:  # noqa: ANN401 - as `replace`
    """Return what changes a row, its revision unchanged."""

    def bend(snapshot: Snapshot) -> Snapshot:
        rows = list(snapshot.attendees)
        rows[number - 1] = replace(rows[number - 1], **fields)
        return replace(snapshot, attendees=tuple(rows))

    return bend


def with_session(**fields: Any) -> Bend:  # noqa: ANN401 - as `replace`
    """Return what changes the session."""
    return lambda snapshot: replace(snapshot, session=replace(snapshot.session, **fields))


def test_trail_adds_up_to_what_was_decided() -> None:
    """Registered, marked, with a sheet, finalized: nothing was decided that the trail tells not."""
    assert found() == []


@pytest.mark.parametrize(
    ("bend", "place"),
    [
        (with_row(2, has_passed=True), f"attendees[{a_cuid(2)}].hasPassed"),
        (with_row(3, is_present=True), f"attendees[{a_cuid(3)}].isPresent"),
        (with_row(3, is_marked=True), f"attendees[{a_cuid(3)}].isMarked"),
        (with_row(1, name="Somebody Else"), f"attendees[{a_cuid(1)}].name"),
        (with_row(1, job_title=None), f"attendees[{a_cuid(1)}].jobTitle"),
        (with_row(2, remarks=None), f"attendees[{a_cuid(2)}].remarks"),
        (with_session(details=some_details(title="Crane operator")), "session.title"),
        (with_session(details=some_details(location="Hall 9")), "session.location"),
        (with_session(sheet=a_sheet(sha256="cd" * 32)), "evidence.sha256"),
        (with_session(sheet=a_sheet(version_id="another")), "evidence.versionId"),
    ],
)
def test_value_that_was_changed_behind_the_trail_is_named(bend: Bend, place: str) -> None:
    """A mark, a name, the plan or the sheet, put there without an entry, is signed by nobody."""
    assert [fault.split(": ")[0] for fault in found(bend)] == [place]


def test_fault_says_what_the_trail_tells_and_what_the_manifest_says() -> None:
    """Both values stand in the sentence, so that a reader need not look for them."""
    assert found(with_row(2, has_passed=True)) == [
        f"attendees[{a_cuid(2)}].hasPassed: the audit trail tells false, the manifest true"
    ]


def test_person_who_was_put_on_the_list_behind_the_trail_is_named() -> None:
    """A stranger in the place of somebody who was enrolled: both are named."""

    def exchanged(snapshot: Snapshot) -> Snapshot:
        return replace(snapshot, attendees=(ANA, BO, an_absentee(9)))

    people = {fault.split("]")[0] for fault in found(exchanged)}

    assert people == {f"attendees[{a_cuid(3)}", f"attendees[{a_cuid(9)}"}


def test_change_from_a_value_that_nobody_had_set_is_named() -> None:
    """A person corrected what was edited behind the trail: the signed value is right, and told."""
    snapshot, entries = played()
    edited = replace(BO, has_passed=True, remarks=None)
    corrected = transition(
        snapshot.session,
        snapshot.session,
        Action.ATTENDANCE_SAVED,
        a_change(),
        [RowChange(edited, BO)],
    )
    whole = Snapshot(corrected.after, (ANA, BO, CY))
    plan = plan_finalization(whole, a_course(), a_command())
    trail = [*entries, corrected.entry, plan.commit_transition.entry]

    faults = untold(plan.manifest, json.loads(plan.manifest), trail)

    assert faults == [
        f"entry 4 changes attendees[{a_cuid(2)}].{field}, but nobody had set that: it was {was}"
        for field, was in (("hasPassed from true", "false"), ("remarks from nothing", LEFT))
    ]


def test_person_who_left_the_list_is_told_as_gone() -> None:
    """A replaced roster leaves nothing of whoever is no longer on it."""
    snapshot, entries = played()
    left = transition(
        snapshot.session, snapshot.session, Action.REGISTERED, a_change(), [RowChange(CY, None)]
    )
    plan = plan_finalization(Snapshot(left.after, (ANA, BO)), a_course(), a_command())
    trail = [*entries, left.entry, plan.commit_transition.entry]

    assert untold(plan.manifest, json.loads(plan.manifest), trail) == []


def test_decision_on_another_manifest_is_named() -> None:
    """The entry of the decision names its manifest, and so all that is in it."""
    snapshot, entries = played()
    decided = plan_finalization(snapshot, a_course(), a_command())
    other = plan_finalization(snapshot, a_course(title="Another course"), a_command())
    trail = [*entries, decided.commit_transition.entry]

    faults = untold(other.manifest, json.loads(other.manifest), trail)

    assert faults == [
        (
            f'manifestSha256: the audit trail tells "{sha256(decided.manifest)}", '
            f'the manifest "{sha256(other.manifest)}"'
        )
    ]


def test_what_is_noted_after_the_decision_changes_nothing() -> None:
    """A late sheet is noted in the trail, and is no part of what was decided."""
    snapshot, _ = played()
    late = noted(
        snapshot.session,
        Action.SHEET_LATE,
        a_change(),
        [FieldChange("", "sheet.sha256", None, "ef" * 32)],
    )

    assert found(lambda snapshot: snapshot, late.entry) == []


@pytest.mark.parametrize("changes", [None, 5, ["?"], [{"subject": 1, "field": []}]])
def test_damaged_entry_tells_nothing(changes: Any) -> None:  # noqa: ANN401 - any JSON
    """What is no list of changes does not stop the check: the chain names the entry."""
    snapshot, entries = played()
    plan = plan_finalization(snapshot, a_course(), a_command())
    content = json.dumps({"action": "REGISTERED", "changes": changes})
    damaged = replace(entries[1], content=content)

    faults = untold(plan.manifest, json.loads(plan.manifest), [entries[0], damaged])

    assert faults != []
