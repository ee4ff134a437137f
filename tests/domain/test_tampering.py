"""Which changes of stored items no function makes."""

from typing import Any

import pytest

from shared.domain.canonical import canonical, sha256
from shared.domain.records import record_id
from shared.domain.session import OPEN_STATUSES, SessionStatus
from shared.domain.tampering import WORDS, Change, Item, Table, Tampering, tampering
from testing.builders import NOW

SESSION: Item = {
    "sessionId": "s-1",
    "item": "SESSION",
    "status": "IN_PROGRESS",
    "version": 7,
    "auditHead": "ab",
    "title": "Working at height",
}
LOCKED: Item = {
    **SESSION,
    "status": "FINALIZING",
    "version": 8,
    "courseAsFinalized": {"title": "Working at height"},
}
COMPLETED: Item = {**LOCKED, "status": "COMPLETED", "version": 9}
ROW: Item = {"sessionId": "s-1", "item": "ATTENDEE#c1", "hasPassed": True, "revision": 3}
RECORD: Item = {"personnelId": "c1", "recordId": record_id("s-1", "c1"), "sessionId": "s-1"}
COURSE: Item = {"courseId": "k-1", "title": "Working at height", "revision": 2, "auditHead": "ab"}
CONTENT = canonical({"action": "VERIFIED"}).decode()
ENTRY: Item = {
    "sessionId": "s-1",
    "sequence": 4,
    "content": CONTENT,
    "sha256": sha256(CONTENT.encode()),
}
TRAILS = (Table.AUDIT, Table.COURSE_AUDIT)


def found(table: Table, old: Item | None, new: Item | None) -> Tampering | None:
    """Return what the rule of this table says."""
    return tampering(Change(table, "event-1", NOW, old, new))


@pytest.mark.parametrize(
    ("table", "item"),
    [
        (Table.SESSIONS, COMPLETED),
        (Table.SESSIONS, ROW),
        (Table.RECORDS, RECORD),
        (Table.AUDIT, ENTRY),
        (Table.COURSES, COURSE),
        (Table.COURSE_AUDIT, ENTRY),
    ],
)
def test_item_that_is_written_again_as_it_is_was_not_changed(table: Table, item: Item) -> None:
    """Staging a record may be repeated by anybody, and writes the same bytes."""
    assert found(table, item, dict(item)) is None


@pytest.mark.parametrize("table", TRAILS)
def test_trail_only_grows(table: Table) -> None:
    """No function replaces or removes an entry."""
    assert found(table, None, ENTRY) is None
    assert found(table, ENTRY, {**ENTRY, "content": "{}"}) is Tampering.ENTRY_REPLACED
    assert found(table, ENTRY, None) is Tampering.ENTRY_REMOVED


@pytest.mark.parametrize("fields", [{"sha256": "ab" * 32}, {"content": "{}"}, {"content": 5}])
def test_entry_has_the_hash_of_its_content(fields: dict[str, Any]) -> None:
    """Whatever else is put into the trail was written by none of the functions."""
    assert found(Table.AUDIT, None, {**ENTRY, **fields}) is Tampering.ENTRY_INVENTED


def test_entry_without_content_is_invented() -> None:
    """Nothing that is stored stops the rule."""
    assert found(Table.AUDIT, None, {}) is Tampering.ENTRY_INVENTED


def test_records_are_written_once() -> None:
    """No function changes or removes one, whatever its status."""
    assert found(Table.RECORDS, None, RECORD) is None
    assert found(Table.RECORDS, RECORD, {**RECORD, "status": "VERIFIED"}) is (
        Tampering.RECORD_CHANGED
    )
    assert found(Table.RECORDS, RECORD, None) is Tampering.RECORD_REMOVED


@pytest.mark.parametrize("fields", [{"personnelId": "c2"}, {"sessionId": "s-2"}, {"recordId": "r"}])
def test_record_has_the_id_of_its_session_and_person(fields: dict[str, Any]) -> None:
    """Any other was written by none of the functions."""
    assert found(Table.RECORDS, None, {**RECORD, **fields}) is Tampering.RECORD_INVENTED


@pytest.mark.parametrize("status", [*OPEN_STATUSES, SessionStatus.CANCELLED])
def test_open_session_changes_by_one_version_and_with_an_entry(status: SessionStatus) -> None:
    """Whatever changes: title, sheet, status, or the decision itself."""
    before = {**SESSION, "status": status}

    for after in (
        {**before, "version": 8, "auditHead": "cd", "title": "Another"},
        {**before, "version": 8, "auditHead": "cd", "status": "COMPLETED"},
        {**before, "version": 8, "auditHead": "cd", "status": "FINALIZING"},
    ):
        assert found(Table.SESSIONS, before, after) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Another"},
        {"title": "Another", "auditHead": "cd"},
        {"title": "Another", "version": 8},
        {"version": 9, "auditHead": "cd"},
        {"version": 6, "auditHead": "cd"},
        {"version": "8", "auditHead": "cd"},
    ],
)
def test_session_that_changes_otherwise_was_changed_behind_the_api(fields: dict[str, Any]) -> None:
    """The version counts each change, and the audit head is the entry of the last one."""
    assert found(Table.SESSIONS, SESSION, {**SESSION, **fields}) is Tampering.SESSION_CHANGED


