"""
Sealing a finalized session: its manifest is stored write-once and signed, its sheet is kept, and a
summary for people is added.

The function that finalizes cannot sign, and this one cannot write records: no one can both make a
record and sign it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from shared.application.completed import require_completed
from shared.application.ports.parts import (
    WithCourses,
    WithPause,
    WithSessions,
    WithSigner,
    WithTrail,
    WithVault,
)
from shared.application.snapshot import whole_snapshot
from shared.domain.audit import Action, AuditEntry, ChangeContext, FieldChange
from shared.domain.canonical import sha256
from shared.domain.course_trail import rules_faults
from shared.domain.evidence import ObjectVersion
from shared.domain.plan import Plan, plan_of
from shared.domain.seal import (
    SealedOtherwise,
    SummaryDiffers,
    TrailDiffers,
    keep_until,
    signed_manifest,
)
from shared.domain.seal_folder import SealFolder, SealPart
from shared.domain.session import DecidedSession
from shared.domain.verification import trail_faults

_SIGNATURE = "application/octet-stream"


class SealSessionPorts(
    WithSessions, WithCourses, WithTrail, WithVault, WithSigner, WithPause, Protocol
):
    """The ports of sealing."""

    @property
    def retention_years(self) -> int:
        """How long evidence is kept if its course does not say."""


def _drawn(manifest: bytes) -> bytes:
    # Imported only now: what draws takes a second to load, and is nothing a signature waits for.
    from functions.seal_session.summary import summary_of  # noqa: PLC0415

    return summary_of(manifest)


def seal_session(
    session_id: str,
    change: ChangeContext,
    ports: SealSessionPorts,
    draw: Callable[[bytes], bytes] = _drawn,
) -> bool:
    """
    Seal the session, and say whether its seal became complete. Idempotent: what is stored stays.

    The summary that *draw* makes comes after all that is signed without it, so that what it fails
    of neither prevents nor delays a signature: the event is only delivered again.

    Raises:
        SessionNotCompleted: Its records do not count yet.
        ManifestDiffers: The session no longer gives the manifest it was decided with, so nothing is
            signed.
        SealedOtherwise: It has a seal of another manifest, and gets no second one.
        TrailDiffers: Its trail, or that of its course, does not lead to that manifest, so nothing
            is signed.
        SummaryDiffers: Its summary was stored by another release, which did not sign it.
    """
    snapshot = whole_snapshot(session_id, ports.sessions, ports.pause)
    require_completed(snapshot.session)
    plan = plan_of(snapshot)
    folder = ports.vault.seal_folder(session_id)
    _require_unsealed(plan, folder, ports)
    _keep_sheet(snapshot.session.decided(), ports)
    if SealPart.TRAIL_SIGNATURE not in folder.parts:
        _require_told(plan, ports)
        _sign(plan, folder, change, ports)
    return SealPart.SUMMARY_SIGNATURE not in folder.parts and _add_summary(
        plan, folder, draw(plan.manifest), ports
    )


def _require_unsealed(plan: Plan, folder: SealFolder, ports: SealSessionPorts) -> None:
    """A seal that is there, or was begun, is of this manifest, and so is an entry of a signing."""
    if SealPart.MANIFEST in folder.parts:
        stored = ports.vault.read_version(folder.parts[SealPart.MANIFEST])
        _require_same(plan, sha256(stored))
    for entry in ports.trail.entries(plan.before.session_id, _before_the_lock(plan)):
        if entry.action is Action.SIGNED:
            _require_same(plan, signed_manifest(entry))


def _require_same(plan: Plan, sealed: str) -> None:
    if sealed != plan.decision.manifest_sha256:
        raise SealedOtherwise(plan.before.session_id, sealed, plan.decision.manifest_sha256)


def _require_told(plan: Plan, ports: SealSessionPorts) -> None:
    entries = list(ports.trail.entries(plan.before.session_id))
    of_course = list(ports.courses.entries(plan.decision.course.course_id))
    faults = trail_faults(plan.before, plan.decision, entries, plan.manifest)
    if faults := [*faults, *rules_faults(plan.decision, of_course)]:
        raise TrailDiffers(plan.before.session_id, faults)


def _keep_sheet(decided: DecidedSession, ports: SealSessionPorts) -> None:
    version = ObjectVersion(decided.sheet.key, decided.sheet.version_id)
    ports.vault.keep(version, keep_until(decided.decision, ports.retention_years))


def _sign(plan: Plan, folder: SealFolder, change: ChangeContext, ports: SealSessionPorts) -> None:
    until = keep_until(plan.decision, ports.retention_years)

    def put(part: SealPart, body: bytes, content_type: str = _SIGNATURE) -> bool:
        return ports.vault.put_once(folder.key(part), body, content_type, until)

    if SealPart.MANIFEST not in folder.parts and not put(
        SealPart.MANIFEST, plan.manifest, "application/json"
    ):
        # Somebody was faster: another delivery of the event, with the same manifest.
        _require_same(plan, sha256(ports.vault.read(folder.key(SealPart.MANIFEST)) or b""))
    put(SealPart.PUBLIC_KEY, ports.signer.public_key(), "application/x-pem-file")
    put(SealPart.SIGNATURE, ports.signer.sign(plan.decision.manifest_sha256))
    entry = _note(plan, folder, change, ports)
    _register(plan, until, ports)
    # Last: the signature of this entry proves the whole trail up to it.
    put(SealPart.TRAIL_SIGNATURE, ports.signer.sign(entry.sha256))


def _add_summary(plan: Plan, folder: SealFolder, summary: bytes, ports: SealSessionPorts) -> bool:
    until = keep_until(plan.decision, ports.retention_years)
    key = folder.key(SealPart.SUMMARY)
    is_new = ports.vault.put_once(key, summary, "application/pdf", until)
    if not is_new and ports.vault.read(key) != summary:
        raise SummaryDiffers(plan.before.session_id)
    signature = ports.signer.sign(sha256(summary))
    return ports.vault.put_once(
        folder.key(SealPart.SUMMARY_SIGNATURE), signature, _SIGNATURE, until
    )


def _register(plan: Plan, until: datetime, ports: SealSessionPorts) -> None:
    """Name the session in the register of seals, before its seal is complete."""
    key = ports.vault.register_key(plan.before.session_id, plan.decision.finalized_at)
    manifest_sha256 = plan.decision.manifest_sha256
    if not ports.vault.put_once(key, manifest_sha256.encode(), "text/plain", until):
        _require_same(plan, (ports.vault.read(key) or b"").decode())


def _note(
    plan: Plan, folder: SealFolder, change: ChangeContext, ports: SealSessionPorts
) -> AuditEntry:
    """The audit entry of the signing, written once."""
    changed = [
        FieldChange("", "manifestSha256", None, plan.decision.manifest_sha256),
        FieldChange("", "manifestKey", None, folder.key(SealPart.MANIFEST)),
        FieldChange("", "signatureKey", None, folder.key(SealPart.SIGNATURE)),
    ]
    return ports.trail.append_once(
        plan.before.session_id, Action.SIGNED, change, changed, _before_the_lock(plan)
    )


def _before_the_lock(plan: Plan) -> int:
    """The number of an entry before which none can be of the signing."""
    return plan.before.version - 1
