"""The ports of the seal in memory: a write-once vault, and a key that signs."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from shared.application.ports.evidence import SignedRequest
from shared.application.ports.vault import ReportKeys
from shared.domain.canonical import sha256
from shared.domain.evidence import ObjectVersion
from shared.domain.seal_folder import SealFolder, seal_folder
from shared.domain.stored_versions import StoredVersion
from shared.storage.packs import pack_key
from shared.storage.vault import register_key, report_keys, seal_root, stamp_key
from testing.builders import NOW

DIGEST = ECDSA(Prehashed(SHA256()))


class FakeVault:
    """
    The `Vault` port. *objects* are the first versions, *put_over* what was put over them, None for
    a delete marker; *kept* says until when a version cannot be deleted.
    """

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.put_over: dict[str, list[bytes | None]] = {}
        self.until: dict[str, datetime] = {}
        self.kept: dict[ObjectVersion, datetime] = {}
        self.before_put: Callable[[int], object] = lambda _: None
        self.puts = 0

    def overwrite(self, key: str, body: bytes | None) -> None:
        """Put another version over an object, or a delete marker, as an intruder."""
        self.put_over.setdefault(key, []).append(body)

    def seal_folder(self, session_id: str) -> SealFolder:
        """Implement the port."""
        root = seal_root(session_id)
        return seal_folder(root, self.versions(root))

    def register_key(self, session_id: str, finalized_at: datetime) -> str:
        """Implement the port."""
        return register_key(session_id, finalized_at)

    def report_keys(self, at: datetime) -> ReportKeys:
        """Implement the port."""
        return report_keys(at)

    def stamp_key(self, key: str) -> str:
        """Implement the port."""
        return stamp_key(key)

    def put_once(self, key: str, body: bytes, content_type: str, until: datetime) -> bool:  # noqa: ARG002 - only a browser asks for the type
        """Implement the port."""
        self.puts += 1
        self.before_put(self.puts)
        if self.read(key) is not None:
            return False
        if key in self.objects:
            self.overwrite(key, body)
        else:
            self.objects[key], self.until[key] = body, until
        return True

    def read(self, key: str) -> bytes | None:
        """Implement the port."""
        over = self.put_over.get(key)
        return over[-1] if over else self.objects.get(key)

    def read_version(self, version: ObjectVersion) -> bytes:
        """Implement the port."""
        body = self._bodies(version.key)[int(version.version_id)]
        assert body is not None, "a delete marker has no bytes"
        return body

    def kept_until(self, key: str) -> datetime | None:
        """Implement the port."""
        return self.until.get(key)

    def keep(self, version: ObjectVersion, until: datetime) -> None:
        """Implement the port."""
        self.kept[version] = max(until, self.kept.get(version, until))

    def _bodies(self, key: str) -> list[bytes | None]:
        return [self.objects[key], *self.put_over.get(key, [])]

    def folders(self, prefix: str) -> Iterator[str]:
        """Implement the port."""
        below = (key.removeprefix(prefix) for key in self.objects if key.startswith(prefix))
        yield from dict.fromkeys(f"{prefix}{key.partition('/')[0]}/" for key in below if "/" in key)

    def versions(self, prefix: str) -> list[StoredVersion]:
        """Implement the port; an object is stored a second after the one before."""
        return [
            StoredVersion(
                ObjectVersion(key, str(number)), NOW + timedelta(seconds=at), body is None
            )
            for at, key in enumerate(self.objects)
            if key.startswith(prefix)
            for number, body in enumerate(self._bodies(key))
        ]


def a_summary(manifest: bytes) -> bytes:
    """Draw a summary in no time: a file that names its manifest as a real one does."""
    return f"%PDF-1.7 /Subject (manifest {sha256(manifest)})\n".encode()


class FakePacks:
    """The `PackStore` port."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def key_of(self, session_id: str, finalization_id: str, token: str) -> str:
        """Implement the port."""
        return pack_key(session_id, finalization_id, token)

    def put(self, key: str, file: BinaryIO) -> None:
        """Implement the port."""
        self.files[key] = file.read()

    def link(self, key: str, file_name: str, now: datetime) -> SignedRequest:
        """Implement the port."""
        return SignedRequest("GET", f"https://packs.test/{key}?{file_name}", {}, now)


class FakeSigner:
    """The `Signer` and `SignatureCheck` ports with a key of its own."""

    def __init__(self) -> None:
        self._key = generate_private_key(SECP256R1())
        self.signed: list[str] = []

    def sign(self, sha256_hex: str) -> bytes:
        """Implement the port."""
        self.signed.append(sha256_hex)
        return self._key.sign(bytes.fromhex(sha256_hex), DIGEST)

    def public_key(self) -> bytes:
        """Implement the port."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def is_valid(self, sha256_hex: str, signature: bytes) -> bool:
        """Implement the port."""
        return is_signed_by(self.public_key(), sha256_hex, signature)


def is_signed_by(public_key: bytes, sha256_hex: str, signature: bytes) -> bool:
    """Say whether the private half of this key (PEM) made the signature of this SHA-256."""
    key = load_pem_public_key(public_key)
    assert isinstance(key, EllipticCurvePublicKey)
    try:
        key.verify(signature, bytes.fromhex(sha256_hex), DIGEST)
    except InvalidSignature:
        return False
    return True


class PublicKey:
    """The `SignatureCheck` port of a key (PEM) whose private half is lost."""

    def __init__(self, pem: bytes) -> None:
        self._pem = pem

    def is_valid(self, sha256_hex: str, signature: bytes) -> bool:
        """Implement the port."""
        return is_signed_by(self._pem, sha256_hex, signature)

    def public_key(self) -> bytes:
        """Implement the port."""
        return self._pem
