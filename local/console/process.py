"""The console's server, in a process beside its stack."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from local.ministack import ServerFailed
from local.progress import step
from local.stack import Stack
from local.workspace import ROOT

MODULE = "local.console.server"
READY_SECONDS = 30
STOP_SECONDS = 5


def start(stack: Stack, file: Path) -> subprocess.Popen[bytes]:
    """
    Serve the console of *stack*, which *file* describes; return the server's process.

    Raises:
        ServerFailed: It ended, or did not answer in time.
    """
    log = file.with_name("console.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE, str(file)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for the person's command, which then stops this in good order.
            start_new_session=True,
        )
    deadline = time.monotonic() + READY_SECONDS
    while not _is_ready(stack):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise ServerFailed(f"The console did not start. Its log says why: {log}")
        time.sleep(0.05)
    return process


def stop(pid: int | None, file: Path) -> None:
    """Stop the console of *file*; do nothing if it ended or the pid is another process's by now."""
    try:
        process = psutil.Process(pid) if pid else None
        if process and process.cmdline()[-2:] == [MODULE, str(file)]:
            process.terminate()
            process.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        return


@contextmanager
def served(stack: Stack, file: Path) -> Iterator[str]:
    """Serve the console while the block runs; yield its address."""
    stack.write(file)
    with step("Starting the console"):
        process = start(stack, file)
    try:
        yield str(stack.console_url)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _is_ready(stack: Stack) -> bool:
    try:
        return httpx.get(f"{stack.console_url}/config.json", trust_env=False).is_success
    except httpx.TransportError:
        return False
