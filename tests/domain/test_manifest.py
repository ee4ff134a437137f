"""The manifest: everything a finalization decided, the same to the byte on every computation."""

import json
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.canonical import canonical, sha256
from shared.domain.manifest import (
    CURRENT_VERSION,
    WRITERS,
    UnknownManifestVersion,
    attestation,
    manifest_of,
)
from shared.domain.plan import ManifestDiffers, Plan, plan_of
from shared.domain.session import Attendee, Session, Snapshot
from shared.domain.validity import Validity
from testing.builders import (
    ADMIN,
    SESSION_ID,
    a_course,
    a_cuid,
    a_decided,
    a_plan,
    a_sheet,
    a_snapshot,
    an_absentee,
    an_attendee,
    decided_on,
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
    """Reading and writing it again gives the same bytes."""
    plan = a_finalized()

    assert canonical(manifest(plan)) == plan.manifest


def test_manifest_names_what_was_decided_on() -> None:
    """It names session, course rules of the time, the exact sheet, and the trail so far."""
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
    """Name, time and meaning of the signature stand together (21 CFR 11.50)."""
    decided = manifest(a_finalized())["finalization"]

    assert decided["finalizedBy"] == {"id": ADMIN.id, "name": ADMIN.name}
    assert decided["finalizedAt"] == "2026-03-10T15:10:00.000000Z"
    assert decided["meaning"].startswith("I attest")
    assert decided["counts"]["failed"] == 1


@pytest.mark.parametrize("version", WRITERS)
def test_manifest_has_the_words_that_were_shown_before_the_decision(version: int) -> None:
    """Who signs reads before what it means, and reads exactly what is signed."""
    session = a_decided(manifest_version=version)

    signed = json.loads(canonical(manifest_of(session, [], [])))["finalization"]["meaning"]

    assert signed == attestation(session.decision)
    assert signed == attestation(None) or version != CURRENT_VERSION


def test_manifest_lists_the_whole_grid_and_every_record() -> None:
    """It lists everyone on the roster, present or not, and each record with its expiry rule."""
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
    """Both are written in one transaction, so a record can be traced to its manifest."""
    plan = a_finalized()
    decision = plan.completed.finalization
    assert decision is not None

    hashes = {decision.manifest_sha256, *(record.manifest_sha256 for record in plan.records)}

    assert hashes == {sha256(plan.manifest)}


def test_manifest_hash_is_in_the_entry_of_the_finalization() -> None:
    """The manifest holds the hash of the entry before, so the trail leads through it."""
    plan = a_finalized()

    entry = json.loads(plan.commit_transition.entry.content)

    named = {change["field"]: change["new"] for change in entry["changes"]}
    assert named["finalization.manifestSha256"] == sha256(plan.manifest)
    assert entry["previous"] == manifest(plan)["auditHead"]


@pytest.mark.parametrize("stored", ["lock_transition", "commit_transition"])
def test_manifest_is_the_same_when_computed_later(stored: str) -> None:
    """
    Computed again from the locked or the completed session, with rows in any order,
    it is equal.
    """
    plan = a_finalized()
    after: Session = getattr(plan, stored).after

    again = plan_of(Snapshot(after, tuple(reversed(PEOPLE))))

    assert again.manifest == plan.manifest


TAMPERED: dict[str, tuple[dict[str, Any], tuple[Attendee, ...]]] = {
    "a mark": ({}, (replace(PEOPLE[0], has_passed=True), *PEOPLE[1:])),
    "a name": ({}, (replace(PEOPLE[0], name="Somebody"), *PEOPLE[1:])),
    "a person missing": ({}, PEOPLE[:-1]),
    "the sheet": ({"sheet": a_sheet(0, version_id="another")}, PEOPLE),
    "the title": ({"details": some_details(title="Another")}, PEOPLE),
}


@pytest.mark.parametrize(("fields", "people"), TAMPERED.values(), ids=TAMPERED.keys())
def test_plan_of_a_changed_session_is_refused(
    fields: dict[str, Any], people: tuple[Attendee, ...]
) -> None:
    """What was changed behind the API after the decision is neither written nor signed."""
    plan = a_finalized()

    with pytest.raises(ManifestDiffers):
        plan_of(Snapshot(replace(plan.completed, **fields), people))


def test_plan_of_a_changed_decision_is_refused() -> None:
    """A change of the rules frozen in the decision is refused too."""
    plan = a_finalized()
    lenient = replace(plan.decision, course=a_course(validity=Validity(120)))

    with pytest.raises(ManifestDiffers):
        plan_of(decided_on(Snapshot(plan.completed, PEOPLE), lenient))


def test_decision_names_the_version_of_its_manifest() -> None:
    """A new decision has the current version, and its manifest says the same."""
    plan = a_finalized()

    assert plan.decision.manifest_version == CURRENT_VERSION
    assert manifest(plan)["manifestVersion"] == CURRENT_VERSION


@pytest.mark.parametrize("version", WRITERS)
def test_writer_writes_the_version_it_stands_for(version: int) -> None:
    """A decision is written in its own version, even if another is current."""
    undecided = replace(a_finalized().decision, manifest_version=version, manifest_sha256="")

    plan = plan_of(decided_on(a_snapshot(*PEOPLE), undecided))

    assert manifest(plan)["manifestVersion"] == plan.decision.manifest_version == version


@pytest.mark.parametrize("version", [0, max(WRITERS) + 1])
def test_plan_of_an_unknown_version_is_refused(version: int) -> None:
    """A decision in the version of a later release is not written in another one."""
    plan = a_finalized()
    later = replace(plan.decision, manifest_version=version)

    with pytest.raises(UnknownManifestVersion, match=f"no manifest version {version}$"):
        plan_of(decided_on(Snapshot(plan.completed, PEOPLE), later))
