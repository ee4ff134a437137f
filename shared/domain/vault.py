"""
What is kept of a finalization outside the database: manifest, signature, public key; and the ports
to where it is kept, who signs it, and who hands out copies.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from shared.domain.evidence import ObjectVersion
from shared.domain.session import Finalization
from shared.domain.sheets import SignedRequest


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


class Vault(Protocol):
    """
    What is kept write-once: nobody can change, shorten or delete it before its time is over.
    """

    def put_once(self, key: str, body: bytes, content_type: str, until: datetime) -> bool:
        """
        Store *body*, kept until then, unless something is there already; say whether it was stored.
        """

    def read(self, key: str) -> bytes | None:
        """
        What is stored under *key*; None if nothing is.
        """

    def keep(self, version: ObjectVersion, until: datetime) -> None:
        """
        Let nobody delete this version before then; a longer time that was set before stays.
        """


class PackStore(Protocol):
    """
    Copies for somebody who asked; they are forgotten after a day.
    """

    def put(self, key: str, file: BinaryIO) -> None:
        """
        Store the file.
        """

    def link(self, key: str, file_name: str, now: datetime) -> SignedRequest:
        """
        A short-lived link to it, which saves it under *file_name*.
        """


class Signer(Protocol):
    """
    The company's signature key.
    """

    def sign(self, sha256_hex: str) -> bytes:
        """
        The ECDSA P-256 signature (DER) of what has this SHA-256.
        """

    def public_key(self) -> bytes:
        """
        The public half of the key (PEM), with which anybody can check a signature.
        """


class SignatureCheck(Protocol):
    """
    Says whether the company's key made a signature.
    """

    def is_valid(self, sha256_hex: str, signature: bytes) -> bool:
        """
        True if it is this key's signature of what has this SHA-256.
        """

    def public_key(self) -> bytes:
        """
        The public half of the key (PEM), with which anybody can check a signature.
        """
