"""The trail is held against what was witnessed of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.audit import Action, AuditEntry, ChainPosition, FieldChange, new_entry
from shared.domain.session import Finalization
from shared.domain.tampering import Tampering
from shared.domain.verification import Check, Subject
from shared.domain.witness import (
    PATIENCE,
    TamperNote,
    Witnessed,
    WitnessedRun,
    awaited,
    check_witness,
)
from testing.builders import NOW, SESSION_ID, a_change, a_cuid, a_decision, a_trail

TRAIL = a_trail(
    Action.REGISTERED, Action.ATTENDANCE_SAVED, Action.FINALIZED, Action.SIGNED, Action.VERIFIED
)
PRESENT = [a_cuid(1)]
MINUTE = timedelta(minutes=1)
OF_FIRST_RELEASE = a_decision(manifest_version=1)


def a_run(first: int, last: int) -> WitnessedRun:
    """Return the run as it was seen."""
    return WitnessedRun(first, last, TRAIL[last - 1].sha256)


def checked(
    *runs: WitnessedRun,
    entries: Sequence[AuditEntry] = TRAIL,
    decision: Finalization | None = None,
    after: timedelta = PATIENCE,
    **seen: Any,  # noqa: ANN401 - as `replace`
) -> Check:
    """Hold the trail against these runs, so long after it was written."""
    witnessed = replace(Witnessed(runs=runs), **seen)
    return check_witness(decision or a_decision(), entries, PRESENT, witnessed, NOW + after)


def forged(number: int) -> list[AuditEntry]:
    """Return the trail with a well-formed entry put over one of that number."""
    position = ChainPosition(TRAIL[0].session_id, number, TRAIL[number - 1].previous)
    entry = new_entry(position, Action.VERIFIED, a_change("forged"), [])
    return [*TRAIL[: number - 1], entry, *TRAIL[number:]]


def test_trail_that_was_witnessed_is_intact() -> None:
    """Runs may overlap and come in any order: a stream repeats itself."""
    check = checked(a_run(4, 5), a_run(1, 2), a_run(2, 4))

    assert check == Check(Subject.WITNESS, ())


def test_replaced_entry_is_named() -> None:
    """The end of a run is not the hash of the entry of that number."""
    check = checked(a_run(1, 2), a_run(3, 5), entries=forged(5))

    assert check.faults[0] == "entry 5 is not the one that was witnessed"


def test_entry_that_is_gone_is_named() -> None:
    """Also at the end of the trail, where no later entry misses it."""
    check = checked(a_run(1, 5), entries=TRAIL[:4])

    assert "entry 5 was witnessed, and is gone" in check.faults


def test_runs_that_disagree_are_a_fault() -> None:
    """An entry that was removed and written again was witnessed twice."""
    check = checked(a_run(1, 5), WitnessedRun(2, 2, "ab" * 32))

    assert check.faults == ("entry 2 is not the one that was witnessed",)


def test_a_run_that_is_not_of_this_trail_witnesses_nothing() -> None:
    """Its entries may be any."""
    check = checked(a_run(1, 4), WitnessedRun(1, 5, "ab" * 32))

    assert "entry 5 was not witnessed" in check.faults


def test_a_run_of_endless_length_stops_nothing() -> None:
    """Whoever writes keys by hand names any number."""
    check = checked(a_run(1, 5), WitnessedRun(1, 10**30, "ab" * 32))

    assert check.faults == (f"entry {10**30} was witnessed, and is gone",)


@pytest.mark.parametrize(("after", "is_awaited"), [(PATIENCE - MINUTE, True), (PATIENCE, False)])
def test_entry_is_waited_for_some_minutes(after: timedelta, is_awaited: bool) -> None:
    """Then it is a fault: somebody stopped the witness, or its copy is gone."""
    check = checked(a_run(1, 4), after=after)

    assert check.notes == (("entry 5 is not witnessed yet",) if is_awaited else ())
    assert check.faults == (() if is_awaited else ("entry 5 was not witnessed",))


def test_entry_of_a_later_day_is_not_waited_for() -> None:
    """Otherwise a forged time would never be a fault."""
    check = checked(a_run(1, 4), after=-PATIENCE)

    assert check.faults == ("entry 5 was not witnessed",)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"at":"soon"}', '{"at":"2026-03-10"}'])
def test_entry_without_a_time_is_not_waited_for(content: str) -> None:
    """It is damaged, which does not stop the check."""
    damaged = replace(TRAIL[4], content=content)

    check = checked(a_run(1, 4), entries=[*TRAIL[:4], damaged], after=timedelta(0))

    assert check.faults == ("entry 5 was not witnessed",)


def of_first_release(*numbers: int) -> list[AuditEntry]:
    """Return the trail with these entries as the first release wrote them."""
    old = {number: json.loads(TRAIL[number - 1].content) for number in numbers}
    for content in old.values():
        del content["entryVersion"]
    return [
        replace(one, content=json.dumps(old[one.sequence])) if one.sequence in old else one
        for one in TRAIL
    ]


def test_entries_of_the_first_release_before_the_first_witnessed_one_need_no_witness() -> None:
    """They were written before there was one, and the chain holds them."""
    assert checked(a_run(2, 5), entries=of_first_release(1)).is_intact


@pytest.mark.parametrize("mark", ["version", "origin"])
def test_entries_of_later_releases_need_a_witness_from_the_first_one_on(mark: str) -> None:
    """Whoever stops the witness before the decision leaves a gap as well."""
    entries = list(TRAIL) if mark == "version" else of_first_release(1)
    entries[0] = replace(entries[0], origin="ab" * 32 if mark == "origin" else None)

    check = checked(a_run(3, 5), entries=entries)

    assert check.faults[0] == "entry 1 was not witnessed"


def test_entries_between_witnessed_ones_need_a_witness() -> None:
    """Also those before the decision."""
    assert checked(a_run(1, 1), a_run(3, 5)).faults == ("entry 2 was not witnessed",)


def test_session_of_the_first_release_needs_no_witness() -> None:
    """There was none; but from its first witnessed entry on, all are."""
    assert checked(decision=OF_FIRST_RELEASE).is_intact
    assert not checked(a_run(4, 4), decision=OF_FIRST_RELEASE).is_intact


def test_decision_is_always_witnessed() -> None:
    """A session that was never witnessed does not look like one of the first release."""
    faults = tuple(f"entry {number} was not witnessed" for number in (3, 4, 5))
    entries = of_first_release(1, 2, 3, 4, 5)

    assert checked(entries=entries).faults == faults
    assert checked(a_run(4, 5), entries=entries).faults == faults[:1]


def test_record_of_a_stranger_is_named() -> None:
    """No key leads to it from the session, but it was seen when it was written."""
    check = checked(a_run(1, 5), recipients=frozenset({a_cuid(1), a_cuid(9)}))

    assert check.faults == (f"a record was written for {a_cuid(9)}, who gets none",)


def test_trail_that_lost_its_witnessed_end_is_not_waited_for() -> None:
    """A run whose last entry is gone vouches for none before it, and nothing will mend that."""
    seen, fresh = Witnessed(runs=(a_run(1, 5),)), Witnessed(runs=(a_run(1, 3),))

    assert awaited(a_decision(), TRAIL[:4], seen, NOW) == []
    assert awaited(a_decision(), TRAIL[:4], fresh, NOW) == [TRAIL[3]]


def told_of_departure() -> list[AuditEntry]:
    """Return the trail, whose second entry tells that a person left."""
    left = FieldChange("ca", "personnelId", "ca", None)
    position = ChainPosition(SESSION_ID, 2, TRAIL[0].sha256)
    entry = new_entry(position, Action.REGISTERED, a_change(), [left])
    return [TRAIL[0], entry, *TRAIL[2:]]


def test_row_that_was_removed_and_put_back_is_named() -> None:
    """It is as it was, and the trail tells of no departure."""
    assert checked(a_run(1, 5), departures={"ca": 2}).faults == (
        "the row of ca was removed 2 times, the trail tells 0",
    )


def test_row_of_a_person_who_left_is_no_fault() -> None:
    """Their departure stands in the trail, once for each time."""
    entries = told_of_departure()

    faults = [checked(entries=entries, departures={"ca": times}).faults for times in (0, 1, 2)]

    assert [len(found) - len(faults[0]) for found in faults] == [0, 0, 1]


def test_tamper_notes_are_named() -> None:
    """Each with what was done, and where to read more."""
    notes = (TamperNote("a/note.json", Tampering.RECORD_CHANGED), TamperNote("b", None))

    check = checked(a_run(1, 5), notes=notes)

    assert check.faults == (
        "a record was changed: see a/note.json",
        "something was tampered with: see b",
    )


def test_what_was_put_over_a_copy_is_named() -> None:
    """The first version is what counts, but somebody tried."""
    check = checked(a_run(1, 5), covered=("witness/a",))

    assert check.faults == ("something was put over witness/a",)


def test_what_was_put_beside_the_copies_is_named() -> None:
    """Nobody but the witness may write there, so that its own rights were abused."""
    check = checked(a_run(1, 5), strays=("witness/a",))

    assert check.faults == ("witness/a is no copy that the witness made",)
