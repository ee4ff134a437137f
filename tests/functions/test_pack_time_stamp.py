"""The time stamp in a pack, checked by the certificate of its authority."""

import shutil
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from functions.build_audit_pack.instructions import check as script
from local.authority.certificates import make_certificates
from local.authority.replies import reply
from local.workspace import ROOT
from shared.domain.canonical import sha256
from shared.domain.seal_folder import SealPart
from shared.storage.vault import stamp_key
from tests.functions.packs import INTACT, NOT_INTACT, SHELLS, check, installed, unpack
from tests.functions.sealed import Sealed
from tests.replies import with_status_text

NO_STAMP = "manifest.tsr is no time stamp of manifest.json"
OLD_STAMP = ROOT / "tests" / "messaging"


def stamped_by(authority: Path, sealed: Sealed) -> Sealed:
    """Have the session's manifest stamped by a real authority."""
    objects, key = sealed.world.vault.objects, sealed.key(SealPart.MANIFEST)
    query = TimestampRequestBuilder(objects[key], HashAlgorithm.SHA256).build().as_bytes()
    objects[stamp_key(key)] = reply(authority, query)
    sealed.world.authority_roots = (authority / "root.pem").read_bytes()
    return sealed


def stamp_by(authority: Path, pack: Path) -> bytes:
    """Return a stamp of the manifest in a pack by an authority."""
    manifest = (pack / "manifest.json").read_bytes()
    return reply(
        authority, TimestampRequestBuilder(manifest, HashAlgorithm.SHA256).build().as_bytes()
    )


def compared(root: str) -> str:
    """Return the line that asks to compare a certificate (PEM)."""
    digest = sha256(ssl.PEM_cert_to_DER_cert(root))
    return f"Compare: the time-stamp authority's certificate has SHA-256 {digest}\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an authority, and return where its certificates are."""
    folder = tmp_path_factory.mktemp("authority")
    make_certificates(folder)
    return folder


