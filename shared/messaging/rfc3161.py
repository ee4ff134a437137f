"""
Time stamps by RFC 3161.

The library that reads and checks them is a layer of its own, which few functions have, so this
module is imported only where a stamp is made or checked.
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography.x509 import load_der_x509_certificate
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from shared.domain.canonical import sha256
from shared.domain.errors import ServiceUnavailable
from shared.domain.time_stamp import StampRefused
from shared.messaging.der_order import with_sorted_certificates

# A stamp with its chain takes 3 to 10 KB.
MOST_BYTES = 64 * 1024
# Of silence. Who sends single bytes for ever is ended by the function's own timeout.
PATIENCE = Timeout(connect=5, read=10)
SHA256 = "2.16.840.1.101.3.4.2.1"
_OK = 200


class Rfc3161Authority:
    """Implements the `TimeStampAuthority` port, trusting *roots* (X.509, DER) and no other."""

    def __init__(self, url: str, roots: Sequence[bytes], patience: Timeout = PATIENCE) -> None:
        self._url = url
        self._roots = [load_der_x509_certificate(root) for root in roots]
        self._http = PoolManager(timeout=patience, retries=False)

    def stamp(self, content: bytes) -> bytes:
        asked = TimestampRequestBuilder(content, HashAlgorithm.SHA256).build()
        answer = self._ask(asked.as_bytes())
        self._checked(answer, sha256(content), VerifierBuilder.from_request(asked))
        return answer

    def time_of(self, stamp: bytes, sha256_hex: str) -> datetime:
        return self._checked(stamp, sha256_hex, VerifierBuilder()).tst_info.gen_time

    def _ask(self, request: bytes) -> bytes:
        try:
            answer = self._http.request(
                "POST",
                self._url,
                body=request,
                headers={"Content-Type": "application/timestamp-query"},
                preload_content=False,
            )
            sent = answer.read(MOST_BYTES + 1)
        except HTTPError as error:
            raise ServiceUnavailable(
                "The time-stamp authority does not answer; it is asked again."
            ) from error
        if answer.status != _OK:
            raise StampRefused(f"the authority answers {answer.status}")
        if len(sent) > MOST_BYTES:
            raise StampRefused(f"the authority answers with more than {MOST_BYTES} bytes")
        return sent

    def _checked(
        self, stamp: bytes, sha256_hex: str, verifier: VerifierBuilder
    ) -> TimeStampResponse:
        """Read and check a stamp; its certificates need to be valid only at its own time."""
        for root in self._roots:
            verifier = verifier.add_root_certificate(root)
        try:
            answer = decode_timestamp_response(with_sorted_certificates(stamp))
            verifier.build().verify(answer, bytes.fromhex(sha256_hex))
            algorithm = answer.tst_info.message_imprint.hash_algorithm.dotted_string
            texts = answer.status_string
        except (VerificationError, ValueError) as failure:
            raise StampRefused("it is no time stamp of this by the authority") from failure
        if algorithm != SHA256:
            raise StampRefused(f"it is over a hash of another kind: {algorithm}")
        if not all(text.isprintable() for text in texts):
            # Nobody signs it, and with line ends in it, it looks like all that openssl prints.
            raise StampRefused("a text beside it is not plain")
        return answer
