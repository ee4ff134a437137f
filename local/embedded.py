"""A stack that lasts as long as a block of code."""

from collections.abc import Iterator
from contextlib import contextmanager

from local import ministack
from local.deployment import deploy
from local.logs import save_logs
from local.progress import step
from local.signals import orderly_termination
from local.stack import Stack
from local.workspace import STATE


@contextmanager
def embedded_stack(name: str) -> Iterator[Stack]:
    """
    Start a server, deploy to it, and end it again, whatever happens in the block.

    What the server, SAM and the functions said stays in `.local/<name>` until the next time.
    """
    with orderly_termination(), _server(name) as server:
        stack = deploy(server, users={})
        try:
            yield stack
        finally:
            save_logs(stack, server.home / "functions.log")


@contextmanager
def _server(name: str) -> Iterator[ministack.Server]:
    server = ministack.start(STATE / name)
    try:
        with step("Starting MiniStack"):
            ministack.wait_until_ready(server)
        yield server
    finally:
        ministack.stop(server)
