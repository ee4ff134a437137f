"""The company's key: it signs digests, and verifies signatures."""

import hashlib
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from shared.domain.origin import origin_of
from shared.messaging.kms import KmsOrigin, KmsOrigins, KmsSigner
from tests.conftest import REGION

DIGEST = hashlib.sha256(b"a manifest").hexdigest()


@pytest.fixture
def new_signer(aws: str) -> Callable[[], KmsSigner]:  # noqa: ARG001 - AWS must be there first
    """Make a key as the template does, and return its signer."""
    kms: Any = boto3.client("kms", region_name=REGION)

    def make() -> KmsSigner:
        key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        return KmsSigner(kms, key["KeyId"])

    return make


def test_signature_is_valid_for_what_was_signed(new_signer: Callable[[], KmsSigner]) -> None:
    """It is valid with the same key and the same digest only."""
    signer, stranger = new_signer(), new_signer()

    signature = signer.sign(DIGEST)

    assert signer.is_valid(DIGEST, signature)
    assert not signer.is_valid(hashlib.sha256(b"another").hexdigest(), signature)
    assert not stranger.is_valid(DIGEST, signature)
    assert not signer.is_valid(DIGEST, b"no signature")


def test_public_key_is_pem(new_signer: Callable[[], KmsSigner]) -> None:
    """It is in the format of openssl; each key has its own."""
    one, other = new_signer().public_key(), new_signer().public_key()

    assert one.startswith(b"-----BEGIN PUBLIC KEY-----\nMFkw")
    assert one.endswith(b"\n-----END PUBLIC KEY-----\n")
    assert max(map(len, one.splitlines())) == 64
    assert one != other


def test_key_that_is_gone_is_no_verdict(aws: str) -> None:  # noqa: ARG001 - AWS must be there first
    """Without an answer of the key, nothing is known about the signature."""
    signer = KmsSigner(boto3.client("kms", region_name=REGION), "alias/nothing")

    with pytest.raises(ClientError, match="NotFound"):
        signer.is_valid(DIGEST, b"anything")


@pytest.fixture
def kms(aws: str) -> Any:  # noqa: ANN401, ARG001 - AWS must be there first
    """Return a client."""
    return boto3.client("kms", region_name=REGION)


def a_key(kms: Any) -> str:  # noqa: ANN401 - the stubs' overloads take literals
    """Make a key of origins as the template does."""
    made = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    return str(made["KeyId"])


def test_origin_is_checked_with_the_writers_key(kms: Any) -> None:  # noqa: ANN401 - see a_key
    """In another process, and with its own key only."""
    one, other = a_key(kms), a_key(kms)
    keys = KmsOrigins(lambda: kms, {"seal_session": one, "verify_session": other})

    said = KmsOrigin(lambda: kms, one)(DIGEST)

    assert said == origin_of(DIGEST, keys.of("seal_session"))
    assert said != origin_of(DIGEST, keys.of("verify_session"))


def test_origin_costs_one_call_in_the_life_of_a_process(kms: Any) -> None:  # noqa: ANN401 - see a_key
    """None is made before the first entry, and none after."""
    clients: list[object] = []

    def client() -> Any:  # noqa: ANN401 - see a_key
        clients.append(kms)
        return kms

    origin_of_entry = KmsOrigin(client, a_key(kms))
    assert clients == []

    assert origin_of_entry(DIGEST) == origin_of_entry(DIGEST)
    assert len(clients) == 1


def test_origin_is_told_by_nobody_without_the_key(kms: Any) -> None:  # noqa: ANN401 - see a_key
    """A refusal by KMS is a failure, not an entry without an origin."""
    with pytest.raises(ClientError, match="NotFound"):
        KmsOrigin(lambda: kms, "alias/nothing")(DIGEST)
