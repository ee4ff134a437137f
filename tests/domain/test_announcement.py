"""Only what was announced is evidence, and the announcement says what it is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.announcement import announced_in, said_of, stray_note, stray_reason
from shared.domain.audit import (
    GENESIS,
    Action,
    AuditEntry,
    ChainPosition,
    FieldChange,
    changed_fields,
    new_entry,
)
from shared.domain.evidence import ObjectVersion, StoredFile, Upload
from shared.domain.people import Person
from shared.domain.session import Session
from shared.domain.upload import announced
from testing.builders import NOW, SESSION_ID, a_change, a_session, a_sheet, an_upload
from tests.first_release import the_trail

TEXTS = st.text(min_size=1, max_size=5)


def an_entry(*changed: FieldChange, action: Action = Action.SHEET_ANNOUNCED) -> AuditEntry:
    """Return an entry of a trail that says this."""
    return new_entry(ChainPosition(SESSION_ID, 1, GENESIS), action, a_change(), changed)


def a_file(upload: Upload) -> StoredFile:
    """Return the object of *upload*."""
    return StoredFile(ObjectVersion(upload.key, "version-1"), upload.content_type, 9, NOW)


@given(TEXTS, TEXTS, st.none() | st.integers(1, 10**9), st.none() | st.just("ab" * 32))
def test_announcement_is_read_as_it_was_written(
    name: str, person: str, size: int | None, sha256: str | None
) -> None:
    """Whatever the upload before it has in common with it, the entry alone says all of it."""
    before = an_upload(1, size_bytes=7, sha256="cd" * 32)
    said = an_upload(
        2, file_name=name, uploaded_by=Person(person, name), size_bytes=size, sha256=sha256
    )
    waiting = announced(a_session(), before, a_change()).after

    entry = announced(waiting, said, a_change()).entry

    assert announced_in([entry], said.upload_id) == said


def test_announcement_names_each_value_before_and_after() -> None:
    """Of the upload that was waited for until then, and of the new one."""
    old, new = an_upload(1, size_bytes=7), an_upload(2, sha256="ab" * 32)

    said = {change.field: (change.old, change.new) for change in said_of(new, old)}

    assert said["pending.uploadId"] == (old.upload_id, new.upload_id)
    assert said["pending.fileName"] == ("sheet.pdf", "sheet.pdf")
    assert (said["pending.sizeBytes"], said["pending.sha256"]) == ((7, None), (None, "ab" * 32))


def test_announcement_is_the_one_of_its_upload() -> None:
    """Others before and after it are not it."""
    trail = [an_entry(*said_of(an_upload(minute))) for minute in (3, 2, 1)]

    assert announced_in(trail, an_upload(2).upload_id) == an_upload(2)
    assert announced_in(trail, an_upload(4).upload_id) is None


@pytest.mark.parametrize("action", set(Action) - {Action.SHEET_ANNOUNCED})
def test_announcement_is_made_by_no_other_action(action: Action) -> None:
    """Whoever may write other entries cannot announce with them."""
    entry = an_entry(*said_of(an_upload(1)), action=action)

    assert announced_in([entry], an_upload(1).upload_id) is None


def as_the_first_release(before: Session, upload: Upload) -> tuple[AuditEntry, Session]:
    """Return the entry of the first release, which named only what changed."""
    after = replace(before, pending=upload)
    return an_entry(*changed_fields("", before, after)), after


def test_announcement_of_the_first_release_is_completed_by_the_one_before() -> None:
    """It left out what both have in common, such as the name of a file that was sent again."""
    first, waiting = as_the_first_release(a_session(), an_upload(1, file_name="a.pdf"))
    second, _ = as_the_first_release(waiting, an_upload(2, file_name="a.pdf"))

    found = announced_in([second, first], an_upload(2).upload_id)

    assert found == an_upload(2, file_name="a.pdf")


def test_announcements_of_the_first_release_can_be_read() -> None:
    """Sheets that were on their way when a newer release came are evidence."""
    entries = [AuditEntry("", 0, line, "") for line in reversed(the_trail())]

    found = announced_in(entries, "20260831T141200120012Z-000000000000000c")

    assert found is not None
    assert found.file_name == "Sign-in sheet, 31. August.pdf"
    assert found.uploaded_by.name == "Frank Okafor"


def test_object_that_was_announced_is_no_stray() -> None:
    """Whether it is what was announced is for its bytes to show."""
    assert stray_reason(a_file(an_upload(2)), an_upload(2), a_sheet(1)) is None


def test_object_under_another_key_is_a_stray() -> None:
    """An announced upload id lends itself to one object only, and one without it to none."""
    other = an_upload(1, key=an_upload(1).key.replace("sheet", "other"))

    assert stray_reason(a_file(other), an_upload(1), None) == "Nobody announced this object."
    assert stray_reason(a_file(other), None, None) == "Nobody announced this object."


def test_object_put_over_the_accepted_sheet_is_a_stray() -> None:
    """The key of the sheet has one version."""
    reason = stray_reason(a_file(an_upload(1)), an_upload(1), a_sheet(1, version_id="version-0"))

    assert reason == "This object was put over an accepted sheet."


def test_note_of_a_stray_says_what_and_where() -> None:
    """It names the object and its version, and nothing that its sender wrote on it."""
    note = stray_note(SESSION_ID, a_file(an_upload(1)), "Nobody announced this object.")

    assert note == (
        b'{"key":"'
        + an_upload(1).key.encode()
        + b'","kind":"object-stray","noteVersion":1,"sessionId":"sess-2026-0310",'
        b'"sizeBytes":9,"storedAt":"2026-03-10T15:10:00.000000Z","versionId":"version-1",'
        b'"what":"Nobody announced this object."}'
    )
