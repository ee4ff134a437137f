"""A trail of the first release still checks out, and entries are still written the same way."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from shared.domain.audit import (
    Action,
    AuditEntry,
    ChainPosition,
    ChangeContext,
    FieldChange,
    changed_fields,
    new_entry,
)
from shared.domain.canonical import sha256
from shared.domain.people import Person
from shared.domain.release import Release
from shared.domain.verification import SealFound, Subject, check_trail
from tests.first_release import (
    ANA,
    BO,
    CHI,
    COMPLETED,
    DECISION,
    FULL_ID,
    UNDER_WAY,
    the_trail,
    without_release,
)

MANIFEST = (Path(__file__).parent / "manifest.v1.json").read_bytes()
INTACT = SealFound(manifest=MANIFEST, is_signed=True, is_trail_signed=True, is_our_key=True)
ENTRIES = [
    AuditEntry(FULL_ID, number, line, sha256(line.encode()))
    for number, line in enumerate(the_trail(), start=1)
]


def test_frozen_trail_has_every_action() -> None:
    """The frozen trail covers the format of every action."""
    assert {entry.action for entry in ENTRIES} == set(Action)


def test_trail_of_the_first_release_is_intact() -> None:
    """
    All of it checks out: from the first entry to the decision, which adds up to the manifest, the
    signature and the notes after it.
    """
    check = check_trail(COMPLETED, DECISION, ENTRIES, [], INTACT)

    assert check.subject is Subject.AUDIT_TRAIL
    assert check.faults == ()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.sequence}-{entry.action}")
def test_entry_says_what_it_said_in_the_first_release_to_the_byte(entry: AuditEntry) -> None:
    """The same content at the same place, and which release wrote it; nothing else was added."""
    said = json.loads(entry.content)
    place = ChainPosition(said["sessionId"], said["sequence"], said["previous"])
    by = Person(said["by"]["id"], said["by"]["name"])
    change = ChangeContext(by, datetime.fromisoformat(said["at"]), said["requestId"], Release())

    again = new_entry(
        place, Action(said["action"]), change, [FieldChange(**c) for c in said["changes"]]
    )

    assert without_release(again) == entry


def test_differences_keep_the_names_of_the_first_release() -> None:
    """Values keep their names across releases; a release may add names for new values."""
    named = {
        (bool(field["subject"]), field["field"])
        for entry in ENTRIES
        if entry.action not in {Action.SIGNED, Action.SHEET_LATE, Action.VERIFIED}
        for field in json.loads(entry.content)["changes"]
    }

    found = [*changed_fields("", None, COMPLETED), *changed_fields("", None, UNDER_WAY)]
    for row in (ANA, BO, CHI):
        found += changed_fields(row.personnel_id, None, row)

    assert named <= {(bool(field.subject), field.field) for field in found}
