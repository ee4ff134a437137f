"""The ports to the write-once vault, to the keys that sign, and to the store of audit packs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Protocol

from shared.application.ports.evidence import SignedRequest
from shared.domain.evidence import ObjectVersion
from shared.domain.seal_folder import SealFolder
from shared.domain.stored_versions import StoredVersion


@dataclass(frozen=True, slots=True)
class ReportKeys:
    """The bucket keys of a nightly report and its signature."""

    report: str
    signature: str


class Vault(Protocol):
    """Write-once storage: no one can change or delete an object, or keep it for a shorter time."""

    def seal_folder(self, session_id: str) -> SealFolder:
        """Where the session's one seal lies, or will lie, from one listing of all versions."""

    def register_key(self, session_id: str, finalized_at: datetime) -> str:
        """The key under which the register of seals names the session, by its day."""

    def report_keys(self, at: datetime) -> ReportKeys:
        """The keys of the report of this moment, stored or not."""

    def stamp_key(self, key: str) -> str:
        """The key of the time stamp of the object under *key*, stored or not."""

    def put_once(self, key: str, body: bytes, content_type: str, until: datetime) -> bool:
        """Store *body*, kept until *until*, unless *key* is taken; say whether it was stored."""

    def read(self, key: str) -> bytes | None:
        """What is stored under *key*; None if nothing is."""

    def folders(self, prefix: str) -> Iterator[str]:
        """The folders right under *prefix*, lazily, delete markers included."""

    def versions(self, prefix: str) -> list[StoredVersion]:
        """All versions under *prefix*, delete markers included, oldest first."""

    def read_version(self, version: ObjectVersion) -> bytes:
        """The bytes of exactly this version, whatever was put over it."""

    def kept_until(self, key: str) -> datetime | None:
        """Until when what is stored under *key* cannot be deleted; None if nothing is kept."""

    def keep(self, version: ObjectVersion, until: datetime) -> None:
        """Keep this version from being deleted before *until*; a longer time set earlier stays."""


class Register(Protocol):
    """What is sealed and what was reported, also where a delete marker hides it."""

    def sealed_on(self, day: date) -> Iterator[str]:
        """The sessions that the register of seals names under this UTC day, lazily."""

    def sealed(self) -> Iterator[str]:
        """Every session that has a folder for its seal, of any release, lazily."""

    def recorded(self) -> Iterator[str]:
        """Every session for which the witness saw a record being written, lazily."""

    def reports(self) -> list[StoredVersion]:
        """All versions of all nightly reports and their signatures, oldest first."""


class PackStore(Protocol):
    """Audit packs: copies made on request and deleted after a day."""

    def key_of(self, session_id: str, finalization_id: str, token: str) -> str:
        """The key of a pack; *token* makes it unguessable."""

    def put(self, key: str, file: BinaryIO) -> None:
        """Store the file."""

    def link(self, key: str, file_name: str, now: datetime) -> SignedRequest:
        """A short-lived link that saves the pack under *file_name*."""


class Signer(Protocol):
    """The company's signature key."""

    def sign(self, sha256_hex: str) -> bytes:
        """The ECDSA P-256 signature (DER) of this SHA-256."""

    def public_key(self) -> bytes:
        """The public half of the key (PEM), with which anyone can check a signature."""


class SignatureCheck(Protocol):
    """Says whether the company's key made a signature."""

    def is_valid(self, sha256_hex: str, signature: bytes) -> bool:
        """True if it is this key's signature of this SHA-256."""

    def public_key(self) -> bytes:
        """The public half of the key (PEM), with which anyone can check a signature."""


class Reporter(Signer, SignatureCheck, Protocol):
    """The key of the nightly reports, which nothing else is signed with."""


class OriginKeys(Protocol):
    """The keys of all functions that write entries, for those that check who wrote them."""

    def of(self, function: str) -> bytes:
        """The key of a function, named by its folder."""
