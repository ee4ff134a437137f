"""Time stamps over the wire: what an authority may answer, and that only the right one is kept."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from urllib3 import Timeout

from local.authority.certificates import make_certificates
from local.authority.replies import reply
from shared.application.ports.time_stamps import TimeStampAuthority
from shared.domain.canonical import sha256
from shared.domain.errors import Busy
from shared.domain.time_stamp import StampRefused
from shared.messaging.rfc3161 import MOST_BYTES, Rfc3161Authority
from testing.authority import FakeAuthority
from tests.replies import with_status_text

HERE = Path(__file__).parent
MANIFEST = b'{"manifestVersion":2}'
SHA256 = sha256(MANIFEST)

Reply = Callable[[bytes], bytes]


def root_of(folder: Path) -> bytes:
    """Return the root certificate of the authority in a folder."""
    return ssl.PEM_cert_to_DER_cert((folder / "root.pem").read_text())


class Wire:
    """A server whose answers a test decides."""

    def __init__(self, root: bytes) -> None:
        self.answer: Reply = lambda _: b""
        self.status = 200
        self.hangs = Event()
        wire = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                wire.hangs.wait()
                said = wire.answer(query)
                self.send_response(wire.status)
                self.send_header("Content-Length", str(len(said)))
                self.send_header("Location", "http://127.0.0.1/elsewhere")
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.hangs.set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.authority = Rfc3161Authority(self.url, [root], Timeout(connect=5, read=5))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an authority."""
    folder = tmp_path_factory.mktemp("authority")
    make_certificates(folder)
    return folder


@pytest.fixture
def wire(folder: Path) -> Iterator[Wire]:
    """Return a server that nobody trusts yet."""
    wire = Wire(root_of(folder))
    Thread(target=wire.server.serve_forever, args=(0.01,), daemon=True).start()
    yield wire
    wire.hangs.set()
    wire.server.shutdown()
    wire.server.server_close()


@pytest.fixture(params=["fake", "real"])
def authority(request: pytest.FixtureRequest, wire: Wire, folder: Path) -> TimeStampAuthority:
    """Return each authority, in order."""
    if request.param == "fake":
        return FakeAuthority(now=datetime.now(UTC))
    wire.answer = lambda query: reply(folder, query)
    return wire.authority


