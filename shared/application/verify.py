"""
Verifying one finalized session from everything that is stored of it.

No stored value is trusted: the sheet is hashed again, the manifest computed again, and KMS checks
the signatures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from shared.application.ports.parts import (
    WithAuthority,
    WithCourses,
    WithEvidence,
    WithPause,
    WithRecords,
    WithSessions,
    WithSignatures,
    WithTrail,
    WithVault,
    WithWitness,
)
from shared.application.snapshot import settled_snapshot
from shared.application.stamps import stamped_at
from shared.domain.audit import AuditEntry
from shared.domain.canonical import sha256
from shared.domain.course_trail import CourseEntry
from shared.domain.errors import SealPending
from shared.domain.evidence import ObjectVersion, Sheet
from shared.domain.manifest import UnknownManifestVersion, writer_of
from shared.domain.named_sheets import MOST, named_sheets
from shared.domain.plan import planned_records
from shared.domain.seal import is_being_sealed, is_summary_of
from shared.domain.seal_folder import SealFolder, SealPart
from shared.domain.session import DecidedSession, Finalization, Snapshot
from shared.domain.time_stamp import check_time_stamp
from shared.domain.verification import (
    Check,
    SealFound,
    Subject,
    Verified,
    check_manifest,
    check_records,
    check_seal,
    check_session,
    check_sheet,
    check_signature,
    check_trail,
    signing_entry,
)
from shared.domain.witness import check_witness


class VerificationPorts(
    WithSessions,
    WithRecords,
    WithEvidence,
    WithTrail,
    WithCourses,
    WithVault,
    WithSignatures,
    WithAuthority,
    WithWitness,
    WithPause,
    Protocol,
):
    """What a verification reads; it writes nothing itself."""

    @property
    def time_stamps_since(self) -> date:
        """The first day whose decisions need a time stamp, if there is an authority."""


def verify(session_id: str, now: datetime, ports: VerificationPorts) -> Verified:
    """
    Check everything from the sheet to every record, and say of each part whether it is intact.

    What comes some time after the decision by itself may be missing until *now* is too late for it.

    Raises:
        NotFound: There is no such session.
        SessionNotFinalized: There is nothing to verify yet.
        SealPending: Its seal is still on its way.
    """
    snapshot = settled_snapshot(session_id, ports.sessions, ports.pause)
    decided = snapshot.session.completed()
    sheet, decision = decided.sheet, decided.decision
    # Both before the trail: what is added to it meanwhile must not look removed from it.
    folder = ports.vault.seal_folder(session_id)
    seen = ports.witness.seen(session_id)
    if is_being_sealed(decision, folder, now) and not seen.notes:
        raise SealPending
    entries = list(ports.trail.entries(session_id))
    signing = signing_entry(entries)
    seal = _seal(folder, signing, ports)
    present = [one.personnel_id for one in snapshot.attendees if one.is_present]
    register_key = ports.vault.register_key(session_id, decision.finalized_at)
    checks = (
        _sheets(sheet, entries, ports),
        check_manifest(decision, seal),
        check_signature(decision, seal),
        *_agreement(snapshot, decided, seal, ports),
        check_trail(snapshot.session, decision, entries, _of_course(decision, ports), seal),
        check_seal(folder, seal, ports.vault.read(register_key)),
        check_witness(decision, entries, present, seen, now),
        *_time_stamp(folder.key(SealPart.MANIFEST), decision, now, ports),
    )
    return Verified(session_id, decision, checks, signing, tuple(entries))


def _of_course(decision: Finalization, ports: VerificationPorts) -> list[CourseEntry]:
    return list(ports.courses.entries(decision.course.course_id))


def _agreement(
    snapshot: Snapshot, decided: DecidedSession, seal: SealFound, ports: VerificationPorts
) -> tuple[Check, Check]:
    """Compare session and records with the decision, by the manifest version it was written in."""
    try:
        writer = writer_of(decided.decision)
    except UnknownManifestVersion as unknown:
        return Check(Subject.SESSION, (str(unknown),)), Check(Subject.RECORDS, (str(unknown),))
    planned = planned_records(_as_sealed(decided, seal), snapshot.attendees)
    now = writer.manifest(decided, snapshot.attendees, planned)
    people = [attendee.personnel_id for attendee in snapshot.attendees]
    found = ports.records.stored(snapshot.session, people)
    return check_session(snapshot, seal, now), check_records(planned, found, writer.record)


def _time_stamp(
    manifest: str, decision: Finalization, now: datetime, ports: VerificationPorts
) -> Iterator[Check]:
    """The check of the manifest's time stamp; nothing is claimed without an authority."""
    if ports.authority is not None:
        found = stamped_at(manifest, decision.manifest_sha256, ports.vault, ports.authority)
        yield check_time_stamp(decision, ports.time_stamps_since, found, now)


