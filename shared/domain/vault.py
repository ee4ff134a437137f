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
    public_key: str


@dataclass(frozen=True, slots=True)
class Seal:
    """
    A manifest that was signed: its bytes, the ECDSA signature of its SHA-256 (DER), the key (PEM).
    """

    manifest: bytes
    signature: bytes
    public_key: bytes


def seal_keys(session_id: str, decision: Finalization) -> SealKeys:
    folder = f"seals/{session_id}/{decision.finalization_id}"
    return SealKeys(f"{folder}/manifest.json", f"{folder}/manifest.sig", f"{folder}/public-key.pem")


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
