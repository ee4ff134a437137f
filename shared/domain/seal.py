"""The seal of a finalized session: signed manifest and trail, and how long they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.audit import AuditEntry, changes_of
from shared.domain.seal_folder import SealFolder, SealPart
from shared.domain.session import Finalization

# Sealing takes seconds; as for the witness's copies, what lasts longer than this is looked into.
PATIENCE = timedelta(minutes=15)


class SealedOtherwise(Exception):
    """
    A session that is sealed gives another manifest now: it was rewritten since, or registered anew
    under the same id. Nothing is signed, and nothing is added to its trail.
    """

    def __init__(self, session_id: str, sealed: str, decided: str) -> None:
        super().__init__(f"{session_id} is sealed with manifest {sealed}, and now gives {decided}")


class TrailDiffers(Exception):
    """
    The trail does not tell what the session was decided on: it was changed behind the product
    before it was signed. Nothing is signed.
    """

    def __init__(self, session_id: str, faults: Sequence[str]) -> None:
        super().__init__(f"the trail of {session_id} differs in {len(faults)} places: {faults[:3]}")


class SummaryDiffers(Exception):
    """
    The summary that is stored, and not signed yet, is not the one that this release draws of the
    same manifest: it was stored by another release, which has to sign it.
    """

    def __init__(self, session_id: str) -> None:
        super().__init__(f"the stored summary of {session_id} is drawn by another release")


@dataclass(frozen=True, slots=True)
class Seal:
    """
    The manifest, the ECDSA signatures (DER) of its SHA-256 and of the audit entry of the signing,
    the public key (PEM), and the summary (PDF) with the signature of its SHA-256.
    """

    manifest: bytes
    signature: bytes
    trail_signature: bytes
    public_key: bytes
    summary: bytes | None = None
    summary_signature: bytes | None = None


def owes_summary(decision: Finalization) -> bool:
    """Whether its seal is incomplete without a summary: the first release signed none."""
    return not decision.is_of_first_release


def missing_parts(decision: Finalization, folder: SealFolder) -> set[SealPart]:
    """The parts that its seal lacks."""
    summary = {SealPart.SUMMARY, SealPart.SUMMARY_SIGNATURE}
    owed = set(SealPart) - (set() if owes_summary(decision) else summary)
    return owed - folder.parts.keys()


def is_being_sealed(decision: Finalization, folder: SealFolder, now: datetime) -> bool:
    """
    Whether its seal is still on its way, so that what is missing of it is no fault yet.

    A decision that names a later day is not waited for, nor a folder in which something else lies.
    """
    is_fresh = abs(now - decision.finalized_at) < PATIENCE
    return is_fresh and bool(missing_parts(decision, folder)) and not folder.faults


def is_summary_of(summary: bytes, manifest_sha256: str) -> bool:
    """
    Whether the summary names this manifest, so that none of another session passes for it.

    It does so in a property of the PDF. No text of a person can stand there, nor look like it: in
    such a text a bracket is escaped. In JSON it is not, and the same key signs manifests.
    """
    named = f"/Subject (manifest {manifest_sha256})".encode()
    return summary.startswith(b"%PDF-") and named in summary


def keep_until(decision: Finalization, default_years: int) -> datetime:
    """
    The moment until which a finalization's evidence is kept: the course's years, or the company's.

    Counted from the decision in calendar years.
    """
    return years_after(decision.finalized_at, decision.course.retention_years or default_years)


def years_after(moment: datetime, years: int) -> datetime:
    """The same moment so many calendar years later; from 29 February it is 28 February."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)


def signed_manifest(signing: AuditEntry) -> str:
    """The SHA-256 of the manifest that an entry of a signing names; empty if it names none."""
    said = changes_of(signing.content)
    return next((str(one.get("new")) for one in said if one.get("field") == "manifestSha256"), "")
