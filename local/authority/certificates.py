"""The authority's certificates: a root, what it issues with, and what it stamps with."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TEN_YEARS = timedelta(days=3653)
STAMPS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])


@dataclass(frozen=True)
class Holder:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey


def make_certificates(folder: Path, expires: datetime | None = None) -> None:
    """
    Make an authority in *folder*: `root.pem`, `chain.pem`, `signer.pem` and `signer.key`.

    There is a certificate between root and signer, as with real authorities. The signer's
    *expires*, by default in ten years.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ends = datetime.now(UTC) + TEN_YEARS
    root = _issued("Root of a local time-stamp authority", ends)
    between = _issued("Local time-stamp authority", ends, by=root)
    signer = _issued("Local time stamps", expires or ends, by=between, is_signer=True)
    for name, holder in (("root", root), ("chain", between), ("signer", signer)):
        (folder / f"{name}.pem").write_bytes(holder.certificate.public_bytes(Encoding.PEM))
    key = folder / "signer.key"
    key.touch(mode=0o600)
    key.write_bytes(signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _issued(
    name: str, ends: datetime, *, by: Holder | None = None, is_signer: bool = False
) -> Holder:
    """Return a certificate issued by another, or by itself."""
    key = generate_private_key(SECP256R1())
    issuing = by.key if by else key
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - TEN_YEARS - timedelta(days=1))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=not is_signer, path_length=None), critical=True)
        # Authorities of several stacks have the same names; by these they are told apart.
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.public_key()), critical=False
        )
    )
    if is_signer:
        # RFC 3161 wants it to be critical: the key may stamp and do nothing else.
        built = built.add_extension(STAMPS, critical=True)
    return Holder(built.sign(issuing, SHA256()), key)
