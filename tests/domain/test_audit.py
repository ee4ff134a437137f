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
    ChainPosition,
    ChangeContext,
    FieldChange,
    changed_fields,
    changes_of,
    misplaced,
    new_entry,
)
from shared.domain.evidence import ObjectVersion
from shared.domain.release import Release
from shared.domain.roster import RowChange
from shared.domain.session import SessionStatus
from shared.domain.transition import noted, transition
from shared.domain.upload import came_late
from testing.builders import (
    ADMIN,
    NOW,
    a_change,
    a_cuid,
    a_session,
    a_trail,
    an_absentee,
    an_attendee,
)

PLACE = ChainPosition("sess-1", 3, "ab" * 32)


def content(entry: AuditEntry) -> Any:  # noqa: ANN401 - any JSON
    """Return what an entry says."""
    return json.loads(entry.content)


def changed(entry: AuditEntry) -> set[tuple[str, str, object, object]]:
    """Return which values an entry names."""
    return {
        (field["subject"], field["field"], field["old"], field["new"])
        for field in content(entry)["changes"]
    }


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"action":"PARDONED"}', '{"action":[]}'])
def test_damaged_entry_says_nothing(content: str) -> None:
    """Whoever looks for an entry passes it by, and its changes are none."""
    entry = AuditEntry("sess-1", 1, content, "ab")

    assert entry.action is None
    assert changes_of(content) == []


@pytest.mark.parametrize("told", ["5", "[5]", "{}"])
def test_changes_that_are_none_are_left_out(told: str) -> None:
    """An entry that somebody forged may name anything."""
    assert changes_of(f'{{"changes":{told}}}') == []


@pytest.mark.parametrize("early", [Action.SIGNED, Action.VERIFIED])
def test_open_session_is_neither_signed_nor_verified(early: Action) -> None:
    """Whoever has the role of such a function writes its entries, but not at that place."""
    trail = a_trail(Action.REGISTERED, early, Action.FINALIZED, Action.SIGNED, Action.VERIFIED)

    assert list(misplaced(trail)) == [f"entry 2 is {early}, before the finalization"]


@pytest.mark.parametrize("late", [Action.FINALIZED, Action.ATTENDANCE_SAVED])
def test_decided_session_is_not_changed(late: Action) -> None:
    """It is decided once, and closed from then on."""
    trail = a_trail(Action.REGISTERED, Action.FINALIZED, Action.SIGNED, late)

    assert list(misplaced(trail)) == [f"entry 4 is {late}, after the finalization"]


def test_late_sheets_are_noted_at_any_time() -> None:
    """A cancelled session takes none, and may be planned again; nor does a decided one."""
    trail = a_trail(
        Action.REGISTERED, Action.SHEET_LATE, Action.FINALIZED, Action.SHEET_LATE, Action.SIGNED
    )

    assert list(misplaced(trail)) == []


