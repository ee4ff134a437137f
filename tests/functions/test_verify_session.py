"""Verifying: what is intact is said to be, and what is not intact is named exactly."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.verify_session.use_case import verify_session
from shared.application.verify import verify
from shared.domain.audit import Action, AuditEntry
from shared.domain.canonical import canonical, sha256
from shared.domain.errors import NotFound, SealPending, SessionNotFinalized
from shared.domain.evidence import ObjectVersion
from shared.domain.manifest import WRITERS
from shared.domain.named_sheets import MOST
from shared.domain.records import RecordStatus, Result
from shared.domain.seal import PATIENCE
from shared.domain.seal_folder import SealPart
from shared.domain.session import SessionStatus, Snapshot
from shared.domain.tampering import Change, Table, Tampering
from shared.domain.validity import Validity
from shared.domain.verification import Subject
from shared.storage.vault import register_key, seal_root
from testing.builders import (
    NOW,
    PDF_BYTES,
    SESSION_ID,
    a_change,
    a_command,
    a_course,
    a_course_change,
    a_cuid,
    a_plan,
    a_record,
    a_sheet,
    a_snapshot,
    an_absentee,
    an_attendee,
    an_upload,
    some_details,
)
from testing.vault import FakeSigner, a_summary
from tests.functions.sealed import PEOPLE, Sealed


@pytest.mark.parametrize("course", [{}, {"requires_verify": True}, {"validity": None}])
def test_verify_finds_what_was_left_alone_intact(course: dict[str, Any]) -> None:
    """Everything is intact, from the sheet to each record and the trail."""
    assert Sealed(**course).faults() == {}


def test_verify_says_of_every_part_whether_it_is_intact() -> None:
    """The answer names session and decision; a part that it does not name was not checked."""
    sealed = Sealed()

    verified = verify_session(SESSION_ID, a_change(), sealed.world)

    assert (verified.session_id, verified.decision) == (SESSION_ID, sealed.plan.decision)
    assert [check.subject for check in verified.checks] == list(Subject)


def test_verify_names_a_late_sheet_that_is_gone() -> None:
    """It does not count, but the trail tells of it, and nobody may make it vanish."""
    sealed = Sealed()
    sealed.note_late()
    (late,) = sealed.world.evidence.versions(an_upload(5).key)
    sealed.world.evidence.lose(late)

    assert sealed.faults() == {
        Subject.SHEET: (f"{late.key}, version {late.version_id}, of which entry 4 tells, is gone",)
    }


def test_verify_looks_for_as_many_sheets_as_there_is_time_for() -> None:
    """The latest ones; that there are more is said."""
    sealed = Sealed()
    for _ in range(MOST + 3):
        sealed.note_late()

    verified = verify(SESSION_ID, NOW, sealed.world)

    (check,) = [one for one in verified.checks if one.subject is Subject.SHEET]
    assert check.notes == ("the 3 oldest of its other sheets were not looked for",)


def test_verify_accepts_a_sheet_that_came_late() -> None:
    """A note after the lock is a part of the trail like any other."""
    sealed = Sealed()
    sealed.note_late()

    assert sealed.faults() == {}


class TestRecords:
    """Records that were edited, deleted, added or exchanged."""

    def test_competency_verified_by_hand_is_named(self) -> None:
        """There is no way to sign off yet: who reads VERIFIED was made so behind the API."""
        sealed = Sealed(requires_verify=True)
        record = sealed.record(1)
        sealed.world.records.add(replace(record, status=RecordStatus.VERIFIED))

        (fault,) = sealed.faults()[Subject.RECORDS]

        assert record.record_id in fault
        assert fault.endswith('status: written "PENDING_VERIFICATION", now "VERIFIED"')

    def test_edited_record_is_named_with_the_value(self) -> None:
        """The fault names record, field, old and new value."""
        sealed = Sealed()
        sealed.world.records.add(replace(sealed.record(2), result=Result.PASSED))

        (fault,) = sealed.faults()[Subject.RECORDS]

        assert fault == (
            f"record {sealed.record(2).record_id} of {a_cuid(2)}: "
            'result: written "FAILED", now "PASSED"'
        )

    def test_deleted_record_is_named(self) -> None:
        """The fault names the record and its person."""
        sealed = Sealed()
        sealed.world.records.forget(a_cuid(1))

        assert sealed.faults() == {
            Subject.RECORDS: (f"record {sealed.record(1).record_id} of {a_cuid(1)} is missing",)
        }

    def test_added_record_is_named(self) -> None:
        """A person on the roster who was absent has a record all the same."""
        sealed = Sealed()
        forged = a_record(3, manifest_sha256=sealed.plan.decision.manifest_sha256)
        sealed.world.records.add(forged)

        assert sealed.faults() == {
            Subject.RECORDS: (f"record {forged.record_id} of {a_cuid(3)} was added",)
        }

    def test_status_of_a_training_record_is_final(self) -> None:
        """Only a competency is verified later."""
        sealed = Sealed()
        sealed.world.records.add(replace(sealed.record(2), status=RecordStatus.PASSED))

        assert "status" in sealed.faults()[Subject.RECORDS][0]


class TestSheet:
    """Sheets that are gone, changed, hidden or replaced."""

    def test_version_that_is_gone_is_named(self) -> None:
        """No other version is accepted."""
        sealed = Sealed()
        sealed.world.evidence.lose(sealed.version)

        faults = sealed.faults()[Subject.SHEET]

        assert f"version {sealed.version.version_id}, is gone" in faults[0]

    def test_other_bytes_are_named(self) -> None:
        """The hash is computed again, not read from where it was stored."""
        sealed = Sealed()
        sealed.world.evidence.corrupt(sealed.version, PDF_BYTES + b" ")

        (fault,) = sealed.faults()[Subject.SHEET]

        assert fault == f"its SHA-256 is {sha256(PDF_BYTES + b' ')}, not {sha256(PDF_BYTES)}"

    def test_version_put_over_it_is_named(self) -> None:
        """The stored version is intact, but a reader of the key gets another."""
        sealed = Sealed()
        over = sealed.world.evidence.add(an_upload(), b"%PDF-forged")

        assert sealed.faults() == {Subject.SHEET: (f"version {over.version_id} was put over it",)}

    def test_delete_marker_over_it_is_named(self) -> None:
        """The stored version is intact, but a reader of the key finds nothing."""
        sealed = Sealed()
        sealed.world.evidence.hide(sealed.version.key)

        assert sealed.faults() == {Subject.SHEET: (f"a delete marker hides {sealed.version.key}",)}

    def test_tagged_sheet_is_named(self) -> None:
        """What is tagged as rejected is hidden after a while; a sealed sheet never is."""
        sealed = Sealed()
        sealed.world.evidence.tag(sealed.version, "rejected")

        (fault,) = sealed.faults()[Subject.SHEET]

        assert fault == "it was tagged as rejected, which an accepted sheet never is"

    def test_sheet_of_another_session_is_named(self) -> None:
        """A session that points to another sheet gives another manifest."""
        sealed = Sealed()
        other = sealed.world.evidence.add(an_upload(7), b"%PDF-other")
        sheet = a_sheet(7, version_id=other.version_id, sha256=sha256(b"%PDF-other"), size_bytes=10)

        sealed.store(sheet=sheet)

        faults = sealed.faults()
        assert Subject.SHEET not in faults
        assert any(fault.startswith("evidence.sha256: signed") for fault in faults[Subject.SESSION])


SESSIONS: dict[str, tuple[Callable[[Sealed], None], str]] = {
    "a mark": (
        lambda sealed: sealed.store(PEOPLE[0], replace(PEOPLE[1], has_passed=True), PEOPLE[2]),
        f"attendees[{a_cuid(2)}].hasPassed: signed false, now true",
    ),
    "a person removed": (
        lambda sealed: sealed.store(*PEOPLE[:2], roster_count=2),
        f'attendees[{a_cuid(3)}].name: signed "Person 3", now nothing',
    ),
    "a person added": (
        lambda sealed: sealed.store(*PEOPLE, an_absentee(4), roster_count=4),
        f'attendees[{a_cuid(4)}].name: signed nothing, now "Person 4"',
    ),
    "the title": (
        lambda sealed: sealed.store(details=some_details(title="Forklift")),
        'session.title: signed "Working at height, hall 3", now "Forklift"',
    ),
    "the validity": (
        lambda sealed: sealed.store(
            finalization=replace(sealed.plan.decision, course=a_course(validity=Validity(120)))
        ),
        "course.validityMonths: signed 12, now 120",
    ),
}


@pytest.mark.parametrize(("forge", "fault"), SESSIONS.values(), ids=SESSIONS.keys())
def test_verify_names_what_was_changed_of_the_session(
    forge: Callable[[Sealed], None], fault: str
) -> None:
    """Session and signed manifest are compared value by value."""
    sealed = Sealed()

    forge(sealed)

    assert fault in sealed.faults()[Subject.SESSION]


def test_verify_names_a_version_it_does_not_know() -> None:
    """Session and records cannot be checked; the rest is checked all the same."""
    sealed = Sealed()

    later = max(WRITERS) + 1
    sealed.store(finalization=replace(sealed.plan.decision, manifest_version=later))

    unknown = (f"this release knows no manifest version {later}",)
    assert sealed.faults() == {Subject.SESSION: unknown, Subject.RECORDS: unknown}


def test_verify_names_a_roster_whose_sums_do_not_agree() -> None:
    """A row edited without its session is a finding, and does not stop the verification."""
    sealed = Sealed()

    sealed.store(an_attendee(1), attendance_sum=1)

    assert "its counts do not agree" in sealed.faults()[Subject.SESSION][0]


def test_verify_looks_again_while_rows_are_still_appearing() -> None:
    """A torn read of a moment is no finding."""
    sealed = Sealed()
    whole = sealed.world.sessions.stored(SESSION_ID)
    sealed.world.sessions.torn = [Snapshot(whole.session, whole.attendees[1:])] * 3

    assert sealed.faults() == {}


def test_verify_waits_longer_before_each_further_look() -> None:
    """After three more reads, a torn snapshot is a finding."""
    sealed = Sealed()
    sealed.store(an_attendee(1), attendance_sum=1)
    pauses: list[int] = []
    sealed.world.pause = pauses.append

    verify_session(SESSION_ID, a_change(), sealed.world)

    assert pauses == [0, 1, 2]


OTHER_MANIFEST = {
    Subject.MANIFEST,
    Subject.SIGNATURE,
    Subject.SESSION,
    Subject.RECORDS,
    Subject.AUDIT_TRAIL,
    Subject.SEAL,
}


def test_rules_that_were_bent_for_the_decision_are_named() -> None:
    """The course was put back afterwards, and its trail never told of the other rules."""
    sealed = Sealed()
    sealed.world.courses.save(a_course_change(a_course(revision=0)))

    (fault,) = sealed.faults()[Subject.AUDIT_TRAIL]

    assert fault.startswith("the course's trail has no entry of revision 4")


class TestSeal:
    """Manifest, signature and key."""

    @pytest.mark.parametrize(
        ("part", "subjects"),
        [
            (SealPart.MANIFEST, {Subject.MANIFEST, Subject.SIGNATURE}),
            (SealPart.SIGNATURE, {Subject.SIGNATURE}),
            (SealPart.TRAIL_SIGNATURE, {Subject.AUDIT_TRAIL}),
            (SealPart.PUBLIC_KEY, set()),
            (SealPart.SUMMARY, {Subject.SIGNATURE}),
            (SealPart.SUMMARY_SIGNATURE, {Subject.SIGNATURE}),
        ],
    )
    def test_missing_part_is_named(self, part: SealPart, subjects: set[Subject]) -> None:
        """A part that is missing proves nothing; the public key is stored for others only."""
        sealed = Sealed()
        del sealed.world.vault.objects[sealed.key(part)]

        assert sealed.faults(now=NOW + PATIENCE).keys() == subjects

    def test_summary_of_another_session_is_named(self) -> None:
        """It is genuine and signed by the same key, but drawn from another manifest."""
        sealed = Sealed()
        summary = a_summary(b"another manifest")
        objects = sealed.world.vault.objects
        objects[sealed.key(SealPart.SUMMARY)] = summary
        signature = sealed.world.signer.sign(sha256(summary))
        objects[sealed.key(SealPart.SUMMARY_SIGNATURE)] = signature

        assert sealed.faults().keys() == {Subject.SIGNATURE}

    def test_other_manifest_is_named(self) -> None:
        """With one result changed, no hash and no signature fits, and the marks differ."""
        sealed = Sealed()
        manifest = json.loads(sealed.plan.manifest)
        manifest["records"][1]["result"] = "PASSED"
        sealed.world.vault.objects[sealed.key(SealPart.MANIFEST)] = canonical(manifest)

        faults = sealed.faults()

        assert faults.keys() == OTHER_MANIFEST
        assert faults[Subject.SESSION] == (
            f'records[{a_cuid(2)}].result: signed "PASSED", now "FAILED"',
        )

    def test_manifest_that_is_no_document_is_named(self) -> None:
        """It does not stop the verification."""
        sealed = Sealed()
        sealed.world.vault.objects[sealed.key(SealPart.MANIFEST)] = b"\xff{"

        assert sealed.faults().keys() == OTHER_MANIFEST

    def test_rewritten_session_is_held_against_its_one_seal(self) -> None:
        """Session, rows, records and trail agree with each other, but with another decision."""
        sealed = Sealed()
        people = (an_attendee(1), an_attendee(2), *PEOPLE[2:])
        before = replace(sealed.plan.before, attendance_sum=sum(one.fingerprint for one in people))
        forged = a_plan(Snapshot(before, people), command=a_command(finalization_id="forged"))
        sealed.world.sessions.put(Snapshot(forged.completed, people))
        sealed.world.records.add(*forged.records)
        sealed.world.trail.remove(SESSION_ID, 3)
        sealed.world.trail.add(forged.commit_transition.entry)

        assert sealed.faults().keys() == {
            Subject.MANIFEST,
            Subject.SESSION,
            Subject.RECORDS,
            Subject.AUDIT_TRAIL,
            Subject.WITNESS,
            Subject.TIME_STAMP,
        }

    def test_whatever_lies_over_the_seal_is_named(self) -> None:
        """The seal is read as it was stored first, and so everything else is intact."""
        sealed = Sealed()
        sealed.world.vault.overwrite(sealed.key(SealPart.MANIFEST), b"{}")
        sealed.world.vault.overwrite(sealed.key(SealPart.SIGNATURE), None)

        assert sealed.faults() == {
            Subject.SEAL: (
                f"version 1 was put over {sealed.key(SealPart.MANIFEST)}",
                f"a delete marker was put over {sealed.key(SealPart.SIGNATURE)}",
            )
        }

    def test_seal_that_is_not_registered_is_named(self) -> None:
        """No night would look at it while it is fresh."""
        sealed = Sealed()
        del sealed.world.vault.objects[register_key(SESSION_ID, NOW)]

        assert sealed.faults() == {
            Subject.SEAL: ("the register of seals does not name this manifest under its day",)
        }

    def test_second_seal_is_named(self) -> None:
        """Even one that is signed, for the session it was made for."""
        sealed = Sealed()
        folder = f"{seal_root(SESSION_ID)}fin-2/"
        for part in SealPart:
            sealed.world.vault.put_once(f"{folder}{part}", b"", "", NOW)

        assert sealed.faults() == {Subject.SEAL: (f"a second seal lies in {folder}",)}

    def test_signature_of_a_stranger_is_named(self) -> None:
        """Another key's signature is not ours, even with its public key stored beside it."""
        sealed = Sealed()

        faults = sealed.faults(signatures=FakeSigner())

        assert len(faults[Subject.SIGNATURE]) == 3

    def test_everything_forged_at_once_fails_at_the_signature(self) -> None:
        """An attacker with write access to every table and object still cannot sign."""
        sealed = Sealed()
        forged = a_plan(
            a_snapshot(
                an_attendee(1), version=0, audit_head="0" * 64, sheet=sealed.plan.before.sheet
            )
        )
        sealed.world.sessions.put(Snapshot(forged.completed, (an_attendee(1),)))
        sealed.world.records.forget(a_cuid(2))
        sealed.world.records.add(*forged.records)
        sealed.world.trail.add(forged.commit_transition.entry)
        sealed.world.vault.objects[sealed.key(SealPart.MANIFEST)] = forged.manifest

        assert Subject.SIGNATURE in sealed.faults()


