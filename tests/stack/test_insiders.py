"""
Nobody with the rights of one function, or of the database, changes a sealed session unnamed.

Each role tries everything. What is not refused must be named by at least two of verification,
nightly check, tamper notes and audit pack; so a new function is tried the day it is written.
"""

import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from shared.storage.vault import S3Vault
from shared.storage.witness import VaultWitness
from testing.api import Session, a_finalized_session
from testing.waiting import wait_until
from tests.stack.insiders import ATTEMPTS, DATABASE, Insider, Refused
from tests.stack.operator import FUNCTIONS, Operator
from tests.stack.test_evidence_chain import sealed

pytestmark = [pytest.mark.stack, pytest.mark.torture]


class Watch:
    """All that looks for what is not intact."""

    def __init__(self, admin: httpx.Client, operator: Operator, folder: Path) -> None:
        self._admin = admin
        self._operator = operator
        self._folder = folder
        self._witness = VaultWitness(S3Vault(operator.s3, operator.stack.bucket))

    def prepared(self) -> Session:
        """Return a sealed session at which nothing is found."""
        return sealed(self._admin, a_finalized_session(self._admin))

    def named_tonight(self) -> set[str]:
        """Return the sessions that the nightly check names."""
        answer = self._operator.invoke("verify_sealed_sessions", {})
        assert answer["error"] is None, answer
        return {finding["session_id"] for finding in answer["payload"]["findings"]}

    def is_named_twice(self, session: Session, tonight: set[str]) -> bool:
        """Tell whether two of those who look have found something; a note may take a moment."""
        others_needed = 1 if session.session_id in tonight else 2
        try:
            wait_until(
                f"{session.session_id} to be named",
                lambda: len(set(self._naming(session))) >= others_needed,
                seconds=30,
            )
        except TimeoutError:
            return False
        return True

    def _naming(self, session: Session) -> Iterator[str]:
        if self._witness.seen(session.session_id).notes:
            yield "tamper note"
        answer = self._admin.get(f"{session.path}/verification")
        if answer.is_success and not answer.json()["intact"]:
            yield "verification"
        if not self._is_pack_intact(session):
            yield "pack"

    def _is_pack_intact(self, session: Session) -> bool:
        """A pack that is refused is none that could be shown; it is not counted as a finding."""
        answer = self._admin.get(f"{session.path}/audit-pack")
        if answer.is_error:
            return True
        data = httpx.get(answer.json()["url"], trust_env=False).raise_for_status().content
        folder = self._folder / session.session_id
        with ZipFile(BytesIO(data)) as archive:
            archive.extractall(folder)
        check = ["sh", "verify.sh"]
        ran = subprocess.run(check, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
        return ran.stdout.splitlines()[-1] == "INTACT"


@pytest.fixture
def watch(admin: httpx.Client, operator: Operator, tmp_path: Path) -> Watch:
    """Watch over what is done in a test."""
    return Watch(admin, operator, tmp_path)


@pytest.mark.parametrize("who", [*FUNCTIONS, DATABASE])
def test_what_an_insider_does_is_refused_or_named_twice(
    who: str, operator: Operator, watch: Watch
) -> None:
    """Each attempt is made at a sealed session of its own, unless it is refused."""
    insider, spare = Insider(operator, who), watch.prepared()
    done: dict[str, Session] = {}

    for name, attempt in ATTEMPTS.items():
        try:
            attempt(insider, spare)
        except Refused:
            continue
        done[name], spare = spare, watch.prepared()

    tonight = watch.named_tonight() if done else set()
    assert spare.session_id not in tonight
    missed = [name for name, at in done.items() if not watch.is_named_twice(at, tonight)]
    assert missed == []
