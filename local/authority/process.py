"""The authority in a process beside its stack."""

import base64
import ssl
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from local.authority.certificates import make_certificates
from local.authority.server import AWAY
from local.ministack import free_port
from local.workspace import ROOT

MODULE = "local.authority.server"
STOP_SECONDS = 5


@dataclass(frozen=True)
class Authority:
    """An authority, whose *folder* holds its certificates; *process* is known to who started it."""

    folder: Path
    url: str
    pid: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def root(self) -> str:
        """Its root as the template's parameter takes it: base64 of the DER form."""
        pem = (self.folder / "root.pem").read_text()
        return base64.b64encode(ssl.PEM_cert_to_DER_cert(pem)).decode()


def folder_in(home: Path) -> Path:
    """Return where the authority of the stack at *home* has its certificates."""
    return home / "authority"


def start(home: Path, url: str | None = None) -> Authority:
    """Start an authority for the stack at *home*; again at *url*, it keeps its certificates."""
    folder = folder_in(home)
    if url is None:
        make_certificates(folder)
    (folder / AWAY).unlink(missing_ok=True)
    port = urlsplit(url).port if url else free_port()
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE, str(folder), str(port)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for the person's command, which then stops this in good order.
            start_new_session=True,
        )
    return Authority(folder, f"http://127.0.0.1:{port}", process.pid, process)


def known(home: Path, url: str, pid: int) -> Authority:
    """Return the authority that another process started for the stack at *home*."""
    return Authority(folder_in(home), url, pid)


def stop(authority: Authority) -> None:
    """Stop it; do nothing if it ended, or if its pid is another process's by now."""
    if authority.process:
        # Ours, whatever its command line says: just after the start it says nothing.
        authority.process.kill()
        authority.process.wait()
        return
    try:
        process = psutil.Process(authority.pid)
        if process.cmdline()[-3:-1] == [MODULE, str(authority.folder)]:
            process.kill()
            process.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        return