def edited(entry: AuditEntry, **fields: object) -> AuditEntry:
    """Return the entry as a forger writes it, with the right hash of its content."""
    content = canonical({**json.loads(entry.content), **fields})  # type: ignore[dict-item]
    return replace(entry, content=content.decode(), sha256=sha256(content))


class TestTrail:
    """Entries that were changed, removed or replaced."""

    def test_changed_entry_is_named(self) -> None:
        """The hash of its content no longer fits."""
        sealed = Sealed()
        first = sealed.entries()[0]
        sealed.world.trail.add(replace(first, content=first.content.replace("request-1", "req-X")))

        assert "entry 1 was changed" in sealed.faults()[Subject.AUDIT_TRAIL]

    def test_entry_with_a_hash_of_its_own_is_named(self) -> None:
        """The next entry names the true hash, and so does the session."""
        sealed = Sealed()
        sealed.world.trail.add(edited(sealed.entries()[1], requestId="forged"))

        assert sealed.faults()[Subject.AUDIT_TRAIL] == (
            "entry 3 does not follow the one before it",
            "entry 2 is not the one the session was finalized by",
        )

    def test_last_entry_with_a_hash_of_its_own_is_named(self) -> None:
        """No entry follows it, but it is signed."""
        sealed = Sealed()
        sealed.world.trail.add(edited(sealed.entries()[2], requestId="forged"))

        assert sealed.faults() == {
            Subject.AUDIT_TRAIL: (
                "its signature is missing or not ours, or entries before it were changed",
            ),
            Subject.WITNESS: ("entry 3 is not the one that was witnessed",),
        }

    def test_removed_last_entry_is_named(self) -> None:
        """There is a seal, but the trail does not mention it."""
        sealed = Sealed()
        sealed.world.trail.remove(SESSION_ID, 3)

        assert sealed.faults() == {
            Subject.AUDIT_TRAIL: ("the entry of the signature is missing",),
            Subject.WITNESS: ("entry 3 was witnessed, and is gone",),
        }

    def test_removed_middle_entry_is_named(self) -> None:
        """The fault says how many are missing, and where."""
        sealed = Sealed()
        sealed.world.trail.remove(SESSION_ID, 2)

        assert sealed.faults()[Subject.AUDIT_TRAIL] == (
            "before entry 3, 1 are missing",
            "the entry of the finalization is missing",
        )

    def test_trail_that_is_gone_is_named(self) -> None:
        """It does not stop the verification."""
        sealed = Sealed()
        for entry in sealed.entries():
            sealed.world.trail.remove(SESSION_ID, entry.sequence)

        assert sealed.faults()[Subject.AUDIT_TRAIL] == (
            "the entry of the finalization is missing",
            "the entry of the signature is missing",
        )

    def test_entry_that_is_no_document_is_named(self) -> None:
        """It does not stop the verification."""
        sealed = Sealed()
        sealed.world.trail.add(AuditEntry(SESSION_ID, 3, "nonsense", "ab"))

        assert Subject.AUDIT_TRAIL in sealed.faults()