def test_entry_says_who_did_what_when_by_which_request_and_with_which_software() -> None:
    """An entry holds everything an auditor asks for, in one canonical document."""
    entry = new_entry(
        PLACE,
        Action.SHEET_LATE,
        ChangeContext(ADMIN, NOW, "req-1", Release("0123abcd")),
        [FieldChange("", "x", None, "y")],
    )

    assert content(entry) == {
        "entryVersion": 2,
        "release": "0123abcd",
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
    """The hash is what sha256sum computes from the entry's line in the pack."""
    entry = new_entry(PLACE, Action.SIGNED, a_change(), [])

    assert entry.sha256 == hashlib.sha256(entry.content.encode()).hexdigest()
    assert (entry.action, entry.previous) == (Action.SIGNED, "ab" * 32)


def test_field_changes_name_every_difference_and_nothing_else() -> None:
    """A field change has subject, field, old value and new value; an absent value is null."""
    before = an_attendee(1, remarks=None)
    after = replace(before, is_present=False, remarks="ill", job_title=None)

    found = changed_fields(a_cuid(1), before, after)

    assert {(field.field, field.old, field.new) for field in found} == {
        ("isPresent", True, False),
        ("remarks", None, "ill"),
        ("jobTitle", "Scaffolder", None),
    }
    assert changed_fields("", before, before) == []


def test_transition_counts_on_and_chains() -> None:
    """The entry's number is the version it made, and its hash is the new head."""
    before = a_session(version=7, audit_head="cd" * 32)

    taken = transition(before, before, Action.REGISTERED, a_change())

    assert (taken.after.version, taken.entry.sequence) == (8, 8)
    assert taken.entry.previous == "cd" * 32
    assert taken.after.audit_head == taken.entry.sha256


def test_transition_of_a_new_session_begins_the_chain() -> None:
    """Nothing comes before the first entry."""
    new = a_session(version=0, audit_head=GENESIS)

    taken = transition(None, new, Action.REGISTERED, a_change())

    assert (taken.entry.sequence, taken.entry.previous) == (1, "0" * 64)
    assert ("", "details.title", None, "Working at height, hall 3") in changed(taken.entry)


def test_transition_names_each_field_change_of_the_grid() -> None:
    """Each field change has its old and new value; what the store counts for itself is left out."""
    before = a_session()
    rows = [
        RowChange(an_absentee(1), an_attendee(1, has_passed=False, revision=2)),
        RowChange(an_attendee(2), None),
    ]

    taken = transition(before, before, Action.ATTENDANCE_SAVED, a_change(), rows)

    assert changed(taken.entry) == {
        (a_cuid(1), "isPresent", False, True),
        (a_cuid(1), "isMarked", False, True),
        (a_cuid(1), "hasPassed", True, False),
        (a_cuid(2), "personnelId", a_cuid(2), None),
        (a_cuid(2), "name", "Person 2", None),
        (a_cuid(2), "jobTitle", "Scaffolder", None),
        (a_cuid(2), "isPresent", True, None),
        (a_cuid(2), "isMarked", True, None),
        (a_cuid(2), "hasPassed", True, None),
    }


def test_transition_says_what_was_confirmed_without_a_change() -> None:
    """Marks that are sent again are an accepted change that changes no value."""
    before = a_session()
    same = RowChange(an_attendee(1), an_attendee(1, revision=2))

    taken = transition(before, before, Action.ATTENDANCE_SAVED, a_change(), [same])

    assert changed(taken.entry) == set()
    assert taken.after.attendance_sum != before.attendance_sum


@pytest.mark.parametrize("request_id", ["req-2", "req-3"])
def test_transitions_of_two_requests_are_never_the_same(request_id: str) -> None:
    """
    Equal changes of equal sessions differ by their request, so that a retry can tell whose change
    was saved.
    """
    before = a_session()
    one = transition(before, before, Action.ATTENDANCE_SAVED, a_change("req-1"))

    other = transition(before, before, Action.ATTENDANCE_SAVED, a_change(request_id))

    assert one.entry.sha256 != other.entry.sha256


def test_late_sheet_of_a_cancelled_session_changes_nothing_but_the_trail() -> None:
    """The session may be opened again, so the next entry has to follow this one."""
    session = a_session(status=SessionStatus.CANCELLED)

    taken = came_late(session, ObjectVersion("evidence/s/u/a.pdf", "v 1"), a_change())

    assert replace(taken.after, version=session.version, audit_head=session.audit_head) == session
    assert changed(taken.entry) == {("", "lateSheet", None, "evidence/s/u/a.pdf?versionId=v 1")}


def test_note_follows_the_change_before_it() -> None:
    """A note is an entry like any other: it has the next number and becomes the new head."""
    session = a_session(version=7, audit_head="cd" * 32)

    taken = noted(session, Action.VERIFIED, a_change(), [])

    assert (taken.entry.sequence, taken.entry.previous) == (8, "cd" * 32)
    assert (taken.after.version, taken.after.audit_head) == (8, taken.entry.sha256)
