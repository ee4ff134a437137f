"""Entries that say what was done, chained so that none can be changed or removed unseen."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.audit import (
    GENESIS,
    Action,
    AuditEntry,
    Cell,
    Change,
    Place,
    chained,
    changed_cells,
)
from shared.domain.evidence import ObjectVersion
from shared.domain.roster import RowChange
from shared.domain.session import SessionStatus
from shared.domain.step import step
from shared.domain.upload import came_late
from tests.builders import ADMIN, NOW, a_change, a_cuid, a_session, an_absentee, an_attendee

PLACE = Place("sess-1", 3, "ab" * 32)


def content(entry: AuditEntry) -> Any:  # noqa: ANN401 - any JSON
    """Return what an entry says."""
    return json.loads(entry.content)


def cells(entry: AuditEntry) -> set[tuple[str, str, object, object]]:
    """Return which values an entry names."""
    return {
        (cell["subject"], cell["field"], cell["old"], cell["new"])
        for cell in content(entry)["changes"]
    }


def test_entry_says_who_did_what_when_and_by_which_request() -> None:
    """Everything an auditor asks for, in one canonical document."""
    entry = chained(
        PLACE, Action.SHEET_LATE, Change(ADMIN, NOW, "req-1"), [Cell("", "x", None, "y")]
    )

    assert content(entry) == {
        "sessionId": "sess-1",
        "sequence": 3,
        "previous": "ab" * 32,
        "action": "SHEET_LATE",
        "at": "2026-03-10T15:10:00.000000Z",
        "by": {"id": "u-admin", "name": "Frank Okafor"},
        "requestId": "req-1",
        "changes": [{"subject": "", "field": "x", "old": None, "new": "y"}],
    }


def test_entry_is_named_by_the_hash_of_its_content() -> None:
    """As sha256sum computes it from the line in the pack."""
    entry = chained(PLACE, Action.SIGNED, a_change(), [])

    assert entry.sha256 == hashlib.sha256(entry.content.encode()).hexdigest()
    assert (entry.action, entry.previous) == (Action.SIGNED, "ab" * 32)


def test_changed_cells_name_every_difference_and_nothing_else() -> None:
    """Old value, new value, and whose it is; absence is null."""
    before = an_attendee(1, remarks=None)
    after = replace(before, is_present=False, remarks="ill", job_title=None)

    found = changed_cells(a_cuid(1), before, after)

    assert {(cell.field, cell.old, cell.new) for cell in found} == {
        ("isPresent", True, False),
        ("remarks", None, "ill"),
        ("jobTitle", "Scaffolder", None),
    }
    assert changed_cells("", before, before) == []


def test_step_counts_on_and_chains() -> None:
    """The entry's number is the version it made, and its hash is the new head."""
    before = a_session(version=7, audit_head="cd" * 32)

    taken = step(before, before, Action.REGISTERED, a_change())

    assert (taken.after.version, taken.entry.sequence) == (8, 8)
    assert taken.entry.previous == "cd" * 32
    assert taken.after.audit_head == taken.entry.sha256


def test_step_of_a_new_session_begins_the_chain() -> None:
    """Nothing comes before the first entry."""
    new = a_session(version=0, audit_head=GENESIS)

    taken = step(None, new, Action.REGISTERED, a_change())

    assert (taken.entry.sequence, taken.entry.previous) == (1, "0" * 64)
    assert ("", "details.title", None, "Working at height, hall 3") in cells(taken.entry)


def test_step_says_each_changed_cell_of_the_grid() -> None:
    """With old and new value, and without what the store counts for itself."""
    before = a_session()
    rows = [
        RowChange(an_absentee(1), an_attendee(1, has_passed=False, revision=2)),
        RowChange(an_attendee(2), None),
    ]

    taken = step(before, before, Action.ATTENDANCE_SAVED, a_change(), rows)

    assert cells(taken.entry) == {
        (a_cuid(1), "isPresent", False, True),
        (a_cuid(1), "hasPassed", True, False),
        (a_cuid(2), "personnelId", a_cuid(2), None),
        (a_cuid(2), "name", "Person 2", None),
        (a_cuid(2), "jobTitle", "Scaffolder", None),
        (a_cuid(2), "isPresent", True, None),
        (a_cuid(2), "hasPassed", True, None),
    }


def test_step_says_what_was_confirmed_without_a_change() -> None:
    """Marks sent once more are an accepted change that changes no value."""
    before = a_session()
    same = RowChange(an_attendee(1), an_attendee(1, revision=2))

    taken = step(before, before, Action.ATTENDANCE_SAVED, a_change(), [same])

    assert cells(taken.entry) == set()
    assert taken.after.attendance_sum != before.attendance_sum


@pytest.mark.parametrize("request_id", ["req-2", "req-3"])
def test_steps_of_two_requests_are_never_the_same(request_id: str) -> None:
    """Equal changes of equal sessions differ by their request, so that a lost answer is settled."""
    before = a_session()
    one = step(before, before, Action.ATTENDANCE_SAVED, a_change("req-1"))

    other = step(before, before, Action.ATTENDANCE_SAVED, a_change(request_id))

    assert one.entry.sha256 != other.entry.sha256


def test_late_sheet_of_a_cancelled_session_changes_nothing_but_the_trail() -> None:
    """The session may be opened again, so that its next entry must follow this one."""
    session = a_session(status=SessionStatus.CANCELLED)

    taken = came_late(session, ObjectVersion("evidence/s/u/a.pdf", "v 1"), a_change())

    assert replace(taken.after, version=session.version, audit_head=session.audit_head) == session
    assert cells(taken.entry) == {("", "lateSheet", None, "evidence/s/u/a.pdf?versionId=v 1")}
