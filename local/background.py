"""The stack in the background, which runs until `make down`."""

from contextlib import ExitStack

from local import ministack
from local.authority import process as authority
from local.console import process
from local.deployment import deploy
from local.dynamodb import engine as aws_engine
from local.dynamodb import process as streams
from local.dynamodb.engine import DynamoDbLocalFailed, Engine
from local.ministack import Server
from local.progress import step
from local.samples.loading import load
from local.signals import orderly_termination
from local.stack import STACK_FILE, Stack, StackNotUp
from local.workspace import STATE

HOME = STATE / "up"
STREAMS_FILE = HOME / "stack.json"


def up(*, on_aws_engine: bool = False) -> Stack:
    """
    Start the stack, or update the running one to this checkout.

    Data, users and passwords of a running stack are kept; only code and template are updated. Its
    tables are in MiniStack, or in AWS's own engine; a running stack keeps them where they are.

    Raises:
        DynamoDbLocalFailed: The engine cannot run here, has ended, or the running stack has none.
    """
    running = _running()
    engine = _engine_of(running)
    if running and on_aws_engine and not engine:
        raise DynamoDbLocalFailed(
            "The tables of the stack that is up are in MiniStack: make down first."
        )
    with orderly_termination(), ExitStack() as undo:
        if on_aws_engine and not engine:
            engine = _start_engine(undo)
        server = _server_of(running) if running else _start(undo, engine)
        stack = _deploy(server, running, engine, undo)
        stack.write()
        undo.pop_all()
    stack = _follow_streams(_serve_console(stack, running), running)
    with step("Loading the sample data"):
        load(stack)
    return stack


def _deploy(server: Server, running: Stack | None, engine: Engine | None, undo: ExitStack) -> Stack:
    stamping = authority.start(HOME, _stop_authority(running))
    undo.callback(authority.stop, stamping)
    if running:
        return deploy(server, stamping, running.users, running.console_url, engine)
    return deploy(server, stamping, {}, engine=engine)


def _stop_authority(stack: Stack | None) -> str | None:
    """Stop the stack's time-stamp authority; return its address, if there was one."""
    if stack and stack.authority_url and stack.authority_pid:
        authority.stop(authority.known(HOME, stack.authority_url, stack.authority_pid))
        return stack.authority_url
    return None


def _serve_console(stack: Stack, running: Stack | None) -> Stack:
    """Start the console's server, or restart it, because its own code may have changed."""
    if running:
        process.stop(running.console_pid, STACK_FILE)
    with step("Starting the console"):
        running_console = process.start(stack, STACK_FILE)
    served = stack.model_copy(update={"console_pid": running_console.pid})
    served.write()
    return served


def _follow_streams(stack: Stack, running: Stack | None) -> Stack:
    """Follow the streams of the tables in AWS's engine, or follow them anew, by new code."""
    if not stack.dynamodb_url:
        return stack
    if running:
        streams.stop(running.streams_pid, STREAMS_FILE)
    following = streams.start(stack, STREAMS_FILE)
    followed = stack.model_copy(update={"streams_pid": following.pid})
    followed.write()
    return followed


def down() -> bool:
    """Stop what `up` started, and nothing else; return whether anything was running."""
    stack = _running()
    if stack:
        process.stop(stack.console_pid, STACK_FILE)
        _stop_authority(stack)
        streams.stop(stack.streams_pid, STREAMS_FILE)
        with step("Stopping MiniStack"):
            ministack.stop(_server_of(stack))
        if engine := _known_engine(stack):
            aws_engine.stop(engine)
    STACK_FILE.unlink(missing_ok=True)
    return stack is not None


def current() -> Stack:
    """
    Return the stack that is up.

    Raises:
        StackNotUp: There is none, or its server has ended.
    """
    stack = _running()
    if not stack:
        raise StackNotUp
    return stack


def _running() -> Stack | None:
    try:
        stack = Stack.read()
    except StackNotUp:
        return None
    return stack if ministack.is_running(_server_of(stack)) else None


def _server_of(stack: Stack) -> Server:
    return Server(HOME, stack.endpoint, stack.pid)


def _engine_of(stack: Stack | None) -> Engine | None:
    """Return the running engine of a running stack, if it has one."""
    engine = _known_engine(stack) if stack else None
    if engine and not aws_engine.is_running(engine):
        raise DynamoDbLocalFailed(
            "DynamoDB Local has ended, and all data with it: make down first."
        )
    return engine


def _known_engine(stack: Stack) -> Engine | None:
    if stack.dynamodb_url and stack.dynamodb_pid:
        return Engine(stack.dynamodb_url, stack.dynamodb_pid)
    return None


def _start_engine(undo: ExitStack) -> Engine:
    with step("Starting DynamoDB Local"):
        engine = aws_engine.start()
        undo.callback(aws_engine.stop, engine)
        aws_engine.wait_until_ready(engine)
    return engine


def _start(undo: ExitStack, engine: Engine | None) -> Server:
    """Start a server that *undo* stops: no other command can before its file is written."""
    with step("Starting MiniStack"):
        server = ministack.start(HOME, engine.url if engine else None)
        undo.callback(ministack.stop, server)
        ministack.wait_until_ready(server)
    return server
