"""A throw-away stack, for the duration of a block of code."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from local import ministack
from local.authority import process as authority
from local.deployment import deploy
from local.dynamodb.engine import Engine, running_engine
from local.dynamodb.process import following
from local.logs import save_logs
from local.progress import step
from local.signals import orderly_termination
from local.stack import Stack
from local.workspace import STATE


@contextmanager
def embedded_stack(name: str, *, on_aws_engine: bool = False) -> Iterator[Stack]:
    """
    Start a server, deploy to it, and stop it in any case after the block.

    Its tables are in MiniStack, or in AWS's own engine. The logs of server, SAM and functions stay
    in `.local/<name>` until the next run.
    """
    with orderly_termination(), ExitStack() as running:
        engine = _engine(running) if on_aws_engine else None
        server = running.enter_context(_server(name, engine))
        stamping = running.enter_context(_authority(server))
        stack = deploy(server, stamping, users={}, engine=engine)
        if engine:
            running.enter_context(following(stack, server.home / "stack.json"))
        try:
            yield stack
        finally:
            save_logs(stack, server.home / "functions.log")


def _engine(running: ExitStack) -> Engine:
    with step("Starting DynamoDB Local"):
        return running.enter_context(running_engine())


@contextmanager
def _authority(server: ministack.Server) -> Iterator[authority.Authority]:
    """Start the stack's time-stamp authority, and stop it after the block."""
    running = authority.start(server.home)
    try:
        yield running
    finally:
        authority.stop(running)


@contextmanager
def _server(name: str, engine: Engine | None) -> Iterator[ministack.Server]:
    server = ministack.start(STATE / name, engine.url if engine else None)
    try:
        with step("Starting MiniStack"):
            ministack.wait_until_ready(server)
        yield server
    finally:
        ministack.stop(server)