def test_locked_session_is_completed_and_nothing_else() -> None:
    """What was decided stays, to the last field."""
    assert found(Table.SESSIONS, LOCKED, COMPLETED) is None
    # A later release may store more of a session than the one that locked it.
    course: Item = {"title": "Working at height", "retentionYears": 10}
    later: Item = {**COMPLETED, "manifestVersion": 1, "courseAsFinalized": course}
    assert found(Table.SESSIONS, LOCKED, later) is None
    for after in (
        {**COMPLETED, "courseAsFinalized": {"retentionYears": 10}},
        {**COMPLETED, "courseAsFinalized": {"title": "Another"}},
        {**COMPLETED, "courseAsFinalized": None},
        {**COMPLETED, "title": "Another"},
        {**COMPLETED, "status": "SCHEDULED"},
        {**COMPLETED, "version": 10},
        {**LOCKED, "version": 9, "auditHead": "cd"},
        {name: value for name, value in COMPLETED.items() if name != "title"},
    ):
        assert found(Table.SESSIONS, LOCKED, after) is Tampering.SESSION_CHANGED


@pytest.mark.parametrize(
    "fields",
    [{"title": "Another"}, {"version": 10, "auditHead": "cd"}, {"status": "CANCELLED"}],
)
def test_completed_session_never_changes(fields: dict[str, Any]) -> None:
    """What comes later, as a late sheet, is noted in its trail alone."""
    assert found(Table.SESSIONS, COMPLETED, {**COMPLETED, **fields}) is Tampering.SESSION_CHANGED


@pytest.mark.parametrize("before", [SESSION, LOCKED, COMPLETED])
def test_sessions_are_never_removed(before: Item) -> None:
    """A session that does not take place is cancelled."""
    assert found(Table.SESSIONS, before, None) is Tampering.SESSION_REMOVED


def test_session_begins_with_version_one() -> None:
    """One that is completed when it appears was not made here."""
    assert found(Table.SESSIONS, None, {**SESSION, "version": 1}) is None
    assert found(Table.SESSIONS, None, COMPLETED) is Tampering.SESSION_INVENTED
    for decided in (LOCKED, COMPLETED):
        begun = {**decided, "version": 1}
        assert found(Table.SESSIONS, None, begun) is Tampering.SESSION_INVENTED


def test_rows_come_and_go_and_count_their_changes() -> None:
    """Otherwise a mark would change and the session's sum would not tell."""
    assert found(Table.SESSIONS, None, ROW) is None
    assert found(Table.SESSIONS, ROW, None) is None
    assert found(Table.SESSIONS, ROW, {**ROW, "hasPassed": False, "revision": 4}) is None
    for fields in ({}, {"revision": 2}, {"revision": 5}, {"revision": None}):
        after = {**ROW, "hasPassed": False, **fields}
        assert found(Table.SESSIONS, ROW, after) is Tampering.ROW_CHANGED


def test_courses_count_their_changes_and_stay() -> None:
    """Each change of the rules has an entry of that number in the course's trail."""
    assert found(Table.COURSES, None, COURSE) is None
    assert found(Table.COURSES, COURSE, {**COURSE, "revision": 3, "auditHead": "cd"}) is None
    for fields in ({"title": "Another"}, {"revision": 3}, {"auditHead": "cd"}):
        after = {**COURSE, **fields}
        assert found(Table.COURSES, COURSE, after) is Tampering.COURSE_CHANGED
    assert found(Table.COURSES, COURSE, None) is Tampering.COURSE_REMOVED


@pytest.mark.parametrize("head", [None, "0" * 64])
def test_course_without_an_entry_is_invented(head: str | None) -> None:
    """Since courses have a trail, each begins with an entry."""
    assert found(Table.COURSES, None, {**COURSE, "auditHead": head}) is Tampering.COURSE_INVENTED


@pytest.mark.parametrize(
    ("table", "old", "new", "owner"),
    [
        (Table.AUDIT, None, ENTRY, "s-1"),
        (Table.RECORDS, RECORD, {**RECORD, "sessionId": "s-2"}, "s-1"),
        (Table.COURSES, COURSE, None, "k-1"),
        (Table.AUDIT, None, {}, "None"),
    ],
)
def test_change_belongs_to_its_session_or_course(
    table: Table, old: Item | None, new: Item | None, owner: str
) -> None:
    """To the one it belonged to before: that is where it is missed."""
    assert Change(table, "event-1", NOW, old, new).owner == owner


def test_every_kind_has_words() -> None:
    """For people, and for the note that is read in ten years."""
    assert set(WORDS) == set(Tampering)