class TestAuthority:
    """What holds for both."""

    def test_stamp_tells_the_time(self, authority: TimeStampAuthority) -> None:
        """It is the moment at which it was asked for, in UTC."""
        told = authority.time_of(authority.stamp(MANIFEST), SHA256)

        assert abs(datetime.now(UTC) - told) < timedelta(minutes=1)

    def test_stamp_is_of_one_content(self, authority: TimeStampAuthority) -> None:
        """Beside other bytes it proves nothing."""
        stamp = authority.stamp(b"another")

        with pytest.raises(StampRefused):
            authority.time_of(stamp, SHA256)

    @pytest.mark.parametrize("garbage", [b"", b"{", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff"])
    def test_garbage_is_no_stamp(self, authority: TimeStampAuthority, garbage: bytes) -> None:
        """Whatever lies there, reading it ends in a refusal."""
        with pytest.raises(StampRefused):
            authority.time_of(garbage, SHA256)


def asked(content: bytes = MANIFEST, algorithm: HashAlgorithm = HashAlgorithm.SHA256) -> bytes:
    """Return a request with a nonce of its own."""
    return TimestampRequestBuilder(content, algorithm).build().as_bytes()


def test_stamp_brings_its_chain(wire: Wire, folder: Path, tmp_path: Path) -> None:
    """openssl verifies it with nothing but the root, for as long as the paper has to last."""
    wire.answer = lambda query: reply(folder, query)
    (tmp_path / "manifest.json").write_bytes(MANIFEST)
    (tmp_path / "manifest.tsr").write_bytes(wire.authority.stamp(MANIFEST))

    ran = subprocess.run(  # noqa: S603 - our own commands
        ["/bin/sh", "-ec", OPENSSL.format(root=folder / "root.pem")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Verification: OK" in ran.stdout


# openssl 3 finds the certificates in the stamp itself; 1.1.1 and LibreSSL want them beside it.
OPENSSL = """
openssl ts -reply -in manifest.tsr -token_out -out token.der
openssl pkcs7 -inform DER -in token.der -print_certs -out chain.pem
openssl ts -verify -in manifest.tsr -data manifest.json -CAfile {root} -untrusted chain.pem
"""


def test_stamp_outlives_its_certificate() -> None:
    """The certificate had to be valid when it stamped; this one ended three seconds later."""
    pem = (HERE / "stamp.v2.root.pem").read_text()
    authority = Rfc3161Authority("http://127.0.0.1", [ssl.PEM_cert_to_DER_cert(pem)])

    told = authority.time_of((HERE / "stamp.v2.tsr").read_bytes(), SHA256)

    assert f"{told:%Y-%m-%d %H:%M:%S %Z}" == "2026-11-27 09:23:24 UTC"


def test_any_of_the_roots_will_do(folder: Path, tmp_path: Path) -> None:
    """When the authority changes, the old one's stamps stay good."""
    make_certificates(tmp_path)
    both = Rfc3161Authority("http://127.0.0.1", [root_of(tmp_path), root_of(folder)])

    for one in (folder, tmp_path):
        told = both.time_of(reply(one, asked()), SHA256)
        assert abs(datetime.now(UTC) - told) < timedelta(minutes=1)


def test_stamp_may_come_with_a_plain_text(wire: Wire, folder: Path) -> None:
    """Some authorities say that all went well."""
    wire.answer = lambda query: with_status_text(reply(folder, query), "Operation Okay")

    told = wire.authority.time_of(wire.authority.stamp(MANIFEST), SHA256)

    assert abs(datetime.now(UTC) - told) < timedelta(minutes=1)


class TestHostile:
    """An answer that is not the stamp that was asked for is never kept."""

    @pytest.fixture
    def refuses(self, wire: Wire) -> Callable[[Reply], str]:
        """Return what is said about an answer."""

        def refused(answer: Reply) -> str:
            wire.answer = answer
            with pytest.raises(StampRefused) as failure:
                wire.authority.stamp(MANIFEST)
            return f"{failure.value}: {failure.value.__cause__}"

        return refused

    def test_of_an_earlier_request(self, refuses: Callable[[Reply], str], folder: Path) -> None:
        """Recorded and played again, it has another nonce: it would be dated back."""
        assert "Nonce" in refuses(lambda _: reply(folder, asked()))

    def test_of_other_bytes(self, refuses: Callable[[Reply], str], folder: Path) -> None:
        """With the nonce that was sent, but another hash."""

        def swapped(query: bytes) -> bytes:
            return reply(folder, query.replace(bytes.fromhex(SHA256), bytes(32)))

        assert "Mismatch between messages" in refuses(swapped)

    def test_of_another_kind_of_hash(self, folder: Path) -> None:
        """A stamp of the first half of a longer hash is no stamp of a SHA-256."""
        query = asked(algorithm=HashAlgorithm.SHA512)
        authority = Rfc3161Authority("http://127.0.0.1", [root_of(folder)])
        longer = query[query.index(b"\x04\x40") + 2 :][:64]

        with pytest.raises(StampRefused, match="another kind"):
            authority.time_of(reply(folder, query), longer.hex())

    def test_of_another_root(self, refuses: Callable[[Reply], str], tmp_path: Path) -> None:
        """Anybody can run an authority; the root decides whose word counts."""
        make_certificates(tmp_path)

        assert "certificates" in refuses(lambda query: reply(tmp_path, query))

    def test_of_an_expired_certificate(self, wire: Wire, tmp_path: Path) -> None:
        """Who keeps an old key cannot stamp with it."""
        make_certificates(tmp_path, datetime.now(UTC) - timedelta(days=1))
        wire.answer = lambda query: reply(tmp_path, query)
        authority = Rfc3161Authority(wire.url, [root_of(tmp_path)])

        with pytest.raises(StampRefused) as refused:
            authority.stamp(MANIFEST)
        assert "expired" in str(refused.value.__cause__)

    def test_rejection(self, wire: Wire, folder: Path) -> None:
        """The authority may refuse; its answer is then a rejection and no stamp."""
        wire.answer = lambda query: reply(folder, query.replace(b"\x65\x03\x04\x02\x01", SHA384))

        with pytest.raises(StampRefused):
            wire.authority.stamp(MANIFEST)

    @pytest.mark.parametrize("text", ["ok\nTime stamp: Nov 27 18:37:42 2021 GMT", "\x1b[2J"])
    def test_text_that_is_not_plain(
        self, refuses: Callable[[Reply], str], folder: Path, text: str
    ) -> None:
        """Nobody signs it, and older packs took the time from it."""
        assert "not plain" in refuses(lambda query: with_status_text(reply(folder, query), text))

    def test_changed_byte(self, refuses: Callable[[Reply], str], folder: Path) -> None:
        """The time itself is what is signed."""

        def later(query: bytes) -> bytes:
            genuine = reply(folder, query)
            at = genuine.index(b"\x18\x0f") + 2
            return genuine[:at] + b"2001" + genuine[at + 4 :]

        assert refuses(later)

    @pytest.mark.parametrize(
        "answer", [b"", b"<html>", bytes(1000), b"\x30\x03\x02\x01\x00", b"x" * MOST_BYTES]
    )
    def test_garbage(self, refuses: Callable[[Reply], str], answer: bytes) -> None:
        """A page of a proxy, say."""
        assert refuses(lambda _: answer)

    def test_huge_answer(self, refuses: Callable[[Reply], str]) -> None:
        """No more is read than a stamp can have."""
        assert "more than" in refuses(lambda _: b"\x30" * (MOST_BYTES + 1))

    @pytest.mark.parametrize("status", [302, 404, 503])
    def test_other_status(
        self, wire: Wire, refuses: Callable[[Reply], str], folder: Path, status: int
    ) -> None:
        """Even with a good stamp: no redirect is followed, and no error page read."""
        wire.status = status

        assert str(status) in refuses(lambda query: reply(folder, query))


SHA384 = b"\x65\x03\x04\x02\x02"


class TestAway:
    """Without an answer nothing is known, and it is asked for again later."""

    def test_slow_answer(self, wire: Wire, folder: Path) -> None:
        """It is not waited for."""
        wire.hangs.clear()
        hasty = Rfc3161Authority(wire.url, [root_of(folder)], Timeout(0.05))

        with pytest.raises(Busy):
            hasty.stamp(MANIFEST)

    def test_closed_door(self, wire: Wire, folder: Path) -> None:
        """Nobody listens at the address."""
        url = wire.url
        wire.server.server_close()

        with pytest.raises(Busy):
            Rfc3161Authority(url, [root_of(folder)]).stamp(MANIFEST)


@pytest.mark.parametrize("cut", range(0, 1200, 7))
def test_no_cut_or_changed_stamp_breaks_the_reader(cut: int) -> None:
    """Wherever it ends or is changed, there is a refusal and no other failure."""
    pem = (HERE / "stamp.v2.root.pem").read_text()
    authority = Rfc3161Authority("http://127.0.0.1", [ssl.PEM_cert_to_DER_cert(pem)])
    genuine = (HERE / "stamp.v2.tsr").read_bytes()

    with pytest.raises(StampRefused):
        authority.time_of(genuine[:cut], SHA256)
    with suppress(StampRefused):
        authority.time_of(genuine[:cut] + bytes([genuine[cut] ^ 0xFF]) + genuine[cut + 1 :], SHA256)
