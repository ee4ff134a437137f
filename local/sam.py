"""
SAM CLI against an embedded server: the template is built and deployed as on AWS.

It runs in its own virtual environment and with its own AWS configuration, so that it cannot reach
an AWS account of the user.
"""

import fcntl
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local import artifacts, build_cache, release
from local.authority.process import Authority
from local.ministack import ACCOUNT_ID, REGION
from local.workspace import ROOT, STATE

SAM = str(ROOT / ".venv" / "sam" / "bin" / "sam")
SAM_PYTHON = str(ROOT / ".venv" / "sam" / "bin" / "python")
UV = str(ROOT / ".venv" / "bin" / "uv")
# The packages of each layer.
PACKAGES = {
    artifacts.LAYER: "shared/requirements.txt",
    artifacts.STAMP_LAYER: "layers/time_stamps/requirements.txt",
}
# Variables that lead to an AWS account, and those of pytest, which can be too long for a command.
NOT_ITS = ("AWS_", "PYTEST_")
BUILD_LOG = STATE / "build.log"
TAIL_LINES = 30
MACHINES = {"aarch64": "arm64", "arm64": "arm64"}


class SamFailed(Exception):
    """A SAM command failed."""


@dataclass(frozen=True)
class Target:
    """Where SAM deploys to, and where it may leave logs."""

    endpoint: str
    home: Path
    account_id: str = ACCOUNT_ID
    region: str = REGION


def stack_name(stage: str = "local") -> str:
    """Return the name that samconfig.toml gives the stack of *stage*; local is the embedded one."""
    return str(_settings(stage)["stack_name"])


def build() -> None:
    """Build every function and the layers for this machine, unless the last build is fresh."""
    with _build_directory():
        if not build_cache.is_fresh():
            _build_afresh()
        # Even if nothing was built: another commit may have the same sources.
        release.write_down(sys.executable)


def _build_afresh() -> None:
    _build_for_lambda()
    # Compiled modules are for Linux, which is what Lambda is, but not every laptop.
    if platform.system() != "Linux":
        for layer, requirements in PACKAGES.items():
            _install_again(layer, requirements)
    artifacts.finish(sys.executable)
    build_cache.mark_fresh()


def install_for(version: str, machine: str, folder: Path, requirements: str) -> None:
    """Replace the packages in *folder* by those for a Python in Lambda, whatever this one is."""
    platform_of = f"{'aarch64' if machine == 'arm64' else machine}-manylinux2014"
    goal = ["--python-version", version, "--python-platform", platform_of]
    _install_again(folder, requirements, *goal, "--only-binary", ":all:")


def _install_again(folder: Path, requirements: str, *goal: str) -> None:
    """Replace the packages in *folder* by those for this machine, or for *goal*."""
    arguments = ["--reinstall", "--target", str(folder), "--requirements", requirements, *goal]
    _run([UV, "pip", "install", *arguments], environment(), BUILD_LOG)


def deploy(target: Target, console_origin: str, authority: Authority) -> None:
    """
    Create or update the stack in *target*, for a console at *console_origin* and with time stamps
    by *authority*.
    """
    settled = str(_settings()["parameter_overrides"]).split()
    overrides = [
        *(*settled, *_host_parameters()),
        f"ConsoleOrigin={console_origin}",
        f"TimeStampAuthorityUrl={authority.url}",
        f"TimeStampAuthorityRoot={authority.root}",
    ]
    arguments = [SAM, "deploy", "--config-env", "local", "--parameter-overrides", *overrides]
    with _build_directory():
        _run(arguments, _environment_of(target), target.home / "deploy.log")


def remote_invoke(target: Target, function: str, event: str) -> str:
    """
    Run a deployed function with one of its sample events; return its answer, or its error, as JSON.

    By the names of the files: `save_attendance`, `happy_path`.
    """
    arguments = ["remote", "invoke", logical_id(function), "--stack-name", stack_name()]
    file = str(ROOT / "events" / function / f"{event}.json")
    log = target.home / "invoke.log"
    return _run([SAM, *arguments, "--event-file", file], _environment_of(target), log)


def logical_id(function: str) -> str:
    """Name the resource of a folder: `save_attendance` is SaveAttendanceFunction."""
    return "".join(word.title() for word in function.split("_")) + "Function"


@contextmanager
def _build_directory() -> Iterator[None]:
    """Lock `.aws-sam`: a demo and the tests may run at the same time."""
    STATE.mkdir(exist_ok=True)
    with (STATE / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build_for_lambda() -> None:
    build_cache.forget()
    arguments = [SAM, "build", "--parameter-overrides", *_host_parameters()]
    _run(arguments, environment() | _same_wheels(), BUILD_LOG)


def _same_wheels() -> dict[str, str]:
    """
    What makes pip take the same wheels on every machine, and by the hashes they are locked with.

    Of several that fit Lambda it would take the one that fits this machine best. `make release`
    says the same.
    """
    machine = platform.machine().replace("arm64", "aarch64")
    return {"PIP_ONLY_BINARY": ":all:", "PIP_PLATFORM": f"manylinux2014_{machine}"}


def _settings(stage: str = "local") -> dict[str, object]:
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    parameters: dict[str, object] = config[stage]["deploy"]["parameters"]
    return parameters


def _host_parameters() -> list[str]:
    """Functions run in this interpreter, so they are built for it."""
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    architecture = MACHINES.get(platform.machine(), "x86_64")
    return [f"PythonRuntime={runtime}", f"Architecture={architecture}"]


def _run(arguments: Sequence[str], environment: dict[str, str], log: Path) -> str:
    """
    Run a command, keep what it says in *log*, and return its standard output.

    Raises:
        SamFailed: With the end of the log, and the path of all of it.
    """
    result = subprocess.run(
        arguments,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    said = result.stdout + result.stderr
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(said)
    if result.returncode != 0:
        tail = "\n".join(said.splitlines()[-TAIL_LINES:])
        raise SamFailed(f"{tail}\n\n{' '.join(arguments[:2])} failed. All it said: {log}")
    return result.stdout


def environment() -> dict[str, str]:
    """The user's environment for SAM, without anything that leads to an AWS account."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(NOT_ITS)}
    return own | {
        # sam build looks for the runtime's Python there, and needs its pip.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": REGION,
        # Seconds between two polls of a deployment; the embedded server is fast.
        "SAM_CLI_POLL_DELAY": "0.5",
        "SAM_CLI_TELEMETRY": "0",
        # So that SAM does not import a module of ours in place of its own.
        "PYTHONSAFEPATH": "1",
        "__SAM_CLI_APP_DIR": str(STATE / "sam"),
    }


def _environment_of(target: Target) -> dict[str, str]:
    return environment() | {
        "AWS_ENDPOINT_URL": target.endpoint,
        "AWS_ACCESS_KEY_ID": target.account_id,
        "AWS_SECRET_ACCESS_KEY": "unused",
        "AWS_DEFAULT_REGION": target.region,
    }
