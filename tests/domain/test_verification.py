"""Verification names what is not intact, part by part, from what was read."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.canonical import sha256
from shared.domain.evidence import Content
from shared.domain.manifest import WRITERS, manifest_of, writer_of
from shared.domain.records import RecordStatus, Result
from shared.domain.session import DecidedSession, Snapshot
from shared.domain.verification import (
    Check,
    SealFound,
    Subject,
    check_manifest,
    check_records,
    check_session,
    check_sheet,
    check_signature,
)
from testing.builders import a_course, a_plan, a_record, a_sheet, a_snapshot, an_attendee

SNAPSHOT = a_snapshot(an_attendee(1, name="Zoë"), an_attendee(2, has_passed=False))
PLAN = a_plan(SNAPSHOT)
SHEET = a_sheet()
SAYS = writer_of(PLAN.decision).record
SAID_FIRST = WRITERS[1].record
CONTENT = Content(SHEET.size_bytes, SHEET.sha256)


def a_seal(**fields: Any) -> SealFound:  # noqa: ANN401 - as `replace`
    """Return an intact seal as it is found in the vault, but for these *fields*."""
    return replace(SealFound(PLAN.manifest, True, True, True, True), **fields)


def faults_of(snapshot: Snapshot, seal: SealFound) -> tuple[str, ...]:
    """Return what is not intact of a session that now reads as *snapshot*."""
    now = manifest_of(
        DecidedSession(snapshot.session, SHEET, PLAN.decision), snapshot.attendees, PLAN.records
    )
    return check_session(snapshot, seal, now).faults


def test_sheet_is_intact_with_the_bytes_that_were_hashed() -> None:
    """The stored version exists, is the newest, and has the hash that the records quote."""
    assert check_sheet(SHEET, CONTENT, SHEET.version_id, None).is_intact


@pytest.mark.parametrize("found", [{"size_bytes": 1}, {"sha256": "ff" * 32}])
def test_sheet_of_another_size_or_hash_is_not_intact(found: dict[str, Any]) -> None:
    """Size and hash were noted when it was accepted, and both have to agree."""
    assert not check_sheet(SHEET, replace(CONTENT, **found), SHEET.version_id, None).is_intact


def test_sheet_that_is_gone_and_hidden_is_named_twice() -> None:
    """One finding does not hide the other."""
    assert check_sheet(SHEET, None, None, None).faults == (
        f"{SHEET.key}, version {SHEET.version_id}, is gone",
        f"a delete marker hides {SHEET.key}",
    )


def test_manifest_is_intact_with_the_hash_the_session_carries() -> None:
    """The stored bytes have the hash that the session and every record name."""
    assert check_manifest(PLAN.decision, a_seal()) == Check(Subject.MANIFEST, ())


@pytest.mark.parametrize(
    ("stored", "fault"),
    [
        (None, "it is not stored"),
        (b"{}", f"its SHA-256 is {sha256(b'{}')}, the session says {sha256(PLAN.manifest)}"),
    ],
)
def test_manifest_that_is_missing_or_another_is_named(stored: bytes | None, fault: str) -> None:
    """Both hashes are named, so that they can be computed again."""
    check = check_manifest(PLAN.decision, a_seal(manifest=stored))

    assert check == Check(Subject.MANIFEST, (fault,))


MISSING = "it is not stored"
WRONG = "it is not ours, or not of the stored manifest"
STRANGE = "the public key beside it is not ours"


@pytest.mark.parametrize(
    ("is_signed", "is_our_key", "faults"),
    [
        (True, True, ()),
        (True, None, ()),
        (True, False, (STRANGE,)),
        (False, True, (WRONG,)),
        (None, True, (MISSING,)),
        (None, False, (MISSING, STRANGE)),
    ],
)
def test_signature_is_judged_by_our_key_alone(
    *, is_signed: bool | None, is_our_key: bool | None, faults: tuple[str, ...]
) -> None:
    """The stored public key may be missing, but if it is there, it has to be ours."""
    check = check_signature(PLAN.decision, a_seal(is_signed=is_signed, is_our_key=is_our_key))

    assert check == Check(Subject.SIGNATURE, faults)


NO_SUMMARY = "the summary, or its signature, is not stored"
STRANGE_SUMMARY = "the summary is not signed by us, or not of the stored manifest"


@pytest.mark.parametrize(
    ("version", "is_signed", "faults"),
    [
        (1, True, ()),
        (1, None, ()),
        (1, False, (STRANGE_SUMMARY,)),
        (2, True, ()),
        (2, None, (NO_SUMMARY,)),
        (2, False, (STRANGE_SUMMARY,)),
    ],
)
def test_summary_is_signed_except_by_the_first_release(
    *, version: int, is_signed: bool | None, faults: tuple[str, ...]
) -> None:
    """What a court reads is covered like what it was made from."""
    decision = replace(PLAN.decision, manifest_version=version)

    check = check_signature(decision, a_seal(is_summary_signed=is_signed))

    assert check == Check(Subject.SIGNATURE, faults)


def test_session_without_a_stored_manifest_is_only_counted() -> None:
    """A missing manifest is a finding of its own; there is nothing to compare with."""
    torn = Snapshot(SNAPSHOT.session, SNAPSHOT.attendees[1:])

    assert faults_of(SNAPSHOT, a_seal(manifest=None)) == ()
    assert len(faults_of(torn, a_seal(manifest=None))) == 1


def test_session_names_a_difference_in_the_letters_people_use() -> None:
    """A name is shown in its letters, not in JSON escapes."""
    renamed = a_snapshot(an_attendee(1, name="Zoé"), *SNAPSHOT.attendees[1:])

    faults = faults_of(renamed, a_seal())

    assert any(fault.endswith('.name: signed "Zoë", now "Zoé"') for fault in faults)


@pytest.mark.parametrize("manifest", ["[]", '"signed"'])
def test_session_is_compared_with_any_manifest(manifest: str) -> None:
    """Any other document in its place is shown, and does not stop the verification."""
    faults = faults_of(SNAPSHOT, a_seal(manifest=manifest.encode()))

    assert f"manifest: signed {manifest}, now nothing" in faults


def test_records_name_what_is_missing_then_added_then_changed() -> None:
    """All findings are there, each naming its record."""
    lost, changed = PLAN.records
    added = a_record(9)
    change = 'result: written "FAILED", now "PASSED"'

    check = check_records(PLAN.records, [added, replace(changed, result=Result.PASSED)], SAYS)

    assert check.faults == (
        f"record {lost.record_id} of {lost.personnel_id} is missing",
        f"record {added.record_id} of {added.personnel_id} was added",
        f"record {changed.record_id} of {changed.personnel_id}: {change}",
    )


def test_record_is_compared_under_names_that_never_change() -> None:
    """A finding about a record of the first release reads as it did then."""
    said = SAID_FIRST(a_record(remarks="knots", time_zone=None))

    assert isinstance(said, dict)
    assert set(said) == {
        *("recordId", "kind", "personnelId", "personName", "jobTitle", "sessionId", "courseId"),
        *("courseTitle", "courseVersion", "validityMonths", "result", "status", "sessionDate"),
        *("expiryDate", "evidenceFileKey", "evidenceFileVersionId", "evidenceFileHash"),
        *("remarks", "trainer", "finalizationId", "finalizedAt", "finalizedBy", "manifestSha256"),
    }


@pytest.mark.parametrize("has_passed", [True, False])
def test_a_competency_verified_by_hand_is_a_fault(*, has_passed: bool) -> None:
    """Nobody can sign off through the product, so no other status than the written one is true."""
    snapshot = a_snapshot(an_attendee(1, has_passed=has_passed))
    (planned,) = a_plan(snapshot, a_course(requires_verify=True)).records
    edited = replace(planned, status=RecordStatus.VERIFIED)

    (fault,) = check_records([planned], [edited], SAYS).faults

    assert fault.endswith(f'status: written "{planned.status}", now "VERIFIED"')
