"""The stack in the background, which runs until `make down`."""

from contextlib import ExitStack

from local import ministack
from local.authority import process as authority
from local.console import process
from local.deployment import deploy
from local.ministack import Server
from local.progress import step
from local.samples.loading import load
from local.signals import orderly_termination
from local.stack import STACK_FILE, Stack, StackNotUp
from local.workspace import STATE

HOME = STATE / "up"


def up() -> Stack:
    """
    Start the stack, or update the running one to this checkout.

    Data, users and passwords of a running stack are kept; only code and template are updated.
    """
    running = _running()
    with orderly_termination(), ExitStack() as undo:
        server = _server_of(running) if running else _start(undo)
        stack = _deploy(server, running, undo)
        stack.write()
        undo.pop_all()
    stack = _serve_console(stack, running)
    with step("Loading the sample data"):
        load(stack)
    return stack


def _deploy(server: Server, running: Stack | None, undo: ExitStack) -> Stack:
    stamping = authority.start(HOME, _stop_authority(running))
    undo.callback(authority.stop, stamping)
    if running:
        return deploy(server, stamping, running.users, running.console_url)
    return deploy(server, stamping, {})


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


def down() -> bool:
    """Stop what `up` started, and nothing else; return whether anything was running."""
    stack = _running()
    if stack:
        process.stop(stack.console_pid, STACK_FILE)
        _stop_authority(stack)
        with step("Stopping MiniStack"):
            ministack.stop(_server_of(stack))
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


def _start(undo: ExitStack) -> Server:
    """Start a server that *undo* stops: no other command can before its file is written."""
    with step("Starting MiniStack"):
        server = ministack.start(HOME)
        undo.callback(ministack.stop, server)
        ministack.wait_until_ready(server)
    return server
