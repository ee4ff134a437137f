"""
Version 2 of the manifest, byte for byte.

The files `manifest.v2*.json` are rewritten until version 2 is released, and never after.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.domain.canonical import canonical
from shared.domain.manifest import manifest_of, writer_of
from shared.domain.people import Person
from shared.domain.plan import plan_of
from shared.domain.session import DecidedSession, Finalization, Snapshot
from shared.domain.verification import check_records
from shared.domain.warning import GateWarning, WarningSlug
from tests.domain.test_frozen_manifest import GROWING, SAID, later
from tests.first_release import DECISION, FULL, MINIMAL, MINIMAL_DECISION, SHEET

HERE = Path(__file__).parent


def decided_now(snapshot: Snapshot, decision: Finalization, **details: Any) -> Snapshot:  # noqa: ANN401
    """Return what the first release decided, as it is decided in version 2."""
    session = replace(
        snapshot.session,
        details=replace(snapshot.session.details, **details),
        finalization=replace(decision, manifest_version=2, manifest_sha256=""),
    )
    return Snapshot(session, snapshot.attendees)


# One is about people, one is not; one was acknowledged, one was not.
WARNED = replace(
    DECISION,
    course=replace(
        DECISION.course, changed_at=datetime(2026, 8, 31, 7, tzinfo=UTC), audit_head="ab" * 32
    ),
    warnings=(
        GateWarning(WarningSlug.PEOPLE_UNMARKED, "2 of them were never marked.", ("p-2", "p-1")),
        GateWarning(WarningSlug.COURSE_CHANGED, "The rules were changed."),
    ),
    acknowledged=(WarningSlug.COURSE_CHANGED,),
)
# Training on two days, to midnight of the second.
SNAPSHOT = decided_now(
    FULL,
    WARNED,
    starts_at=datetime(2026, 8, 30, 6, 0, tzinfo=UTC),
    ends_at=datetime(2026, 8, 31, 22, 0, tzinfo=UTC),
)
RECORDS = plan_of(SNAPSHOT).records


@pytest.mark.parametrize(
    ("name", "snapshot"),
    [
        ("manifest.v2.json", SNAPSHOT),
        ("manifest.v2.minimal.json", decided_now(MINIMAL, MINIMAL_DECISION)),
    ],
)
def test_manifest_of_version_2_is_computed_to_the_byte(name: str, snapshot: Snapshot) -> None:
    """With every field, and without any that is optional."""
    assert plan_of(snapshot).manifest == (HERE / name).read_bytes()


@pytest.mark.parametrize("kind", GROWING)
def test_field_that_is_added_to_a_class_leaves_version_2_as_it_is(kind: type) -> None:
    """A new field of a later release does not change what was signed."""
    decision = SNAPSHOT.session.finalization
    snapshot, sheet, records, decision = later((SNAPSHOT, SHEET, RECORDS, decision), kind)
    assert (snapshot, sheet, records) != (SNAPSHOT, SHEET, RECORDS), "the class is nowhere in it"

    written = manifest_of(
        DecidedSession(snapshot.session, sheet, decision), snapshot.attendees, records
    )

    assert canonical(written) == (HERE / "manifest.v2.json").read_bytes()


OTHER = replace(
    plan_of(decided_now(MINIMAL, MINIMAL_DECISION)).records[1],
    remarks="other",
    finalized_by=Person("u-2", "Somebody"),
    time_zone="UTC",
)


@pytest.mark.parametrize("name", [*SAID, "first_day", "time_zone"])
def test_every_field_of_a_record_of_version_2_is_compared(name: str) -> None:
    """A stored record that differs in any field is found."""
    says = writer_of(SNAPSHOT.session.decided().decision).record

    changed = replace(RECORDS[0], **{name: getattr(OTHER, name)})

    assert says(changed) != says(RECORDS[0])


@pytest.mark.parametrize("days", [{"time_zone": "UTC"}, {"first_day": date(2026, 8, 30)}])
def test_record_of_version_1_that_was_given_days_is_found(days: dict[str, Any]) -> None:
    """Records of the first release have no zone; one that was added would move their days."""
    first, *others = plan_of(FULL).records

    check = check_records(
        [first, *others], [replace(first, **days), *others], writer_of(DECISION).record
    )

    assert len(check.faults) == 1
