"""
Signatures by KMS: the private key never leaves it.
"""

import base64
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class KmsSigner:
    """
    Keeps the `Signer` port with an ECDSA P-256 key.
    """

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def sign(self, sha256_hex: str) -> bytes:
        return self._client.sign(
            KeyId=self._key_id,
            Message=bytes.fromhex(sha256_hex),
            MessageType="DIGEST",
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]

    def public_key(self) -> bytes:
        der = self._client.get_public_key(KeyId=self._key_id)["PublicKey"]
        lines = textwrap.fill(base64.b64encode(der).decode(), 64)
        return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n".encode()
