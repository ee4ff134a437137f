"""The manifest of what the first release stored is computed the same today, byte for byte."""

import json
from dataclasses import field, fields, make_dataclass, replace
from typing import Any

import pytest

from shared.domain.canonical import as_json, canonical
from shared.domain.course import Course
from shared.domain.evidence import Sheet
from shared.domain.manifest import manifest_of, writer_of
from shared.domain.people import Person
from shared.domain.plan import plan_of
from shared.domain.records import Record, record_id
from shared.domain.session import (
    Attendee,
    Counts,
    DecidedSession,
    Finalization,
    Session,
    SessionDetails,
    SessionStatus,
    Snapshot,
    Trainer,
)
from shared.domain.verification import check_records
from tests.first_release import (
    COMPETENCIES,
    DECISION,
    FULL,
    FULL_ID,
    MINIMAL,
    SHEET,
    TRAININGS,
    the_manifest,
    the_minimal_manifest,
)

DECIDED = {
    "every field": (FULL, the_manifest(), COMPETENCIES),
    "no optional field": (MINIMAL, the_minimal_manifest(), TRAININGS),
}


@pytest.mark.parametrize(("snapshot", "manifest", "records"), DECIDED.values(), ids=DECIDED.keys())
def test_manifest_of_the_first_release_is_computed_to_the_byte(
    snapshot: Snapshot, manifest: bytes, records: tuple[Record, ...]
) -> None:
    """Computed from what the first release stored, decision and records are the same too."""
    plan = plan_of(snapshot)

    assert plan.manifest == manifest
    assert plan.decision == snapshot.session.finalization
    assert plan.records == records


def test_session_that_the_first_release_began_to_finalize_is_completed() -> None:
    """A finalization that one release began is completed by the next."""
    completed = plan_of(MINIMAL).completed

    assert completed == replace(MINIMAL.session, status=SessionStatus.COMPLETED, version=6)


def names(value: Any, path: str = "") -> set[str]:  # noqa: ANN401 - any JSON
    """Return the names a document uses, each with those above it."""
    if isinstance(value, list):
        return set().union(*(names(part, path) for part in value))
    if not isinstance(value, dict):
        return {path}
    return set().union(*(names(part, f"{path}.{name}") for name, part in value.items()))


def test_frozen_manifests_show_what_is_left_out() -> None:
    """A field without a value is left out, except for the expiry of a record."""
    full, minimal = json.loads(the_manifest()), json.loads(the_minimal_manifest())

    assert names(full) - names(minimal) == {
        ".session.location",
        ".session.trainer.qualification",
        ".course.version",
        ".course.validityMonths",
        ".course.retentionYears",
        ".attendees.jobTitle",
        ".attendees.remarks",
    }
    assert names(minimal) <= names(full)
    assert {row["expiryDate"] for row in minimal["records"]} == {None}


def test_record_id_never_changes() -> None:
    """The id is how a record is found, and why it cannot exist twice."""
    assert record_id(FULL_ID, "cmhr3zq8x000001l208v5d4t") == COMPETENCIES[0].record_id


def test_snapshots_of_the_first_release_are_whole() -> None:
    """The fingerprints of the rows still add up to the stored sums."""
    assert FULL.is_whole
    assert MINIMAL.is_whole


GROWING = [
    *(Session, SessionDetails, Trainer, Attendee, Sheet, Person),
    *(Finalization, Course, Counts, Record),
]


def grown(kind: type) -> Any:  # noqa: ANN401 - a class that no checker knows
    """Return the class with a new field that has a default."""
    return make_dataclass(
        f"Grown{kind.__name__}",
        [("added_later", int, field(default=7))],
        bases=(kind,),
        frozen=True,
    )


def later(value: Any, kind: type) -> Any:  # noqa: ANN401 - any value
    """Return *value* as in a release in which *kind* has one more field."""
    if isinstance(value, tuple):
        return tuple(later(part, kind) for part in value)
    if not hasattr(value, "__dataclass_fields__"):
        return value
    parts = {one.name: later(getattr(value, one.name), kind) for one in fields(value)}
    return (grown(kind) if type(value) is kind else type(value))(**parts)


@pytest.mark.parametrize("kind", GROWING)
def test_field_that_is_added_to_a_class_leaves_the_manifest_as_it_is(kind: type) -> None:
    """A new field of a later release does not change what was signed."""
    snapshot, sheet, records, decision = later((FULL, SHEET, COMPETENCIES, DECISION), kind)
    before, after = (
        [as_json(value) for value in values]
        for values in (
            (FULL.session, *FULL.attendees, *COMPETENCIES),
            (snapshot.session, *snapshot.attendees, *records),
        )
    )
    assert before != after, "the class is nowhere in it"

    written = manifest_of(
        DecidedSession(snapshot.session, sheet, decision), snapshot.attendees, records
    )

    assert canonical(written) == the_manifest()


@pytest.mark.parametrize("kind", [Record, Trainer, Person])
def test_field_that_is_added_to_a_record_changes_no_record(kind: type) -> None:
    """A record that was stored without the new field equals the one that is computed."""
    read = later(COMPETENCIES, kind)
    assert [as_json(record) for record in read] != [as_json(record) for record in COMPETENCIES]

    check = check_records(COMPETENCIES, read, writer_of(DECISION).record)

    assert check.faults == ()


OTHER = replace(TRAININGS[1], remarks="other", finalized_by=Person("u-2", "Somebody"))
SAID = (
    *("record_id", "kind", "personnel_id", "person_name", "job_title", "session_id", "course_id"),
    *("course_title", "course_version", "validity", "result", "status", "session_date"),
    *("expiry_date", "evidence_file_key", "evidence_file_version_id", "evidence_file_hash"),
    *("remarks", "trainer", "finalization_id", "finalized_at", "finalized_by", "manifest_sha256"),
)


@pytest.mark.parametrize("name", SAID)
def test_every_field_of_a_record_of_the_first_release_is_compared(name: str) -> None:
    """A stored record that differs in any field is found."""
    says = writer_of(DECISION).record

    changed = replace(COMPETENCIES[0], **{name: getattr(OTHER, name)})

    assert says(changed) != says(COMPETENCIES[0])
