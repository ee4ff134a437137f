"""The company's key: it signs digests, and says whether it did."""

import hashlib
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from shared.messaging.kms import KmsSigner
from tests.conftest import REGION

DIGEST = hashlib.sha256(b"a manifest").hexdigest()


@pytest.fixture
def new_signer(aws: str) -> Callable[[], KmsSigner]:  # noqa: ARG001 - AWS must be there first
    """Make a key as the template does, and what signs with it."""
    kms: Any = boto3.client("kms", region_name=REGION)

    def make() -> KmsSigner:
        key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        return KmsSigner(kms, key["KeyId"])

    return make


def test_signature_is_valid_for_what_was_signed(new_signer: Callable[[], KmsSigner]) -> None:
    """By the same key, for the same digest, and nothing else."""
    signer, stranger = new_signer(), new_signer()

    signature = signer.sign(DIGEST)

    assert signer.is_valid(DIGEST, signature)
    assert not signer.is_valid(hashlib.sha256(b"another").hexdigest(), signature)
    assert not stranger.is_valid(DIGEST, signature)
    assert not signer.is_valid(DIGEST, b"no signature")


def test_public_key_is_pem(new_signer: Callable[[], KmsSigner]) -> None:
    """As openssl reads it; each key has its own."""
    one, other = new_signer().public_key(), new_signer().public_key()

    assert one.startswith(b"-----BEGIN PUBLIC KEY-----\nMFkw")
    assert one.endswith(b"\n-----END PUBLIC KEY-----\n")
    assert max(map(len, one.splitlines())) == 64
    assert one != other


def test_key_that_is_gone_is_no_verdict(aws: str) -> None:  # noqa: ARG001 - AWS must be there first
    """Whoever cannot ask the key knows nothing about the signature."""
    signer = KmsSigner(boto3.client("kms", region_name=REGION), "alias/nothing")

    with pytest.raises(ClientError, match="NotFound"):
        signer.is_valid(DIGEST, b"anything")
