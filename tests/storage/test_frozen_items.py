"""
Every item the first release stored is read by this one.

The items are those of the tables, as DynamoDB holds them; each is read by the models and the
mapping that the stores use.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.domain.audit import AuditEntry
from shared.domain.canonical import sha256
from shared.domain.compliance import Colour, Compliance, Verdict
from shared.domain.outbox import OutboxEntry, entry_for
from shared.domain.records import RecordStatus
from shared.domain.session import Session
from shared.storage.mapping import (
    attendee_from,
    audit_entry_from,
    compliance_from,
    course_from,
    record_from,
    session_from,
    start_order,
    summary_from,
)
from shared.storage.models import (
    AttendeeItem,
    AuditItem,
    ComplianceItem,
    CourseItem,
    OutboxItem,
    RecordItem,
    SessionItem,
    SessionPartition,
    SheetUseItem,
)
from shared.storage.outbox import outbox_entry_from
from tests.first_release import (
    ANA,
    CANCELLED,
    CANCELLED_WITH_SHEET,
    COMPETENCIES,
    COMPLETED,
    COURSE,
    DECISION,
    DEE,
    FINALIZING,
    FULL,
    FULL_ID,
    MINIMAL,
    MINIMAL_COURSE,
    PLANNED,
    REJECTED,
    SHEET,
    TRAININGS,
    UNDER_WAY,
    WAITING,
    frozen,
    the_trail,
)

TABLES: dict[str, list[dict[str, Any]]] = json.loads(
    frozen(
        "storage/items.v1.json",
        "160808d186465daa1c48c6855a8a191f13ada8234a96ec7c826b4f9bf512b19b",
    )
)
SESSIONS = (
    PLANNED,
    WAITING,
    REJECTED,
    UNDER_WAY,
    CANCELLED,
    CANCELLED_WITH_SHEET,
    FINALIZING,
    COMPLETED,
)
CALCULATED = datetime(2026, 8, 31, 14, 21, 0, 7, tzinfo=UTC)

READ: dict[str, tuple[Callable[[dict[str, Any]], object], list[object]]] = {
    "courses": (
        lambda raw: course_from(CourseItem.from_raw_data(raw)),
        # The store counts a course's revision from 1 on.
        [COURSE, replace(MINIMAL_COURSE, revision=1)],
    ),
    "records": (
        lambda raw: record_from(RecordItem.from_raw_data(raw)),
        [replace(COMPETENCIES[0], status=RecordStatus.VERIFIED), *COMPETENCIES[1:], *TRAININGS],
    ),
    "audit": (
        lambda raw: audit_entry_from(AuditItem.from_raw_data(raw)),
        [AuditEntry(FULL_ID, 1, the_trail()[0], sha256(the_trail()[0].encode()))],
    ),
    "compliance": (
        lambda raw: compliance_from(ComplianceItem.from_raw_data(raw)),
        [
            Compliance(
                ANA.personnel_id,
                "FLT-3",
                Verdict(Colour.GREEN, COMPETENCIES[0].record_id, date(2027, 2, 28)),
                CALCULATED,
                revision=1,
            ),
            Compliance(
                "p-1", "FA", Verdict(Colour.GREEN, TRAININGS[0].record_id), CALCULATED, revision=1
            ),
            Compliance(
                DEE.personnel_id,
                "FLT-3",
                Verdict(Colour.RED),
                datetime(2026, 8, 31, 14, 22, tzinfo=UTC),
                revision=1,
            ),
        ],
    ),
    "outbox": (
        lambda raw: outbox_entry_from(OutboxItem.from_raw_data(raw)),
        [
            OutboxEntry(
                datetime(2026, 8, 31, 14, 20, 30, 654321, tzinfo=UTC),
                DECISION.finalization_id,
                FULL_ID,
            )
        ],
    ),
}


def partitions() -> list[SessionPartition]:
    """Return everything in the table of sessions."""
    return [SessionPartition.from_raw_data(raw) for raw in TABLES["sessions"]]


@pytest.mark.parametrize(("read", "expected"), READ.values(), ids=READ.keys())
def test_items_of_the_first_release_are_read(
    read: Callable[[dict[str, Any]], object], expected: list[object], request: pytest.FixtureRequest
) -> None:
    """Each item gives the value that was stored."""
    table = request.node.callspec.id

    found = [read(raw) for raw in TABLES[table]]

    assert len(found) == len(expected)
    assert all(value in found for value in expected)


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.session_id)
def test_session_of_the_first_release_is_read(session: Session) -> None:
    """In every status, with and without sheet, pending upload, rejection and decision."""
    items = [item for item in partitions() if isinstance(item, SessionItem)]

    found = {item.session_id: session_from(item) for item in items}

    assert found[session.session_id] == session
    assert found.keys() == {session.session_id for session in SESSIONS}


def test_rows_of_the_first_release_are_read() -> None:
    """Each person is read with and without the optional values."""
    rows = [item for item in partitions() if isinstance(item, AttendeeItem)]

    found = {(row.session_id, row.item): attendee_from(row) for row in rows}

    assert found == {
        (snapshot.session.session_id, f"ATTENDEE#{row.personnel_id}"): row
        for snapshot in (FULL, MINIMAL)
        for row in snapshot.attendees
    }


def test_positions_of_the_first_release_are_those_of_this_one() -> None:
    """A client continues the list where it was, and old and new sessions have one order."""
    items = {item.session_id: item for item in partitions() if isinstance(item, SessionItem)}

    found = {name: summary_from(item).position for name, item in items.items()}

    assert found == {session.session_id: start_order(session) for session in SESSIONS}
    assert found[FULL_ID] == f"2026-08-31T06:00:00Z#{FULL_ID}"


def test_sheet_use_of_the_first_release_is_read() -> None:
    """A sheet that was accepted once is recognized by its bytes in any later release."""
    (use,) = map(SheetUseItem.from_raw_data, TABLES["sheets"])

    assert (use.sha256, use.session_id) == (SHEET.sha256, FULL_ID)


def test_outbox_entry_of_the_first_release_is_found() -> None:
    """The relay removes exactly the entry of the finalization it completed."""
    (entry,) = map(OutboxItem.from_raw_data, TABLES["outbox"])

    assert outbox_entry_from(entry) == entry_for(FULL_ID, DECISION)


def test_every_table_has_a_frozen_item() -> None:
    """A new table gets a frozen item with its first release."""
    assert TABLES.keys() == READ.keys() | {"sessions", "sheets"}
    assert all(TABLES.values())
