"""
Signatures by KMS: the private key never leaves it.
"""

import base64
import textwrap
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.transport import answered

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_NO_SIGNATURE = {"KMSInvalidSignatureException", "ValidationException"}


class KmsSigner:
    """
    Keeps the `Signer` and `SignatureCheck` ports with an ECDSA P-256 key.
    """

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def sign(self, sha256_hex: str) -> bytes:
        with answered():
            return self._client.sign(
                KeyId=self._key_id,
                Message=bytes.fromhex(sha256_hex),
                MessageType="DIGEST",
                SigningAlgorithm="ECDSA_SHA_256",
            )["Signature"]

    def is_valid(self, sha256_hex: str, signature: bytes) -> bool:
        try:
            with answered():
                answer = self._client.verify(
                    KeyId=self._key_id,
                    Message=bytes.fromhex(sha256_hex),
                    MessageType="DIGEST",
                    Signature=signature,
                    SigningAlgorithm="ECDSA_SHA_256",
                )
        except ClientError as error:
            # KMS refuses a wrong signature, and bytes that are none at all, instead of saying no.
            if error.response["Error"]["Code"] in _NO_SIGNATURE:
                return False
            raise
        return answer["SignatureValid"]

    def public_key(self) -> bytes:
        with answered():
            der = self._client.get_public_key(KeyId=self._key_id)["PublicKey"]
        lines = textwrap.fill(base64.b64encode(der).decode(), 64)
        return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n".encode()
