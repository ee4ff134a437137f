"""Sealing: signed once, kept, and never without the decision."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.seal_session.use_case import Sealing, SessionNotCompleted, seal_session
from shared.domain.audit import Action
from shared.domain.canonical import sha256
from shared.domain.evidence import ObjectVersion
from shared.domain.plan import ManifestDiffers, Plan
from shared.domain.session import SessionStatus, Snapshot
from shared.domain.vault import seal_keys
from tests.builders import (
    NOW,
    SESSION_ID,
    a_change,
    a_course,
    a_plan,
    a_request,
    a_sheet,
    a_snapshot,
    attendees,
)
from tests.fakes import Crash, World, at, crash, no_pause
from tests.vault import is_signed_by

YEARS = 10


def finalized(people: int = 2, **course: int) -> tuple[World, Plan]:
    """Return a world in which the session is finalized, and what that wrote."""
    snapshot = a_snapshot(*attendees(people))
    world = World(snapshot)
    plan = a_plan(snapshot, a_course(**course), a_request())
    world.finalizations.commit(plan)
    return world, plan


def seal(world: World, name: str = "event-1") -> bool:
    """Hear that the session is finalized."""
    using = Sealing(world.sessions, world.trail, world.vault, world.signer, YEARS, no_pause)
    return seal_session(SESSION_ID, a_change(name), using)


def noted(world: World) -> list[Action]:
    """Return what the trail says was done."""
    return [entry.action for entry in world.trail.entries(SESSION_ID)]


def test_seal_stores_the_manifest_and_signs_it() -> None:
    """Manifest, signature and public key lie together, and fit each other."""
    world, plan = finalized()

    assert seal(world)

    keys = seal_keys(SESSION_ID, plan.decision)
    assert world.vault.objects[keys.manifest] == plan.manifest
    signature, public_key = (world.vault.objects[key] for key in (keys.signature, keys.public_key))
    assert is_signed_by(public_key, sha256(plan.manifest), signature)


def test_seal_signs_the_entry_that_says_so() -> None:
    """Its hash stands for the whole trail, the entry of the finalization included."""
    world, plan = finalized()

    seal(world)

    *_, last = world.trail.entries(SESSION_ID)
    keys = seal_keys(SESSION_ID, plan.decision)
    assert is_signed_by(
        world.signer.public_key(), last.sha256, world.vault.objects[keys.trail_signature]
    )


def test_seal_keeps_sheet_and_seal_for_the_years_of_the_course() -> None:
    """Nobody deletes the version the records rest on before then."""
    world, plan = finalized(retention_years=30)

    seal(world)

    until = NOW.replace(year=NOW.year + 30)
    sheet = a_sheet()
    assert world.vault.kept == {ObjectVersion(sheet.key, sheet.version_id): until}
    assert set(world.vault.until.values()) == {until}
    assert plan.decision.course.retention_years == 30


def test_seal_notes_the_signature_in_the_trail() -> None:
    """After the entry of the finalization, with the hash that was signed."""
    world, plan = finalized()

    seal(world)

    finalizing, signing = world.trail.entries(SESSION_ID)
    assert (finalizing.action, signing.action) == (Action.FINALIZED, Action.SIGNED)
    assert signing.previous == finalizing.sha256
    assert plan.decision.manifest_sha256 in signing.content


def test_seal_again_changes_nothing() -> None:
    """The event comes at least once; what is there stays, and is noted once."""
    world, _ = finalized()
    seal(world)
    objects = dict(world.vault.objects)

    assert not seal(world, "event-2")
    assert world.vault.objects == objects
    assert noted(world) == [Action.FINALIZED, Action.SIGNED]


def test_seal_that_died_before_its_note_is_noted_by_the_next() -> None:
    """Nothing is lost between the bucket and the trail."""
    world, _ = finalized()
    world.trail.before_append = at(1, crash)
    with pytest.raises(Crash):
        seal(world)

    seal(world, "event-2")

    assert noted(world) == [Action.FINALIZED, Action.SIGNED]


@pytest.mark.parametrize("status", [SessionStatus.IN_PROGRESS, SessionStatus.FINALIZING])
def test_seal_waits_until_the_records_count(status: SessionStatus) -> None:
    """The event came too early: it fails, and comes again."""
    world, plan = finalized()
    decision = plan.decision if status is SessionStatus.FINALIZING else None
    early = replace(plan.completed, status=status, finalization=decision)
    world.sessions.put(Snapshot(early, attendees(2)))

    with pytest.raises(SessionNotCompleted):
        seal(world)
    assert world.signer.signed == []


def test_seal_never_signs_what_was_changed_since_the_decision() -> None:
    """A mark changed behind the API is not vouched for."""
    world, plan = finalized()
    people = (replace(attendees(2)[0], has_passed=False), attendees(2)[1])
    forged = replace(plan.completed, attendance_sum=sum(person.fingerprint for person in people))
    world.sessions.put(Snapshot(forged, people))

    with pytest.raises(ManifestDiffers):
        seal(world)
    assert (world.signer.signed, world.vault.objects) == ([], {})


def test_seal_of_a_sealed_session_completed_later_follows_its_trail() -> None:
    """A large session is completed by a change without an entry; numbers go on from the last."""
    snapshot = a_snapshot(*attendees(2))
    world = World(snapshot)
    plan = a_plan(snapshot, request=a_request(at=NOW + timedelta(minutes=1)))
    world.finalizations.seal(plan)
    world.finalizations.complete(plan.after_seal())

    seal(world)

    assert [entry.sequence for entry in world.trail.entries(SESSION_ID)] == [8, 9]
