"""The ports of the seal in memory: a vault that keeps what it holds, and a key that signs."""

from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from shared.domain.evidence import ObjectVersion

DIGEST = ECDSA(Prehashed(SHA256()))


class FakeVault:
    """The `Vault` port; *kept* says until when nobody deletes which version."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.until: dict[str, datetime] = {}
        self.kept: dict[ObjectVersion, datetime] = {}

    def put_once(self, key: str, body: bytes, content_type: str, until: datetime) -> bool:  # noqa: ARG002 - only a browser asks for the type
        """Keep the port."""
        if key in self.objects:
            return False
        self.objects[key], self.until[key] = body, until
        return True

    def read(self, key: str) -> bytes | None:
        """Keep the port."""
        return self.objects.get(key)

    def keep(self, version: ObjectVersion, until: datetime) -> None:
        """Keep the port."""
        self.kept[version] = max(until, self.kept.get(version, until))


class FakeSigner:
    """The `Signer` and `SignatureCheck` ports with a key of its own."""

    def __init__(self) -> None:
        self._key = generate_private_key(SECP256R1())
        self.signed: list[str] = []

    def sign(self, sha256_hex: str) -> bytes:
        """Keep the port."""
        self.signed.append(sha256_hex)
        return self._key.sign(bytes.fromhex(sha256_hex), DIGEST)

    def public_key(self) -> bytes:
        """Keep the port."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def is_valid(self, sha256_hex: str, signature: bytes) -> bool:
        """Keep the port."""
        return is_signed_by(self.public_key(), sha256_hex, signature)


def is_signed_by(public_key: bytes, sha256_hex: str, signature: bytes) -> bool:
    """Say whether whoever holds the private half of this key (PEM) signed what has this SHA-256."""
    key = load_pem_public_key(public_key)
    assert isinstance(key, EllipticCurvePublicKey)
    try:
        key.verify(signature, bytes.fromhex(sha256_hex), DIGEST)
    except InvalidSignature:
        return False
    return True
