"""The manifest: everything a finalization decided, the same to the byte whoever computes it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.canonical import canonical, sha256
from shared.domain.plan import ManifestDiffers, Plan, plan_of
from shared.domain.session import Attendee, Session, Snapshot
from tests.builders import (
    ADMIN,
    SESSION_ID,
    a_course,
    a_cuid,
    a_plan,
    a_sheet,
    a_snapshot,
    an_absentee,
    an_attendee,
    some_details,
)

PEOPLE = (
    an_attendee(2, has_passed=False, remarks="knots"),
    an_attendee(1),
    an_absentee(3),
)


def a_finalized() -> Plan:
    """Return what finalizing a session with these people writes."""
    return a_plan(a_snapshot(*PEOPLE))


def manifest(plan: Plan) -> Any:  # noqa: ANN401 - any JSON
    """Return what the manifest says."""
    return json.loads(plan.manifest)


def test_manifest_is_canonical() -> None:
    """Whoever reads and writes it again gets the same bytes."""
    plan = a_finalized()

    assert canonical(manifest(plan)) == plan.manifest


def test_manifest_names_what_was_decided_on() -> None:
    """Session, course rules as they were, the exact sheet, and the audit trail up to here."""
    found = manifest(a_finalized())

    assert (found["sessionId"], found["auditHead"]) == (SESSION_ID, "change-7")
    assert found["session"]["timezone"] == "Europe/Berlin"
    assert (found["course"]["version"], found["course"]["validityMonths"]) == ("2026-A", 12)
    sheet = found["evidence"]
    assert (sheet["key"], sheet["versionId"], sheet["sha256"]) == (
        a_sheet().key,
        a_sheet().version_id,
        a_sheet().sha256,
    )


def test_manifest_names_who_decided_and_what_that_means() -> None:
    """Name, time and meaning of the signature go together (21 CFR 11.50)."""
    decided = manifest(a_finalized())["finalization"]

    assert decided["finalizedBy"] == {"id": ADMIN.id, "name": ADMIN.name}
    assert decided["finalizedAt"] == "2026-03-10T15:10:00.000000Z"
    assert decided["meaning"].startswith("I attest")
    assert decided["counts"]["failed"] == 1


def test_manifest_lists_the_whole_grid_and_every_record() -> None:
    """Everybody on the roster, present or not; a record for whoever was there, with its rule."""
    found = manifest(a_finalized())

    assert [row["personnelId"] for row in found["attendees"]] == [a_cuid(1), a_cuid(2), a_cuid(3)]
    assert found["attendees"][1]["remarks"] == "knots"
    assert [(one["personnelId"], one["result"]) for one in found["records"]] == [
        (a_cuid(1), "PASSED"),
        (a_cuid(2), "FAILED"),
    ]
    assert found["records"][0]["expiryDate"] == "2027-03-10"
    assert "12 calendar months" in found["records"][0]["expiryRule"]


def test_manifest_hash_is_on_the_session_and_on_every_record() -> None:
    """In the same transaction, so that a record can be told to belong to its manifest."""
    plan = a_finalized()
    decision = plan.completed.finalization
    assert decision is not None

    hashes = {decision.manifest_sha256, *(record.manifest_sha256 for record in plan.records)}

    assert hashes == {sha256(plan.manifest)}


def test_manifest_hash_is_in_the_entry_of_the_finalization() -> None:
    """And the manifest holds the hash of the entry before: the trail leads through it."""
    plan = a_finalized()

    entry = json.loads(plan.commit_step.entry.content)

    named = {cell["field"]: cell["new"] for cell in entry["changes"]}
    assert named["finalization.manifestSha256"] == sha256(plan.manifest)
    assert entry["previous"] == manifest(plan)["auditHead"]


@pytest.mark.parametrize("stored", ["seal_step", "commit_step"])
def test_manifest_is_the_same_for_whoever_computes_it_later(stored: str) -> None:
    """From the sealed or the completed session, in any order of rows."""
    plan = a_finalized()
    after: Session = getattr(plan, stored).after

    again = plan_of(Snapshot(after, tuple(reversed(PEOPLE))), plan.decision)

    assert again.manifest == plan.manifest


TAMPERED: dict[str, tuple[dict[str, Any], tuple[Attendee, ...]]] = {
    "a mark": ({}, (replace(PEOPLE[0], has_passed=True), *PEOPLE[1:])),
    "a name": ({}, (replace(PEOPLE[0], name="Somebody"), *PEOPLE[1:])),
    "somebody missing": ({}, PEOPLE[:-1]),
    "the sheet": ({"sheet": a_sheet(0, version_id="another")}, PEOPLE),
    "the title": ({"details": some_details(title="Another")}, PEOPLE),
}


@pytest.mark.parametrize(("fields", "people"), TAMPERED.values(), ids=TAMPERED.keys())
def test_plan_of_a_changed_session_is_refused(
    fields: dict[str, Any], people: tuple[Attendee, ...]
) -> None:
    """What was changed behind the API since the decision is never written or signed."""
    plan = a_finalized()

    with pytest.raises(ManifestDiffers):
        plan_of(Snapshot(replace(plan.completed, **fields), people), plan.decision)


def test_plan_of_a_changed_decision_is_refused() -> None:
    """The rules frozen in the decision cannot be changed either."""
    plan = a_finalized()
    lenient = replace(plan.decision, course=a_course(validity_months=120))

    with pytest.raises(ManifestDiffers):
        plan_of(Snapshot(plan.completed, PEOPLE), lenient)
