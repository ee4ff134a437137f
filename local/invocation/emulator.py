"""
AWS's runtime interface emulator and interface client, as processes: Lambda without a container.

The emulator comes with SAM CLI, the client is what AWS's own Python images run. Together they hold
a function to its time and to the size of an answer, and write its log as CloudWatch gets it. The
file system is this machine's, and memory is not limited.
"""

import json
import os
import platform
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import psutil

from local import artifacts
from local.invocation.deployed import Function
from local.invocation.outcome import Outcome, parsed
from local.ministack import free_port
from local.sam import MACHINES, SAM
from local.workspace import ROOT

# An environment with the interface client and nothing else, so that no package of ours is found.
RUNTIME = ROOT / ".venv" / "runtime" / "bin" / "python"
PATH = "/2015-03-31/functions/function/invocations"
READY_SECONDS = 30
# For the start of the function, beside the time that it may take itself: this machine may be busy.
START_SECONDS = 60


class EmulatorFailed(Exception):
    """The emulator does not run here, or ended."""


@dataclass(frozen=True)
class Emulated:
    """A function that waits for events, in a process that is kept."""

    function: Function
    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    def invoke(self, event: Any) -> Outcome:  # noqa: ANN401 - any JSON document
        """
        Run the function once.

        Raises:
            EmulatorFailed: The emulator gave no answer.
        """
        before = self.log.stat().st_size
        try:
            answer = httpx.post(
                self.url,
                content=json.dumps(event),
                timeout=START_SECONDS + self.function.timeout,
                trust_env=False,
            )
        except httpx.TransportError as error:
            raise EmulatorFailed(f"The emulator gave no answer. Its log: {self.log}") from error
        return parsed(answer.content, self._said_since(before))

    def _said_since(self, before: int) -> str:
        with self.log.open("rb") as log:
            log.seek(before)
            return log.read().decode(errors="replace")


@contextmanager
def emulated(
    function: Function, home: Path, build: Path = artifacts.BUILD, **changes: str
) -> Iterator[Emulated]:
    """
    Start *function* as it is built, and end it after the block; *changes* replace variables.

    Raises:
        EmulatorFailed: It does not run on this machine.
    """
    url, api = (f"127.0.0.1:{free_port()}" for _ in range(2))
    home.mkdir(parents=True, exist_ok=True)
    log = home / f"{function.folder}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            _command(function, url, api),
            cwd=function.paths(build)[0],
            env=_environment(function, build) | changes,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        running = Emulated(function, process, f"http://{url}{PATH}", log)
        _wait_until_ready(running)
        yield running
    finally:
        _end(process)


def _command(function: Function, url: str, api: str) -> list[str]:
    return [
        *(str(_emulator()), "--log-level", "error"),
        *("--runtime-interface-emulator-address", url, "--runtime-api-address", api),
        *(str(RUNTIME), "-m", "awslambdaric", function.handler),
    ]


def _emulator() -> Path:
    if platform.system() != "Linux" or not _has_client():
        raise EmulatorFailed(
            "Without a container engine, AWS's emulator runs functions on Linux only, with a Python"
            " that its interface client is built for. Start Docker, Finch or podman."
        )
    machine = MACHINES.get(platform.machine(), "x86_64")
    (found,) = (
        Path(SAM)
        .parents[1]
        .glob(f"lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}")
    )
    return found


def _has_client() -> bool:
    return any(RUNTIME.parents[1].glob("lib/python*/site-packages/awslambdaric"))


def _environment(function: Function, build: Path) -> dict[str, str]:
    """The variables that Lambda sets, the function's own, and none of the user's."""
    paths = os.pathsep.join(map(str, function.paths(build)))
    return function.variables | {
        "AWS_LAMBDA_FUNCTION_NAME": function.logical_id,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout),
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": function.log_level,
        "HOME": os.devnull,
        "LANG": "C.UTF-8",
        "NO_PROXY": "127.0.0.1",
        "PATH": os.environ["PATH"],
        # Nothing can be written to an artifact in Lambda.
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": paths,
        "TZ": ":UTC",
    }


def _wait_until_ready(running: Emulated) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(running.url):
        if running.process.poll() is not None or time.monotonic() > deadline:
            raise EmulatorFailed(f"The emulator did not start. Its log says why: {running.log}")
        time.sleep(0.02)


def _answers(url: str) -> bool:
    """Tell whether it listens: it takes POST at its one address, and nothing at others."""
    try:
        return httpx.get(f"{url}/ready", trust_env=False).status_code == HTTPStatus.NOT_FOUND
    except httpx.TransportError:
        return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(psutil.NoSuchProcess):
        emulator = psutil.Process(process.pid)
        for one in [*emulator.children(recursive=True), emulator]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
    process.wait()
