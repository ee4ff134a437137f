"""The stack that runs on while a person works with it."""

from contextlib import ExitStack

from local import ministack
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
    Start the stack, or bring the running one up to date with this checkout.

    Data, users and passwords of a running stack stay; only code and template are renewed.
    """
    running = _running()
    with orderly_termination(), ExitStack() as undo:
        server = _server_of(running) if running else _start(undo)
        stack = _deploy(server, running)
        stack.write()
        undo.pop_all()
    stack = _serve_console(stack, running)
    with step("Loading the sample data"):
        load(stack)
    return stack


def _deploy(server: Server, running: Stack | None) -> Stack:
    if running:
        return deploy(server, running.users, running.console_url)
    return deploy(server, {})


def _serve_console(stack: Stack, running: Stack | None) -> Stack:
    """Start the console's server, anew if one ran: its own code may have changed too."""
    if running:
        process.stop(running.console_pid, STACK_FILE)
    with step("Starting the console"):
        running_console = process.start(stack, STACK_FILE)
    served = stack.model_copy(update={"console_pid": running_console.pid})
    served.write()
    return served


def down() -> bool:
    """End what `up` started, and that alone; tell whether there was anything to end."""
    stack = _running()
    if stack:
        process.stop(stack.console_pid, STACK_FILE)
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
    """Start a server that *undo* ends: until it is written down, nobody else could."""
    with step("Starting MiniStack"):
        server = ministack.start(HOME)
        undo.callback(ministack.stop, server)
        ministack.wait_until_ready(server)
    return server
