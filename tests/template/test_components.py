"""What is shipped and not ours is listed with its licences, and its weaknesses are asked for."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from local.components import ARTIFACTS, FOLDER, NOTICES, RULE
from local.workspace import ROOT

REQUIREMENTS = {
    "SharedLayer": "shared",
    "TimeStampLayer": "layers/time_stamps",
    "HashEvidenceFunction": "functions/hash_evidence",
    "SealSessionFunction": "functions/seal_session",
}


def listed(artifact: str) -> dict[str, Any]:
    """Return the list of an artifact's components."""
    made: dict[str, Any] = json.loads((FOLDER / f"{artifact}.cdx.json").read_text())
    return made


def required(artifact: str) -> set[str]:
    """Return the packages that are built into an artifact."""
    lines = (ROOT / REQUIREMENTS[artifact] / "requirements.txt").read_text().splitlines()
    return {line.partition("==")[0] for line in lines if "==" in line}


def owners() -> set[str]:
    """Return what has a licence in the notices."""
    parts = NOTICES.read_text().split(RULE)
    return {name for heading in parts[1::2] for name in heading.strip().split(", ")}


@pytest.mark.parametrize("artifact", REQUIREMENTS)
def test_packages_of_an_artifact_are_those_that_are_listed(artifact: str) -> None:
    """No more and no less than what `sam build` puts into it, each with its licence."""
    libraries = {one["name"] for one in listed(artifact)["components"] if one["type"] == "library"}

    assert libraries == required(artifact)
    assert libraries <= owners()


def test_every_function_that_brings_packages_along_has_a_list() -> None:
    """Whoever adds requirements to another function adds a list of them."""
    folders = {str(path.parent.relative_to(ROOT)) for path in ROOT.glob("*/*/requirements.txt")}

    assert folders | {"shared"} == set(REQUIREMENTS.values())
    assert {one.name for one in ARTIFACTS} == {*REQUIREMENTS, "Console"}


@pytest.mark.parametrize("artifact", [one for one in ARTIFACTS if one.vendored])
def test_files_of_others_are_listed_with_their_hashes(artifact: Any) -> None:  # noqa: ANN401
    """Fonts and the console's library came from no index, so their bytes are what names them."""
    found = {one["name"]: one for one in listed(artifact.name)["components"]}

    ours = {".md", ".LICENSE", ".ts"}
    for path in (ROOT / artifact.vendored).iterdir():
        assert path.suffix in ours or found[str(path.relative_to(ROOT))]["hashes"]


def test_lists_of_components_are_made_the_same_each_time() -> None:
    """Without the moment and the number that would make each a change."""
    for artifact in ARTIFACTS:
        made = listed(artifact.name)

        assert made["metadata"]["component"]["name"] == artifact.name
        assert "serialNumber" not in made
        assert "timestamp" not in made["metadata"]


WEAKNESS = {
    "id": "TEST-2026-1",
    "modified": "2026-01-01T00:00:00Z",
    "summary": "Something is wrong.",
    "affected": [],
}


@contextmanager
def database(weak: str | None) -> Iterator[str]:
    """Serve a database that knows a weakness of the package *weak*; yield its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            self.answer({"results": [self.known(one["package"]["name"]) for one in asked]})

        def do_GET(self) -> None:
            self.answer(WEAKNESS)

        def known(self, name: str) -> dict[str, Any]:
            return {"vulns": [WEAKNESS]} if name == weak else {}

        def answer(self, body: object) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def asked(address: str) -> "subprocess.CompletedProcess[str]":
    """Ask for the weaknesses of what is locked, without trying again."""
    # The make that runs these tests tells one below it to name the folder first.
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(  # noqa: S603 - our own target
        ["make", "weaknesses", f"OSV={address}"],  # noqa: S607 - as a person would
        cwd=ROOT,
        env=outside | {"UV_HTTP_RETRIES": "0"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_locked_packages_without_a_known_weakness_are_said_to_have_none() -> None:
    """The answer names the database, because no weakness is known for ever."""
    with database(weak=None) as address:
        said = asked(address)

    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == f"No weakness of what is locked is known to {address}.\n"


def test_weakness_of_a_locked_package_is_named() -> None:
    """And the command fails, so that a pipeline stops."""
    with database(weak="boto3") as address:
        said = asked(address)

    assert said.returncode != 0
    assert "TEST-2026-1" in said.stdout + said.stderr
    assert "boto3" in said.stdout + said.stderr


def test_database_that_cannot_be_reached_is_no_good_news() -> None:
    """Nothing was checked, and that is what is said."""
    with database(weak=None) as address:
        pass

    said = asked(address)

    assert said.returncode != 0
    assert f"NOT CHECKED: {address} gave no answer" in said.stdout
