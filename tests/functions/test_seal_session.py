"""Sealing: a finalized session is signed once, and the seal is retained."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.seal_session.use_case import seal_session
from shared.application.completed import SessionNotCompleted
from shared.domain.audit import Action
from shared.domain.canonical import sha256
from shared.domain.evidence import ObjectVersion
from shared.domain.manifest import WRITERS, UnknownManifestVersion
from shared.domain.plan import ManifestDiffers, Plan
from shared.domain.seal import SealedOtherwise, SummaryDiffers, TrailDiffers
from shared.domain.seal_folder import SealPart
from shared.domain.session import SessionStatus, Snapshot
from shared.storage.vault import register_key, seal_root
from testing.builders import (
    NOW,
    SESSION_ID,
    a_change,
    a_command,
    a_course,
    a_course_change,
    a_plan,
    a_registration,
    a_sheet,
    a_snapshot,
    attendees,
)
from testing.fakes import Crash, FakeWiring, at, crash
from testing.vault import a_summary, is_signed_by

YEARS = 10
NOTED = [Action.REGISTERED, Action.FINALIZED, Action.SIGNED]
MANIFEST_KEY = f"{seal_root(SESSION_ID)}{SealPart.MANIFEST}"
SUMMARY_KEY = f"{seal_root(SESSION_ID)}{SealPart.SUMMARY}"
SUMMARY_SIGNATURE_KEY = f"{seal_root(SESSION_ID)}{SealPart.SUMMARY_SIGNATURE}"


def registered(people: int) -> tuple[FakeWiring, Snapshot]:
    """Return a world in which there is a session, as its trail tells it."""
    world = FakeWiring()
    world.sessions.apply(a_registration(a_snapshot(*attendees(people))))
    return world, world.sessions.stored(SESSION_ID)


def finalized(people: int = 2, **course: int) -> tuple[FakeWiring, Plan]:
    """Return a world in which the session is finalized, and what that wrote."""
    world, snapshot = registered(people)
    plan = a_plan(snapshot, a_course(**course), a_command())
    world.finalizations.commit(plan)
    return world, plan


def seal(
    world: FakeWiring, name: str = "event-1", draw: Callable[[bytes], bytes] = a_summary
) -> bool:
    """Process the event that the session is finalized."""
    return seal_session(SESSION_ID, a_change(name), world, draw)


def part_of(world: FakeWiring, part: SealPart) -> bytes:
    """Return a part of the seal."""
    return world.vault.objects[f"{seal_root(SESSION_ID)}{part}"]


def noted(world: FakeWiring) -> list[Action | None]:
    """Return the actions in the trail."""
    return [entry.action for entry in world.trail.entries(SESSION_ID)]


def test_seal_never_signs_a_version_it_does_not_know() -> None:
    """A decision of a later release is signed by that release."""
    world, plan = finalized()
    decision = replace(plan.decision, manifest_version=max(WRITERS) + 1)
    world.sessions.replace(replace(plan.completed, finalization=decision))

    with pytest.raises(UnknownManifestVersion):
        seal(world)

    assert world.signer.signed == []


def test_seal_stores_the_manifest_and_signs_it() -> None:
    """Manifest, signature and public key are stored together, and belong together."""
    world, plan = finalized()

    assert seal(world)

    assert part_of(world, SealPart.MANIFEST) == plan.manifest
    signature, public_key = (
        part_of(world, part) for part in (SealPart.SIGNATURE, SealPart.PUBLIC_KEY)
    )
    assert is_signed_by(public_key, sha256(plan.manifest), signature)


def test_seal_signs_the_entry_that_says_so() -> None:
    """Its hash covers the whole trail, including the entry of the finalization."""
    world, _ = finalized()

    seal(world)

    *_, last = world.trail.entries(SESSION_ID)
    signature = part_of(world, SealPart.TRAIL_SIGNATURE)
    assert is_signed_by(world.signer.public_key(), last.sha256, signature)


def test_seal_keeps_sheet_and_seal_for_the_years_of_the_course() -> None:
    """Until then no one can delete the version that the records rest on."""
    world, plan = finalized(retention_years=30)

    seal(world)

    until = NOW.replace(year=NOW.year + 30)
    sheet = a_sheet()
    assert world.vault.kept == {ObjectVersion(sheet.key, sheet.version_id): until}
    assert set(world.vault.until.values()) == {until}
    assert plan.decision.course.retention_years == 30


def test_seal_notes_the_signature_in_the_trail() -> None:
    """The note follows the entry of the finalization, and has the hash that was signed."""
    world, plan = finalized()

    seal(world)

    _, finalizing, signing = world.trail.entries(SESSION_ID)
    assert (finalizing.action, signing.action) == (Action.FINALIZED, Action.SIGNED)
    assert signing.previous == finalizing.sha256
    assert plan.decision.manifest_sha256 in signing.content


def test_seal_again_changes_nothing() -> None:
    """The event arrives at least once; what is stored stays, and is noted once."""
    world, _ = finalized()
    seal(world)
    objects = dict(world.vault.objects)

    assert not seal(world, "event-2")
    assert world.vault.objects == objects
    assert noted(world) == NOTED


def test_seal_that_died_before_its_note_is_noted_by_the_next() -> None:
    """A process that dies between the bucket and the trail leaves the note to the retry."""
    world, _ = finalized()
    world.trail.before_append = at(1, crash)
    with pytest.raises(Crash):
        seal(world)

    seal(world, "event-2")

    assert noted(world) == NOTED


@pytest.mark.parametrize("status", [SessionStatus.IN_PROGRESS, SessionStatus.FINALIZING])
def test_seal_waits_until_the_records_count(status: SessionStatus) -> None:
    """An event that arrives too early fails, and is delivered again."""
    world, plan = finalized()
    decision = plan.decision if status is SessionStatus.FINALIZING else None
    early = replace(plan.completed, status=status, finalization=decision)
    world.sessions.put(Snapshot(early, attendees(2)))

    with pytest.raises(SessionNotCompleted):
        seal(world)
    assert world.signer.signed == []


def test_seal_never_signs_what_was_changed_since_the_decision() -> None:
    """A mark that was changed behind the API is not signed."""
    world, plan = finalized()
    people = (replace(attendees(2)[0], has_passed=False), attendees(2)[1])
    forged = replace(plan.completed, attendance_sum=sum(person.fingerprint for person in people))
    world.sessions.put(Snapshot(forged, people))

    with pytest.raises(ManifestDiffers):
        seal(world)
    assert (world.signer.signed, world.vault.objects) == ([], {})


def test_seal_never_signs_what_the_trail_does_not_tell() -> None:
    """A mark that was changed behind the product before the decision gets no signature."""
    world, snapshot = registered(2)
    people = (replace(snapshot.attendees[0], has_passed=False), snapshot.attendees[1])
    world.sessions.put(replace(snapshot, attendees=people))
    world.finalizations.commit(a_plan(world.sessions.stored(SESSION_ID)))

    with pytest.raises(TrailDiffers, match="hasPassed"):
        seal(world)
    assert (world.signer.signed, world.vault.objects) == ([], {})


def test_seal_never_signs_rules_that_the_course_s_trail_does_not_tell() -> None:
    """A course that was bent while the session was finalized makes no genuine record."""
    world, _ = finalized(revision=5)
    world.courses.save(a_course_change(a_course(revision=0)))

    with pytest.raises(TrailDiffers, match="revision 5"):
        seal(world)
    assert world.signer.signed == []


def test_seal_never_signs_a_decision_that_is_not_in_the_trail() -> None:
    """Session, rows and event were put there by hand: nobody decided this."""
    world, plan = finalized()
    world.trail.remove(SESSION_ID, plan.completed.version)

    with pytest.raises(TrailDiffers, match="finalization is missing"):
        seal(world)
    assert world.signer.signed == []


def test_seal_of_a_locked_session_completed_later_follows_its_trail() -> None:
    """Completing a large session adds no entry of its own; numbers continue after the last one."""
    world, snapshot = registered(2)
    plan = a_plan(snapshot, command=a_command(at=NOW + timedelta(minutes=1)))
    world.finalizations.lock(plan)
    world.finalizations.complete(plan.after_lock())

    seal(world)

    assert [entry.sequence for entry in world.trail.entries(SESSION_ID)] == [1, 2, 3]


def test_seal_names_the_session_in_the_register() -> None:
    """By the day of the decision, with the hash of the manifest, and kept as long as the seal."""
    world, plan = finalized()

    seal(world)

    key = register_key(SESSION_ID, plan.decision.finalized_at)
    assert world.vault.objects[key].decode() == plan.decision.manifest_sha256
    assert world.vault.until[key] == NOW.replace(year=NOW.year + YEARS)


def test_seal_is_in_the_register_before_it_is_complete() -> None:
    """Whatever ends the sealer, no complete seal is missing in the register."""
    world, _ = finalized()

    seal(world)

    *_, registered, signed, _, _ = world.vault.objects
    assert registered.startswith("sealed/")
    assert signed.endswith(SealPart.TRAIL_SIGNATURE)


def finalized_anew(world: FakeWiring) -> Plan:
    """Put another decision about the session in the place of the one that was sealed."""
    people = (replace(attendees(2)[0], has_passed=False), attendees(2)[1])
    snapshot = a_snapshot(*people, version=1)
    forged = a_plan(snapshot, command=a_command(finalization_id="forged"))
    world.sessions.put(Snapshot(forged.completed, snapshot.attendees))
    return forged


def entries(world: FakeWiring) -> list[str]:
    """Return what the trail says."""
    return [entry.content for entry in world.trail.entries(SESSION_ID)]


def test_session_that_is_sealed_gets_no_second_seal() -> None:
    """Nothing is signed, stored or noted, and both manifests are named."""
    world, plan = finalized()
    seal(world)
    before = (dict(world.vault.objects), entries(world), list(world.signer.signed))
    forged = finalized_anew(world)

    with pytest.raises(SealedOtherwise) as refused:
        seal(world, "event-2")

    assert (dict(world.vault.objects), entries(world), list(world.signer.signed)) == before
    assert plan.decision.manifest_sha256 in str(refused.value)
    assert forged.decision.manifest_sha256 in str(refused.value)


def test_trail_that_was_overwritten_gets_no_second_seal() -> None:
    """The entries of finalization and signing are gone with their decision; the seal is not."""
    world, _ = finalized()
    seal(world)
    forged = finalized_anew(world)
    *_, signing = world.trail.entries(SESSION_ID)
    world.trail.remove(SESSION_ID, signing.sequence)
    world.trail.add(forged.commit_transition.entry)

    with pytest.raises(SealedOtherwise):
        seal(world, "event-2")

    assert Action.SIGNED not in noted(world)


def test_session_whose_trail_names_another_seal_is_not_sealed() -> None:
    """A signing of another manifest was noted, so somebody has rewritten the session."""
    world, _ = finalized()
    seal(world)
    world.vault.objects.clear()
    finalized_anew(world)

    with pytest.raises(SealedOtherwise):
        seal(world, "event-2")

    assert world.vault.objects == {}


def test_seal_that_was_begun_is_completed_where_it_lies() -> None:
    """Also one that the first release had begun, in the folder of its finalization."""
    world, plan = finalized()
    folder = f"{seal_root(SESSION_ID)}{plan.decision.finalization_id}/"
    world.vault.put_once(f"{folder}manifest.json", plan.manifest, "application/json", NOW)

    assert seal(world)

    assert {key for key in world.vault.objects if key.startswith("seals/")} == {
        f"{folder}{name}" for name in SealPart
    }


def test_manifest_that_another_put_there_meanwhile_is_compared() -> None:
    """A seal that appears between the look and the write is no permission to sign."""
    world, _ = finalized()
    world.vault.before_put = at(1, lambda: world.vault.objects.update({MANIFEST_KEY: b"{}"}))

    with pytest.raises(SealedOtherwise):
        seal(world)

    assert world.signer.signed == []


def test_hidden_manifest_is_not_stored_again() -> None:
    """A delete marker over a seal that was begun makes no room for a second version."""
    world, plan = finalized()
    world.vault.put_once(MANIFEST_KEY, plan.manifest, "application/json", NOW)
    world.vault.overwrite(MANIFEST_KEY, None)

    seal(world)

    assert world.vault.put_over == {MANIFEST_KEY: [None]}


class DrawingFails(Exception):
    """The library that draws a summary gives up."""


def no_drawing(_: bytes) -> bytes:
    """Draw nothing."""
    raise DrawingFails


def test_seal_signs_the_summary_that_people_read() -> None:
    """It is signed like the manifest it was drawn from, and stored as long."""
    world, plan = finalized()

    seal(world)

    summary, signature = (world.vault.objects[key] for key in (SUMMARY_KEY, SUMMARY_SIGNATURE_KEY))
    assert summary == a_summary(plan.manifest)
    assert is_signed_by(world.signer.public_key(), sha256(summary), signature)


def test_summary_that_cannot_be_drawn_prevents_no_signature() -> None:
    """The seal is complete but for it, and the event comes again until it is there."""
    world, plan = finalized()

    with pytest.raises(DrawingFails):
        seal(world, draw=no_drawing)

    assert noted(world) == NOTED
    root = seal_root(SESSION_ID)
    in_the_seal = {key.removeprefix(root) for key in world.vault.objects if key.startswith(root)}
    assert in_the_seal == {*SealPart} - {SealPart.SUMMARY, SealPart.SUMMARY_SIGNATURE}
    assert seal(world, "event-2")
    assert world.vault.objects[SUMMARY_KEY] == a_summary(plan.manifest)
    assert noted(world) == NOTED


def test_summary_is_drawn_once_whatever_a_later_release_would_draw() -> None:
    """An event that comes again after a complete seal has nothing to do."""
    world, _ = finalized()
    seal(world)

    assert not seal(world, "event-2", no_drawing)


def test_summary_that_another_release_stored_is_not_signed_by_this_one() -> None:
    """A signature of other bytes would call the stored summary forged, for good."""
    world, plan = finalized()
    until = NOW + timedelta(days=1)
    world.vault.put_once(SUMMARY_KEY, b"drawn by another release", "application/pdf", until)

    with pytest.raises(SummaryDiffers):
        seal(world)

    assert SUMMARY_SIGNATURE_KEY not in world.vault.objects
    assert sha256(a_summary(plan.manifest)) not in world.signer.signed
