"""Replies to time-stamp requests, by `openssl ts`."""

import subprocess
from pathlib import Path

CONFIGURATION = """
[tsa]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/signer.pem
certs = {folder}/chain.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
"""


def reply(folder: Path, query: bytes) -> bytes:
    """Return the answer of the authority whose certificates are in *folder*; one at a time."""
    configuration = folder / "tsa.cnf"
    if not configuration.exists():
        configuration.write_text(CONFIGURATION.format(folder=folder))
    asked, said = folder / "request.tsq", folder / "reply.tsr"
    asked.write_bytes(query)
    subprocess.run(
        # From the path, as a person would start it.
        [
            *("openssl", "ts", "-reply", "-config", str(configuration), "-section", "tsa"),
            *("-queryfile", str(asked), "-out", str(said)),
        ],
        check=True,
        capture_output=True,
    )
    return said.read_bytes()
