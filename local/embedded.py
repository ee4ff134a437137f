"""A throw-away stack, for the duration of a block of code."""

from collections.abc import Iterator
from contextlib import contextmanager

from local import ministack
from local.authority import process as authority
from local.deployment import deploy
from local.logs import save_logs
from local.progress import step
from local.signals import orderly_termination
from local.stack import Stack
from local.workspace import STATE


@contextmanager
def embedded_stack(name: str) -> Iterator[Stack]:
    """
    Start a server, deploy to it, and stop it in any case after the block.

    The logs of server, SAM and functions stay in `.local/<name>` until the next run.
    """
    with orderly_termination(), _server(name) as server, _authority(server) as stamping:
        stack = deploy(server, stamping, users={})
        try:
            yield stack
        finally:
            save_logs(stack, server.home / "functions.log")


@contextmanager
def _authority(server: ministack.Server) -> Iterator[authority.Authority]:
    """Start the stack's time-stamp authority, and stop it after the block."""
    running = authority.start(server.home)
    try:
        yield running
    finally:
        authority.stop(running)


@contextmanager
def _server(name: str) -> Iterator[ministack.Server]:
    server = ministack.start(STATE / name)
    try:
        with step("Starting MiniStack"):
            ministack.wait_until_ready(server)
        yield server
    finally:
        ministack.stop(server)