@pytest.mark.parametrize("status", [SessionStatus.IN_PROGRESS, SessionStatus.FINALIZING])
def test_verify_refuses_a_session_that_is_not_finalized(status: SessionStatus) -> None:
    """Nothing about it is final yet."""
    sealed = Sealed()
    sealed.store(status=status)

    with pytest.raises(SessionNotFinalized):
        sealed.faults()


def test_verify_knows_no_unknown_session() -> None:
    """There is nothing to verify."""
    sealed = Sealed()

    with pytest.raises(NotFound):
        verify_session("nowhere", a_change(), sealed.world)


def test_verification_is_noted_with_its_result() -> None:
    """The note says who verified, for which request, and the result; the trail stays intact."""
    sealed = Sealed()

    verify_session(SESSION_ID, a_change("req-9"), sealed.world)

    noted = json.loads(sealed.entries()[-1].content)
    assert (noted["action"], noted["requestId"]) == ("VERIFIED", "req-9")
    assert noted["changes"] == [{"subject": "", "field": "intact", "old": None, "new": True}]
    assert sealed.faults() == {}


def test_verification_that_failed_is_noted_with_what_was_broken() -> None:
    """It is on record that the fault was seen."""
    sealed = Sealed()
    sealed.world.records.forget(a_cuid(1))

    verify_session(SESSION_ID, a_change(), sealed.world)

    changes = json.loads(sealed.entries()[-1].content)["changes"]
    assert {(change["field"], change["new"]) for change in changes} == {
        ("intact", False),
        ("notIntact", "RECORDS"),
    }


