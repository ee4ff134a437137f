"""Signatures by KMS, whose private key never leaves it; and keys that KMS derives."""

import base64
import textwrap
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.aws_errors import busy_if_unavailable
from shared.domain.origin import origin_of

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_NO_SIGNATURE = {"KMSInvalidSignatureException", "ValidationException"}


class KmsSigner:
    """Implements the `Signer` and `SignatureCheck` ports with an ECDSA P-256 key."""

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def sign(self, sha256_hex: str) -> bytes:
        with busy_if_unavailable():
            return self._client.sign(
                KeyId=self._key_id,
                Message=bytes.fromhex(sha256_hex),
                MessageType="DIGEST",
                SigningAlgorithm="ECDSA_SHA_256",
            )["Signature"]

    def is_valid(self, sha256_hex: str, signature: bytes) -> bool:
        try:
            with busy_if_unavailable():
                answer = self._client.verify(
                    KeyId=self._key_id,
                    Message=bytes.fromhex(sha256_hex),
                    MessageType="DIGEST",
                    Signature=signature,
                    SigningAlgorithm="ECDSA_SHA_256",
                )
        except ClientError as error:
            # KMS answers with an error if a signature is wrong, or is not a signature at all.
            if error.response["Error"]["Code"] in _NO_SIGNATURE:
                return False
            raise
        return answer["SignatureValid"]

    def public_key(self) -> bytes:
        with busy_if_unavailable():
            der = self._client.get_public_key(KeyId=self._key_id)["PublicKey"]
        lines = textwrap.fill(base64.b64encode(der).decode(), 64)
        return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n".encode()


_PURPOSE = b"origin of audit entries"


class KmsOrigin:
    """
    Says of entries that this function wrote them.

    Its key is derived once in the life of a process, when it first writes: a client and a call to
    KMS for each entry would cost every request.
    """

    def __init__(self, client: "Callable[[], KMSClient]", key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def __call__(self, sha256_hex: str) -> str:
        return origin_of(sha256_hex, self._key)

    @cached_property
    def _key(self) -> bytes:
        return _derived(self._client(), self._key_id)


class KmsOrigins:
    """Implements the `OriginKeys` port: the keys of all functions that write entries."""

    def __init__(self, client: "Callable[[], KMSClient]", key_ids: Mapping[str, str]) -> None:
        self._client = client
        self._key_ids = key_ids
        self._keys: dict[str, bytes] = {}

    def of(self, function: str) -> bytes:
        if function not in self._keys:
            self._keys[function] = _derived(self._client(), self._key_ids[function])
        return self._keys[function]


def _derived(client: "KMSClient", key_id: str) -> bytes:
    with busy_if_unavailable():
        return client.generate_mac(KeyId=key_id, Message=_PURPOSE, MacAlgorithm="HMAC_SHA_256")[
            "Mac"
        ]
