"""`sam local invoke`: a function in the image that Lambda runs, built for the template's Python."""

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import cfn_flip  # type: ignore[import-untyped] # has no stubs

from local import artifacts, build_cache, sam
from local.invocation.crossing import crossing
from local.invocation.deployed import FUNCTIONS, Function
from local.invocation.engine import DESKTOP, Engine, EngineFailed
from local.invocation.outcome import Outcome, parsed
from local.stack import Stack
from local.workspace import ROOT, STATE

BUILD = ROOT / ".aws-sam" / "container"
MARK = BUILD / "built-from"
HOME = STATE / "invoke"
IMAGE = "public.ecr.aws/lambda/python"
# What SAM says beside the cause when it gets no image.
NO_IMAGE = ("DockerDistributionAPIError", "Error pulling", "Could not find", "unable to pull")


def invoke(function: Function, event: Any, engine: Engine, stack: Stack) -> Outcome:  # noqa: ANN401 - any JSON document
    """
    Run *function* once in a container.

    Raises:
        EngineFailed: The engine has no image, or its containers cannot reach the stack.
        SamFailed: SAM failed for another reason.
    """
    build()
    HOME.mkdir(parents=True, exist_ok=True)
    sent = HOME / f"{function.folder}.event.json"
    sent.write_text(json.dumps(event))
    with reach(engine, stack) as addresses:
        template = _template(function, addresses)
        result = subprocess.run(
            _command(function, template, sent),
            cwd=HOME,
            env=_environment(function, engine),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    return _outcome(result, engine)


def runtime() -> tuple[str, str]:
    """The version of Python that the template names, and this machine's processor."""
    template = cfn_flip.load_yaml((ROOT / "template.yaml").read_text())
    python = str(template["Parameters"]["PythonRuntime"]["Default"])
    return python, sam.MACHINES.get(platform.machine(), "x86_64")


def image() -> str:
    """The image of Lambda that SAM looks for."""
    python, machine = runtime()
    return f"{IMAGE}:{python.removeprefix('python')}-{machine}"


def build() -> None:
    """Build for the template's Python, whatever this one is, unless the last build is fresh."""
    sam.build()
    python, machine = runtime()
    source = f"{build_cache.MARK.read_text()} {python} {machine}"
    if MARK.exists() and MARK.read_text() == source:
        return
    shutil.rmtree(BUILD, ignore_errors=True)
    shutil.copytree(artifacts.BUILD, BUILD)
    for folder, requirements in _packages():
        sam.install_for(python.removeprefix("python"), machine, folder, requirements)
    artifacts.forget_unused_services(BUILD / artifacts.LAYER.relative_to(artifacts.BUILD))
    MARK.write_text(source)


def _packages() -> Iterator[tuple[Path, str]]:
    """Each folder of the build that has packages, and the file that names them."""
    for layer, requirements in sam.PACKAGES.items():
        yield BUILD / layer.relative_to(artifacts.BUILD), requirements
    for folder in FUNCTIONS:
        requirements = f"functions/{folder}/requirements.txt"
        if (ROOT / requirements).exists():
            yield BUILD / sam.logical_id(folder), requirements


@contextmanager
def reach(engine: Engine, stack: Stack) -> Iterator[dict[str, str]]:
    """
    Yield the addresses at which containers reach what belongs to the stack, by those here.

    Raises:
        EngineFailed: There is no way that leads there and nowhere else.
    """
    known = filter(None, (stack.endpoint, stack.dynamodb_url, stack.authority_url))
    if engine.is_desktop:
        yield {address: address.replace("127.0.0.1", DESKTOP) for address in known}
        return
    if engine.is_rootless or not (gateway := engine.gateway):
        raise EngineFailed(
            "Containers of this engine have no bridge on this machine, so they could reach the"
            " stack only if the network could. Run the engine as root."
        )
    with ExitStack() as ways:
        yield {address: ways.enter_context(crossing(gateway, address)) for address in known}


def _template(function: Function, addresses: dict[str, str]) -> Path:
    """Write a template of this function alone, with the values that its stack gave it."""
    python, machine = runtime()
    code, *layers = function.paths(BUILD)
    moved = {name: addresses.get(value, value) for name, value in function.variables.items()}
    variables = moved | {"NO_PROXY": "*"}
    properties = {
        "CodeUri": str(code),
        "Handler": function.handler,
        "Runtime": python,
        "Architectures": [machine],
        "MemorySize": function.memory,
        "Timeout": function.timeout,
        "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": function.log_level},
        "Environment": {"Variables": variables},
        "Layers": [{"Ref": layer} for layer in function.layers],
    }
    resources: dict[str, Any] = {
        name: {
            "Type": "AWS::Serverless::LayerVersion",
            "Properties": {"ContentUri": str(layer.parent), "CompatibleRuntimes": [python]},
        }
        for name, layer in zip(function.layers, layers, strict=True)
    }
    resources[function.logical_id] = {
        "Type": "AWS::Serverless::Function",
        "Properties": properties,
    }
    path = HOME / f"{function.folder}.template.json"
    path.touch(mode=0o600)
    path.write_text(
        json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}, indent=2)
    )
    return path


def _command(function: Function, template: Path, event: Path) -> list[str]:
    return [
        *(sam.SAM, "local", "invoke", function.logical_id),
        *("--template", str(template), "--event", str(event), "--no-memory-limit"),
    ]


def _environment(function: Function, engine: Engine) -> dict[str, str]:
    """SAM's environment: credentials of the function's role, and no proxy to an engine."""
    # SAM prefers its own variables to the template's, which has the addresses for containers.
    granted = {
        name: value
        for name, value in function.variables.items()
        if name.startswith("AWS_") and not name.startswith("AWS_ENDPOINT_URL")
    }
    found = {} if "finch" in engine.host else {"DOCKER_HOST": engine.host}
    asked = {} if not engine.has(image()) else {"SAM_SKIP_PULL_IMAGE": "1"}
    own = {name: os.environ[name] for name in ("SAM_SKIP_PULL_IMAGE",) if name in os.environ}
    return sam.environment() | granted | found | asked | own


def _outcome(result: "subprocess.CompletedProcess[bytes]", engine: Engine) -> Outcome:
    log = result.stderr.decode(errors="replace")
    if result.returncode == 0 or result.stdout.strip():
        return parsed(result.stdout, log)
    if not engine.has(image()):
        raise EngineFailed(
            f"The engine has no image {image()} and could not get it. Pull it, or import one of"
            f" that name.\n{log}"
        )
    raise sam.SamFailed(f"{log}\nsam local invoke failed.")


if __name__ == "__main__":
    build()
