"""
What is kept of a finalization outside the database: manifest, signature, public key.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.session import Finalization


@dataclass(frozen=True, slots=True)
class SealKeys:
    """
    Where the parts of a seal lie in the bucket; the names follow from the finalization.
    """

    manifest: str
    signature: str
    trail_signature: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Seal:
    """
    What was signed: the manifest, the ECDSA signatures (DER) of its SHA-256 and of the audit entry
    that says it was signed, and the key (PEM).
    """

    manifest: bytes
    signature: bytes
    trail_signature: bytes
    public_key: bytes


def seal_keys(session_id: str, decision: Finalization) -> SealKeys:
    folder = f"seals/{session_id}/{decision.finalization_id}"
    return SealKeys(
        manifest=f"{folder}/manifest.json",
        signature=f"{folder}/manifest.sig",
        trail_signature=f"{folder}/trail.sig",
        public_key=f"{folder}/public-key.pem",
    )


def keep_until(decision: Finalization, default_years: int) -> datetime:
    """
    How long a finalization's evidence is kept: the course's years, or the company's.

    Counted from the decision in calendar years; 29 February ends on the 28th.
    """
    years = decision.course.retention_years or default_years
    start = decision.finalized_at
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)
