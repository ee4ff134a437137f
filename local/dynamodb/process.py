"""The process that follows the streams, beside its stack."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from local.stack import Stack
from local.workspace import ROOT

MODULE = "local.dynamodb.streams"
STOP_SECONDS = 5


def start(stack: Stack, file: Path) -> subprocess.Popen[bytes]:
    """Follow the streams of *stack*, which *file* describes."""
    stack.write(file)
    with file.with_name("streams.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", MODULE, str(file)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for the person's command, which then stops this in good order.
            start_new_session=True,
        )


def stop(pid: int | None, file: Path) -> None:
    """Stop who follows; do nothing if it ended or the pid is another process's by now."""
    try:
        process = psutil.Process(pid) if pid else None
        if process and process.cmdline()[-2:] == [MODULE, str(file)]:
            process.kill()
            process.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        return


@contextmanager
def following(stack: Stack, file: Path) -> Iterator[None]:
    """Follow the streams while the block runs."""
    process = start(stack, file)
    try:
        yield
    finally:
        process.kill()
        process.wait()
