"""The trail tells which sheets there must be, whether they count or not."""

from dataclasses import replace

from shared.domain.audit import Action, AuditEntry
from shared.domain.evidence import ObjectVersion
from shared.domain.named_sheets import NamedSheet, named_sheets
from shared.domain.upload import accepted, came_late
from testing.builders import a_change, a_session, a_sheet, a_trail


def test_accepted_replaced_and_late_sheets_are_named() -> None:
    """By key and version, as the functions write them."""
    sheets = [a_sheet(1), a_sheet(2)]
    late = ObjectVersion("evidence/s/u/a?versionId=b.pdf", "version-3")
    first = accepted(a_session(sheet=None, version=1), sheets[0], a_change())
    assert first is not None
    second = accepted(first.after, sheets[1], a_change())
    assert second is not None
    third = came_late(second.after, late, a_change())

    named = named_sheets([first.entry, second.entry, third.entry])

    versions = [ObjectVersion(sheet.key, sheet.version_id) for sheet in sheets]
    assert named == [NamedSheet(2, versions[0]), NamedSheet(3, versions[1]), NamedSheet(4, late)]


def test_entry_that_is_damaged_names_nothing() -> None:
    """Nor does one that tells of no sheet; neither stops a verification."""
    rejected, late = a_trail(Action.SHEET_REJECTED, Action.SHEET_LATE)
    damaged = replace(late, content='{"action":"SHEET_LATE","changes":[{"field":"lateSheet"}]}')

    assert named_sheets([rejected, late, damaged, AuditEntry("s", 9, "[", "ab")]) == []
