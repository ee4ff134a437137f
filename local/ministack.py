"""
The MiniStack server: an emulator of AWS on a free port of this machine, in its own process.

Every server has a home directory, which is also its working directory. By that a process is
recognized as ours before it is stopped.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

REGION = "eu-central-1"
ACCOUNT_ID = "000000000000"
READY_SECONDS = 30
# Files in it are in memory. mkdtemp makes a folder of its own.
MEMORY = Path("/dev/shm")  # noqa: S108
# Twice the size of fifty unpacked functions, each with its layer.
ROOM = 6 * 2**30
STOP_SECONDS = 5


class ServerFailed(Exception):
    """MiniStack did not come up."""


@dataclass(frozen=True)
class Server:
    """A server, and its process if it was started by this process."""

    home: Path
    endpoint: str
    pid: int
    process: subprocess.Popen[bytes] | None = None


def start(home: Path, dynamodb_url: str | None = None) -> Server:
    """
    Start a server in *home*; it may not be ready yet.

    Its functions keep their tables at *dynamodb_url*, or in the server itself.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with (home / "ministack.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            cwd=home,
            env=_environment(home, port) | tables_at(dynamodb_url),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for the person's command, which then stops this in good order.
            start_new_session=True,
        )
    return Server(home, f"http://127.0.0.1:{port}", process.pid, process)


def wait_until_ready(server: Server) -> None:
    """
    Return when *server* answers.

    Raises:
        ServerFailed: It ended, or did not answer in time.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not _is_ready(server.endpoint):
        if not is_running(server) or time.monotonic() > deadline:
            log = server.home / "ministack.log"
            raise ServerFailed(f"MiniStack did not start. Its log says why: {log}")
        time.sleep(0.1)


def is_running(server: Server) -> bool:
    """Tell whether *server* runs, and its pid is not another process's by now."""
    try:
        process = psutil.Process(server.pid)
        return "ministack" in process.cmdline() and Path(process.cwd()) == server.home
    except psutil.Error:
        return False


def stop(server: Server) -> None:
    """Stop *server* and the functions it runs; do nothing if it has ended."""
    if is_running(server):
        process = psutil.Process(server.pid)
        scratch = process.environ()["TMPDIR"]
        _kill([process, *process.children(recursive=True)])
        shutil.rmtree(scratch, ignore_errors=True)
    if server.process:
        server.process.wait()


def _kill(processes: list[psutil.Process]) -> None:
    """Kill *processes* at once: they have nothing to save, and terminating takes seconds."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=STOP_SECONDS)


def free_port() -> int:
    """Return a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(home: Path, port: int) -> dict[str, str]:
    """The server's environment. Functions inherit it, so it has none of the user's variables."""
    inherited = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    return inherited | {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        "MINISTACK_REGION": REGION,
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": _scratch(home),
        # These two services would need fixed ports.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # It would remove containers that it takes for its own.
        "DOCKER_HOST": f"unix://{home}/no-docker.sock",
    }


def tables_at(url: str | None) -> dict[str, str]:
    """Return what leads functions, which inherit it, to the engine that holds their tables."""
    return {"AWS_ENDPOINT_URL_DYNAMODB": url} if url else {}


def _scratch(home: Path) -> str:
    """
    Make the folder that functions are unpacked into; /tmp can be too small for that.

    Each process of a function unpacks a layer of thousands of small files. On a disk that takes
    seconds, and deleting them as well, so they go into memory if it has enough space.
    """
    free = shutil.disk_usage(MEMORY).free if MEMORY.is_dir() else 0
    roomy = min(free, psutil.virtual_memory().available) > ROOM
    return tempfile.mkdtemp(prefix="functions-", dir=MEMORY if roomy else home)


def _is_ready(endpoint: str) -> bool:
    try:
        return httpx.get(f"{endpoint}/_ministack/ready", trust_env=False).is_success
    except httpx.TransportError:
        return False
