"""
Sealing a finalized session: its manifest stored write-once and signed, its sheet kept.

The function that finalizes cannot sign, and this one cannot write records: nobody can both make a
record and vouch for it.
"""

from dataclasses import dataclass

from shared.domain.audit import Action, AuditEntry, Cell, Change
from shared.domain.contention import Pause
from shared.domain.evidence import ObjectVersion, Sheet
from shared.domain.plan import Plan, plan_of
from shared.domain.ports import AuditTrail, SessionStore
from shared.domain.session import Finalization, SessionStatus
from shared.domain.vault import SealKeys, Signer, Vault, keep_until, seal_keys
from shared.finalization.snapshot import whole_snapshot

_SIGNATURE = "application/octet-stream"


class SessionNotCompleted(Exception):
    """
    The event came before the session was seen completed: to be tried again, never to be dropped.
    """


@dataclass(frozen=True, slots=True)
class Sealing:
    """
    The ports sealing works with.
    """

    sessions: SessionStore
    trail: AuditTrail
    vault: Vault
    signer: Signer
    retention_years: int
    pause: Pause


def seal_session(session_id: str, change: Change, using: Sealing) -> bool:
    """
    Seal the session, and say whether that was news. Safe to repeat and in any order: what is there
    stays.

    Raises:
        SessionNotCompleted: Its records do not count yet.
        ManifestDiffers: The session no longer gives the manifest it was decided with; never signed.
    """
    snapshot = whole_snapshot(session_id, using.sessions, using.pause)
    decision = snapshot.session.finalization
    if snapshot.session.status is not SessionStatus.COMPLETED or decision is None:
        raise SessionNotCompleted(session_id)
    _keep_sheet(snapshot.session.sheet, decision, using)
    return _sign(plan_of(snapshot, decision), change, using)


def _sign(plan: Plan, change: Change, using: Sealing) -> bool:
    keys = seal_keys(plan.before.session_id, plan.decision)
    until = keep_until(plan.decision, using.retention_years)
    using.vault.put_once(keys.manifest, plan.manifest, "application/json", until)
    using.vault.put_once(
        keys.public_key, using.signer.public_key(), "application/x-pem-file", until
    )
    signature = using.signer.sign(plan.decision.manifest_sha256)
    using.vault.put_once(keys.signature, signature, _SIGNATURE, until)
    # Last: the signature of the entry that says so vouches for the whole trail up to it.
    end = using.signer.sign(_note(plan, keys, change, using).sha256)
    return using.vault.put_once(keys.trail_signature, end, _SIGNATURE, until)


def _keep_sheet(sheet: Sheet | None, decision: Finalization, using: Sealing) -> None:
    if sheet is None:
        raise ValueError(f"finalization {decision.finalization_id} was decided without a sheet")
    version = ObjectVersion(sheet.key, sheet.version_id)
    using.vault.keep(version, keep_until(decision, using.retention_years))


def _note(plan: Plan, keys: SealKeys, change: Change, using: Sealing) -> AuditEntry:
    """
    The entry of the audit trail that says it was signed, written once.
    """
    cells = [
        Cell("", "manifestSha256", None, plan.decision.manifest_sha256),
        Cell("", "manifestKey", None, keys.manifest),
        Cell("", "signatureKey", None, keys.signature),
    ]
    before_the_lock = plan.before.version - 1
    return using.trail.append_once(
        plan.before.session_id, Action.SIGNED, change, cells, before_the_lock
    )
