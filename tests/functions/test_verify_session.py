"""Verifying: what is intact is said to be, and what is not is named exactly."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.verify_session.use_case import verify_session
from shared.domain.audit import Action, AuditEntry
from shared.domain.canonical import canonical, sha256
from shared.domain.errors import NotFound, SessionNotFinalized
from shared.domain.evidence import ObjectVersion
from shared.domain.records import RecordStatus, Result
from shared.domain.session import SessionStatus, Snapshot
from shared.domain.verification import Subject
from tests.builders import (
    PDF_BYTES,
    SESSION_ID,
    a_change,
    a_course,
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
from tests.functions.sealed import PEOPLE, Sealed
from tests.vault import FakeSigner


@pytest.mark.parametrize("course", [{}, {"requires_verify": True}, {"validity_months": None}])
def test_verify_finds_what_was_left_alone_intact(course: dict[str, Any]) -> None:
    """From the sheet to every record, and the trail of it all."""
    assert Sealed(**course).faults() == {}


def test_verify_accepts_a_competency_that_was_signed_off() -> None:
    """The one thing of a record that may change."""
    sealed = Sealed(requires_verify=True)
    sealed.world.records.add(replace(sealed.record(1), status=RecordStatus.VERIFIED))

    assert sealed.faults() == {}


def test_verify_accepts_a_sheet_that_came_late() -> None:
    """A note after the lock belongs to the trail like any other."""
    sealed = Sealed()
    sealed.note_late()

    assert sealed.faults() == {}


class TestRecords:
    """Edited, deleted, added, exchanged."""

    def test_edited_record_is_named_with_the_value(self) -> None:
        """Which record, which field, from what to what."""
        sealed = Sealed()
        sealed.world.records.add(replace(sealed.record(2), result=Result.PASSED))

        (fault,) = sealed.faults()[Subject.RECORDS]

        assert fault == (
            f"record {sealed.record(2).record_id} of {a_cuid(2)}: "
            'result: written "FAILED", now "PASSED"'
        )

    def test_deleted_record_is_named(self) -> None:
        """It is missing, and whose it was."""
        sealed = Sealed()
        sealed.world.records.forget(a_cuid(1))

        assert sealed.faults() == {
            Subject.RECORDS: (f"record {sealed.record(1).record_id} of {a_cuid(1)} is missing",)
        }

    def test_added_record_is_named(self) -> None:
        """Somebody on the roster who was absent has a record all the same."""
        sealed = Sealed()
        forged = a_record(3, manifest_sha256=sealed.plan.decision.manifest_sha256)
        sealed.world.records.add(forged)

        assert sealed.faults() == {
            Subject.RECORDS: (f"record {forged.record_id} of {a_cuid(3)} was added",)
        }

    def test_status_of_a_training_record_is_final(self) -> None:
        """Only competencies are signed off later."""
        sealed = Sealed()
        sealed.world.records.add(replace(sealed.record(2), status=RecordStatus.PASSED))

        assert "status" in sealed.faults()[Subject.RECORDS][0]


class TestSheet:
    """Gone, changed, hidden, overlaid."""

    def test_version_that_is_gone_is_named(self) -> None:
        """Nothing but the exact version will do."""
        sealed = Sealed()
        sealed.world.evidence.lose(sealed.version)

        faults = sealed.faults()[Subject.SHEET]

        assert f"version {sealed.version.version_id}, is gone" in faults[0]

    def test_other_bytes_are_named(self) -> None:
        """The hash is computed again, not looked up."""
        sealed = Sealed()
        sealed.world.evidence.corrupt(sealed.version, PDF_BYTES + b" ")

        (fault,) = sealed.faults()[Subject.SHEET]

        assert fault == f"its SHA-256 is {sha256(PDF_BYTES + b' ')}, not {sha256(PDF_BYTES)}"

    def test_version_put_over_it_is_named(self) -> None:
        """The pinned version is intact, but whoever opens the key sees another."""
        sealed = Sealed()
        over = sealed.world.evidence.add(an_upload(), b"%PDF-forged")

        assert sealed.faults() == {Subject.SHEET: (f"version {over.version_id} was put over it",)}

    def test_delete_marker_over_it_is_named(self) -> None:
        """The pinned version is intact, but whoever opens the key sees nothing."""
        sealed = Sealed()
        sealed.world.evidence.hide(sealed.version.key)

        assert sealed.faults() == {Subject.SHEET: (f"a delete marker hides {sealed.version.key}",)}

    def test_sheet_of_another_session_is_named(self) -> None:
        """A session that points to another sheet no longer gives its manifest."""
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
    "somebody removed": (
        lambda sealed: sealed.store(*PEOPLE[:2], roster_count=2),
        f'attendees[{a_cuid(3)}].name: signed "Person 3", now nothing',
    ),
    "somebody added": (
        lambda sealed: sealed.store(*PEOPLE, an_absentee(4), roster_count=4),
        f'attendees[{a_cuid(4)}].name: signed nothing, now "Person 4"',
    ),
    "the title": (
        lambda sealed: sealed.store(details=some_details(title="Forklift")),
        'session.title: signed "Working at height, hall 3", now "Forklift"',
    ),
    "the validity": (
        lambda sealed: sealed.store(
            finalization=replace(sealed.plan.decision, course=a_course(validity_months=120))
        ),
        "course.validityMonths: signed 12, now 120",
    ),
}


@pytest.mark.parametrize(("forge", "fault"), SESSIONS.values(), ids=SESSIONS.keys())
def test_verify_names_what_was_changed_of_the_session(
    forge: Callable[[Sealed], None], fault: str
) -> None:
    """Against the signed manifest, value by value."""
    sealed = Sealed()

    forge(sealed)

    assert fault in sealed.faults()[Subject.SESSION]


def test_verify_names_a_roster_whose_sums_do_not_agree() -> None:
    """A row edited without the session: a finding, not a reason to give up."""
    sealed = Sealed()

    sealed.store(an_attendee(1), attendance_sum=1)

    assert "its counts do not agree" in sealed.faults()[Subject.SESSION][0]


class TestSeal:
    """Manifest, signature and key."""

    @pytest.mark.parametrize(
        ("part", "subjects"),
        [
            ("manifest", {Subject.MANIFEST, Subject.SIGNATURE}),
            ("signature", {Subject.SIGNATURE}),
            ("trail_signature", {Subject.AUDIT_TRAIL}),
        ],
    )
    def test_missing_part_is_named(self, part: str, subjects: set[Subject]) -> None:
        """What was never stored vouches for nothing."""
        sealed = Sealed()
        del sealed.world.vault.objects[getattr(sealed.keys, part)]

        assert sealed.faults().keys() == subjects

    def test_other_manifest_is_named(self) -> None:
        """One result changed, canonically: neither hash nor signature fit, nor do the marks."""
        sealed = Sealed()
        manifest = json.loads(sealed.plan.manifest)
        manifest["records"][1]["result"] = "PASSED"
        sealed.world.vault.objects[sealed.keys.manifest] = canonical(manifest)

        faults = sealed.faults()

        assert faults.keys() == {Subject.MANIFEST, Subject.SIGNATURE, Subject.SESSION}
        assert faults[Subject.SESSION] == (
            f'records[{a_cuid(2)}].result: signed "PASSED", now "FAILED"',
        )

    def test_manifest_that_is_no_document_is_named(self) -> None:
        """Nor does it bring the verification down."""
        sealed = Sealed()
        sealed.world.vault.objects[sealed.keys.manifest] = b"\xff{"

        assert sealed.faults().keys() == {Subject.MANIFEST, Subject.SIGNATURE, Subject.SESSION}

    def test_signature_of_a_stranger_is_named(self) -> None:
        """Signed, but not with our key; and a key laid beside it does not make it ours."""
        sealed = Sealed()

        faults = sealed.faults(signatures=FakeSigner())

        assert len(faults[Subject.SIGNATURE]) == 2

    def test_everything_forged_at_once_fails_at_the_signature(self) -> None:
        """Whoever may write every table and every object still cannot sign."""
        sealed = Sealed()
        forged = a_plan(
            a_snapshot(
                an_attendee(1), version=0, audit_head="0" * 64, sheet=sealed.plan.before.sheet
            )
        )
        sealed.world.sessions.put(Snapshot(forged.completed, (an_attendee(1),)))
        sealed.world.records.forget(a_cuid(2))
        sealed.world.records.add(*forged.records)
        sealed.world.trail.add(forged.commit_step.entry)
        sealed.world.vault.objects[sealed.keys.manifest] = forged.manifest

        assert Subject.SIGNATURE in sealed.faults()


def edited(entry: AuditEntry, **fields: object) -> AuditEntry:
    """Return the entry as a forger writes it, with its own right hash."""
    content = canonical({**json.loads(entry.content), **fields})  # type: ignore[dict-item]
    return replace(entry, content=content.decode(), sha256=sha256(content))


class TestTrail:
    """Changed, removed, replaced."""

    def test_changed_entry_is_named(self) -> None:
        """Its hash no longer fits."""
        sealed = Sealed()
        first = sealed.entries()[0]
        sealed.world.trail.add(replace(first, content=first.content.replace("request-1", "req-X")))

        assert "entry 1 was changed" in sealed.faults()[Subject.AUDIT_TRAIL]

    def test_entry_with_a_hash_of_its_own_is_named(self) -> None:
        """The one behind it follows the true one, and the session knows its head."""
        sealed = Sealed()
        sealed.world.trail.add(edited(sealed.entries()[1], requestId="forged"))

        assert sealed.faults()[Subject.AUDIT_TRAIL] == (
            "entry 3 does not follow the one before it",
            "entry 2 is not the one the session was finalized by",
        )

    def test_last_entry_with_a_hash_of_its_own_is_named(self) -> None:
        """Nothing follows it, but it is signed."""
        sealed = Sealed()
        sealed.world.trail.add(edited(sealed.entries()[2], requestId="forged"))

        assert sealed.faults() == {
            Subject.AUDIT_TRAIL: (
                "its signature is missing or not ours, or entries before it were changed",
            )
        }

    def test_removed_last_entry_is_named(self) -> None:
        """The seal is there, but the trail does not say so."""
        sealed = Sealed()
        sealed.world.trail.remove(SESSION_ID, 3)

        assert sealed.faults() == {Subject.AUDIT_TRAIL: ("the entry of the signature is missing",)}

    def test_removed_middle_entry_is_named(self) -> None:
        """How many are missing, and where."""
        sealed = Sealed()
        sealed.world.trail.remove(SESSION_ID, 2)

        assert sealed.faults()[Subject.AUDIT_TRAIL] == (
            "before entry 3, 1 are missing",
            "the entry of the finalization is missing",
        )

    def test_entry_that_is_no_document_is_named(self) -> None:
        """Nor does it bring the verification down."""
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
        verify_session("nowhere", a_change(), sealed.verifying)


def test_verification_is_noted_with_its_result() -> None:
    """Who verified, by which request, and that everything was intact; the trail holds with it."""
    sealed = Sealed()

    verify_session(SESSION_ID, a_change("req-9"), sealed.verifying)

    noted = json.loads(sealed.entries()[-1].content)
    assert (noted["action"], noted["requestId"]) == ("VERIFIED", "req-9")
    assert noted["changes"] == [{"subject": "", "field": "intact", "old": None, "new": True}]
    assert sealed.faults() == {}


def test_verification_that_failed_is_noted_with_what_was_broken() -> None:
    """Nobody can say later that it had not been seen."""
    sealed = Sealed()
    sealed.world.records.forget(a_cuid(1))

    verify_session(SESSION_ID, a_change(), sealed.verifying)

    changes = json.loads(sealed.entries()[-1].content)["changes"]
    assert {(cell["field"], cell["new"]) for cell in changes} == {
        ("intact", False),
        ("notIntact", "RECORDS"),
    }


def test_verification_before_the_signature_is_not_noted() -> None:
    """Whoever waits for the signature asks often, and there is nothing to note yet."""
    sealed = Sealed()
    (signing,) = (entry for entry in sealed.entries() if entry.action is Action.SIGNED)
    sealed.world.trail.remove(SESSION_ID, signing.sequence)
    before = sealed.entries()

    verified = verify_session(SESSION_ID, a_change(), sealed.verifying)

    assert not verified.is_intact
    assert sealed.entries() == before


def test_verify_reads_exactly_the_pinned_version() -> None:
    """Once, whatever lies over it."""
    sealed = Sealed()
    sealed.world.evidence.add(an_upload(), b"over it")

    sealed.faults()

    assert sealed.world.evidence.opened == [ObjectVersion(sealed.version.key, "version-1")]