@pytest.fixture(scope="module")
def pack(authority: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack a pack of a session that was finalized and stamped just now."""
    now = datetime.now(UTC)
    sealed = stamped_by(authority, Sealed(at=now))
    return unpack(sealed, tmp_path_factory.mktemp("stamped"), now)


@pytest.fixture
def stamped(pack: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may forge."""
    return Path(shutil.copytree(pack, tmp_path / "pack"))


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_stamp_is_checked_and_its_root_is_to_be_compared(
    pack: Path, shell: Sequence[str], authority: Path
) -> None:
    """The time does not rest on the company's word, if the certificate is the authority's."""
    said = check(pack, installed(shell)).splitlines()

    root = sha256(ssl.PEM_cert_to_DER_cert((authority / "root.pem").read_text()))
    assert said[-1] == INTACT
    assert f"Compare: the time-stamp authority's certificate has SHA-256 {root}" in said
    assert not any("the time" in line for line in said if line.startswith("Not covered"))


@pytest.mark.parametrize(
    ("stamp", "shell"),
    [(b"{}", SHELLS[0]), (b"0\x03\x02\x01\x00", SHELLS[0]), *((b"", shell) for shell in SHELLS)],
)
def test_garbage_is_no_stamp(stamped: Path, stamp: bytes, shell: Sequence[str]) -> None:
    """Whatever lies there, the check comes to its end."""
    (stamped / "manifest.tsr").write_bytes(stamp)

    said = check(stamped, installed(shell))

    assert NO_STAMP in said
    assert said.splitlines()[-1] == NOT_INTACT


def test_stamp_of_another_authority_is_no_stamp(stamped: Path, tmp_path: Path) -> None:
    """Anybody can run one."""
    make_certificates(tmp_path / "other")
    shutil.copy(tmp_path / "other" / "root.pem", stamped / "authority.pem")

    assert NO_STAMP in check(stamped)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("word", ["CERTIFICATE", "X509 CERTIFICATE"])
def test_certificate_to_compare_is_the_one_that_the_stamp_rests_on(
    stamped: Path, authority: Path, tmp_path: Path, word: str, shell: Sequence[str]
) -> None:
    """A true certificate beside it would pass for one that was checked."""
    other = tmp_path / "other"
    make_certificates(other)
    (stamped / "manifest.tsr").write_bytes(stamp_by(other, stamped))
    hidden = (other / "root.pem").read_text()
    with (stamped / "authority.pem").open("a") as file:
        file.write(hidden.replace("CERTIFICATE", word))

    said = check(stamped, installed(shell))

    assert compared(hidden) in said
    assert compared((authority / "root.pem").read_text()) not in said
    assert "Not covered: other certificates in authority.pem, which are not the stamp's, 1." in said


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_stamp_is_not_dated_by_what_stands_beside_its_token(
    stamped: Path, shell: Sequence[str]
) -> None:
    """An answer's status text is signed by nobody, and may look like all that openssl prints."""
    whole = (stamped / "manifest.tsr").read_bytes()
    text = f"ok\nTime stamp: Nov 27 18:37:42 2021 GMT by the authority's.{' ' * 260}"
    (stamped / "manifest.tsr").write_bytes(with_status_text(whole, text))

    said = check(stamped, installed(shell))

    assert f"stamped at {datetime.now(UTC):%b}" in said
    assert "2021" not in said


def test_stamp_of_another_manifest_is_no_stamp(stamped: Path, authority: Path) -> None:
    """It is over the bytes of one manifest."""
    query = TimestampRequestBuilder(b"{}", HashAlgorithm.SHA256).build().as_bytes()
    (stamped / "manifest.tsr").write_bytes(reply(authority, query))

    assert NO_STAMP in check(stamped)


def test_stamp_of_another_hash_is_no_stamp(stamped: Path, authority: Path) -> None:
    """Older hashes let two manifests share one stamp."""
    manifest = (stamped / "manifest.json").read_bytes()
    query = TimestampRequestBuilder(manifest, HashAlgorithm.SHA512).build().as_bytes()
    (stamped / "manifest.tsr").write_bytes(reply(authority, query))

    assert NO_STAMP in check(stamped)


@pytest.mark.parametrize("name", ["manifest.tsr", "authority.pem"])
def test_stamp_and_certificate_belong_together(stamped: Path, name: str) -> None:
    """Without one of them the other says nothing, which would pass for a pack without a stamp."""
    (stamped / name).unlink()

    said = check(stamped)

    assert "manifest.tsr and authority.pem belong together, and one is missing" in said
    assert said.splitlines()[-1] == NOT_INTACT


@pytest.mark.parametrize(
    ("time", "shell"),
    [
        *(("2026-08-a[$(>ran)]", shell) for shell in SHELLS),
        ('2026-08-31T14:20:00Z","finalizedAt":"2021-08-31T14:20:00Z', SHELLS[0]),
        ("", SHELLS[0]),
    ],
)
def test_time_that_is_none_is_not_counted_with(
    stamped: Path, time: str, shell: Sequence[str]
) -> None:
    """Bash runs a command that stands where it counts, and the first of two times is no more so."""
    manifest = stamped / "manifest.json"
    at = '"finalizedAt":"'
    manifest.write_text(manifest.read_text().replace(at, f'{at}{time}","was":"'))

    said = check(stamped, installed(shell))

    assert "manifest.json does not tell one time of finalizing" in said
    assert not (stamped / "ran").exists()


@pytest.mark.parametrize(
    ("days", "named"),
    [
        (-40, "the time stamp is 40 days after the decision"),
        (-11, "the time stamp is 11 days after the decision"),
        (1, "the time stamp is older than the decision by 8"),
    ],
)
def test_decision_with_a_date_of_its_own_is_named(
    authority: Path, tmp_path: Path, days: int, named: str
) -> None:
    """Who holds the company's key can sign any date; no authority stamps in the past."""
    sealed = stamped_by(authority, Sealed(at=datetime.now(UTC) + timedelta(days=days)))

    said = check(unpack(sealed, tmp_path))

    assert named in said
    assert said.splitlines()[-1] == NOT_INTACT


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_stamp_outlives_its_certificate(tmp_path: Path, shell: Sequence[str]) -> None:
    """The certificate had to be valid when it stamped; this one ended three seconds later."""
    (tmp_path / "manifest.json").write_bytes(b'{"manifestVersion":2}')
    shutil.copy(OLD_STAMP / "stamp.v2.tsr", tmp_path / "manifest.tsr")
    shutil.copy(OLD_STAMP / "stamp.v2.root.pem", tmp_path / "authority.pem")
    (tmp_path / "verify.sh").write_bytes(script())

    said = check(tmp_path, installed(shell))

    assert "stamped at Nov 27 09:23:24 2026 GMT" in said
    assert NO_STAMP not in said