def _as_sealed(decided: DecidedSession, seal: SealFound) -> DecidedSession:
    """The decision with the hash of the sealed manifest: forged are records that name another."""
    if seal.manifest is None:
        return decided
    decision = replace(decided.decision, manifest_sha256=sha256(seal.manifest))
    return replace(decided, decision=decision)


def _seal(folder: SealFolder, signing: AuditEntry | None, ports: VerificationPorts) -> SealFound:
    manifest = _part(SealPart.MANIFEST, folder, ports)
    public_key = _part(SealPart.PUBLIC_KEY, folder, ports)
    signature = _part(SealPart.SIGNATURE, folder, ports)
    trail_signature = _part(SealPart.TRAIL_SIGNATURE, folder, ports)
    summary = _part(SealPart.SUMMARY, folder, ports)
    summary_signature = _part(SealPart.SUMMARY_SIGNATURE, folder, ports)
    return SealFound(
        manifest=manifest,
        is_signed=_is_signed(sha256(manifest) if manifest else None, signature, ports),
        is_trail_signed=_is_signed(signing.sha256 if signing else None, trail_signature, ports),
        is_our_key=None if public_key is None else public_key == ports.signatures.public_key(),
        is_summary_signed=_is_summary_signed(manifest, summary, summary_signature, ports),
    )


def _is_summary_signed(
    manifest: bytes | None,
    summary: bytes | None,
    signature: bytes | None,
    ports: VerificationPorts,
) -> bool | None:
    if manifest is None or summary is None or signature is None:
        return None
    is_its_own = is_summary_of(summary, sha256(manifest))
    return is_its_own and ports.signatures.is_valid(sha256(summary), signature)


def _part(part: SealPart, folder: SealFolder, ports: VerificationPorts) -> bytes | None:
    return ports.vault.read_version(folder.parts[part]) if part in folder.parts else None


def _is_signed(
    sha256_hex: str | None, signature: bytes | None, ports: VerificationPorts
) -> bool | None:
    if sha256_hex is None or signature is None:
        return None
    return ports.signatures.is_valid(sha256_hex, signature)


def _sheets(sheet: Sheet, entries: Sequence[AuditEntry], ports: VerificationPorts) -> Check:
    """The sheet that counts, and that every other one that the trail names is still there."""
    check = _sheet(sheet, ports)
    counts = ObjectVersion(sheet.key, sheet.version_id)
    others = [one for one in named_sheets(entries) if one.version != counts]
    lost = [one.loss for one in others[-MOST:] if ports.evidence.describe(one.version) is None]
    not_looked_for = len(others[:-MOST])
    notes = (f"the {not_looked_for} oldest of its other sheets were not looked for",)
    return replace(
        check,
        faults=(*check.faults, *lost),
        notes=(*check.notes, *(notes if not_looked_for else ())),
    )


def _sheet(sheet: Sheet, ports: VerificationPorts) -> Check:
    version, newest = ObjectVersion(sheet.key, sheet.version_id), ports.evidence.newest(sheet.key)
    if ports.evidence.describe(version) is None:
        return check_sheet(sheet, None, newest, None)
    tag = ports.evidence.outcome_tag(version)
    return check_sheet(sheet, ports.evidence.content(version), newest, tag)