@pytest.mark.parametrize("part", SealPart)
def test_verification_waits_for_the_seal(part: SealPart) -> None:
    """What is still on its way is no fault, and no false one stays in the trail for good."""
    sealed = Sealed()
    del sealed.world.vault.objects[sealed.key(part)]
    before = sealed.entries()

    with pytest.raises(SealPending):
        verify_session(SESSION_ID, a_change(), sealed.world)

    assert sealed.entries() == before


def test_verification_does_not_wait_where_something_was_tampered_with() -> None:
    """Who rewrites a session before it is sealed gains no time by that."""
    sealed = Sealed()
    del sealed.world.vault.objects[sealed.key(SealPart.MANIFEST)]
    change = Change(Table.SESSIONS, "ab12", NOW, {"sessionId": SESSION_ID}, None)
    sealed.world.witness.keep_note(Tampering.SESSION_REMOVED, change, NOW)

    assert Subject.WITNESS in sealed.faults()


def test_verification_of_a_session_without_a_signature_is_not_noted() -> None:
    """There is nothing to note: whoever waits for the signature asks often."""
    sealed = Sealed()
    (signing,) = (entry for entry in sealed.entries() if entry.action is Action.SIGNED)
    sealed.world.trail.remove(SESSION_ID, signing.sequence)
    before = sealed.entries()

    verified = verify_session(SESSION_ID, a_change(), sealed.world)

    assert not verified.is_intact
    assert sealed.entries() == before


def test_verify_reads_exactly_the_pinned_version() -> None:
    """It is read once, and no newer version of the key is."""
    sealed = Sealed()
    sealed.world.evidence.add(an_upload(), b"over it")

    sealed.faults()

    assert sealed.world.evidence.opened == [ObjectVersion(sealed.version.key, "version-1")]
