"""What a function is made of."""

import base64
import ssl
from pathlib import Path

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from local.authority.certificates import make_certificates
from shared.runtime.settings import Settings
from shared.runtime.wiring import Wiring
from tests.runtime.test_settings import VARIABLES


class Running(LambdaContext):
    """An invocation with that many milliseconds left."""

    left = 0

    @classmethod
    def get_remaining_time_in_millis(cls) -> int:
        """Return them."""
        return cls.left


@pytest.fixture
def wiring(aws: str) -> Wiring:  # noqa: ARG001 - no client may reach AWS itself
    """Return the wiring of a function."""
    return Wiring(Settings.read(VARIABLES))


@pytest.mark.parametrize(("left", "expected"), [(29_000, True), (6_001, True), (6_000, False)])
def test_time_left_keeps_a_margin(wiring: Wiring, left: int, expected: bool) -> None:
    """A batch that was begun can be finished, and the request answered."""
    Running.left = left

    assert wiring.time_left(Running())() is expected


def test_parts_are_made_once(wiring: Wiring) -> None:
    """A process reuses its parts; another wiring makes its own."""
    assert wiring.sessions is wiring.sessions
    assert wiring.evidence is wiring.evidence
    assert Wiring(Settings.read(VARIABLES)).sessions is not wiring.sessions


def test_time_stamps_are_known_only_where_an_authority_is_named(
    wiring: Wiring, tmp_path: Path
) -> None:
    """Without one nothing is asked, and no root is trusted."""
    make_certificates(tmp_path)
    pem = (tmp_path / "root.pem").read_text()
    named = VARIABLES | {
        "TIME_STAMP_AUTHORITY_URL": "https://tsa.test",
        "TIME_STAMP_AUTHORITY_ROOT": base64.b64encode(ssl.PEM_cert_to_DER_cert(pem)).decode(),
    }

    stamping = Wiring(Settings.read(named))

    assert (wiring.authority, wiring.authority_roots) == (None, b"")
    assert stamping.authority is stamping.authority
    assert stamping.authority_roots.decode() == pem
