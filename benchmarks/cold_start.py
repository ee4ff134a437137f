"""
How long each function takes from its start to its first answer, in a container of Lambda's runtime.

Beside them a plain handler in the same image and with the same boto3, which reads one item. The
image is warm, the process is new each time: what is measured is what the emulator reports, from the
start of Python to the answer, without what starts the container. Each plays its happy path.
"""

import argparse
import os
import platform
import re
import statistics
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.report import renew
from local.embedded import embedded_stack
from local.invocation import container
from local.invocation.deployed import Deployment, Function
from local.invocation.engine import Engine, engine
from local.invocation.fitting import Fitting
from local.invocation.samples import samples
from local.samples.loading import load
from local.stack import Stack

BEGIN, END = "<!-- started -->\n", "<!-- /started -->\n"
NO_ENGINE = (
    "Cold starts are measured in containers, and no engine is running. On Debian, as root:\n"
    ".ci/container .venv/bin/python -m benchmarks.cold_start"
)
TRIES = 5
DURATION = re.compile(r"\tDuration: ([\d.]+) ms")
PLAIN = """\
import os

import boto3

client = boto3.client("dynamodb")


def handler(event, context):
    key = {"sessionId": {"S": event}, "item": {"S": "SESSION"}}
    found = client.get_item(TableName=os.environ["SESSIONS_TABLE"], Key=key)
    return sorted(found["Item"])
"""


def main() -> int:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold_start", description=__doc__)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--write", type=Path, help="the page whose table is renewed")
    arguments = parser.parse_args()
    found = engine()
    if not found:
        print(NO_ENGINE)
        return 0
    with embedded_stack("bench") as stack:
        load(stack)
        measured = dict(_measured(stack, found, arguments.times))
    table = _markdown(measured)
    print(table)
    if arguments.write:
        renew(arguments.write, BEGIN, END, table)
    return 0


def _measured(stack: Stack, found: Engine, times: int) -> Iterator[tuple[str, float]]:
    """Give each handler's name with the median of its milliseconds."""
    deployment, fitting = Deployment(stack), Fitting(stack)
    container.build()
    plain = _plain(deployment.function("view_session"))
    events = [(plain, "working-at-height-2026-11-10")]
    events += [
        (deployment.function(one.function), one.event)
        for one in samples()
        if one.case == "happy_path"
    ]
    for function, event in events:
        sent = fitting.fit(event)
        runs = [_milliseconds(function, sent, found, stack) for _ in range(times)]
        yield function.folder, statistics.median(runs)


def _plain(like: Function) -> Function:
    """Put a handler beside the built ones that may read what *like* may."""
    plain = replace(like, folder="plain_boto3", handler="plain.handler", layers=like.layers[:1])
    folder = plain.paths(container.BUILD)[0]
    folder.mkdir(exist_ok=True)
    (folder / "plain.py").write_text(PLAIN)
    return plain


def _milliseconds(function: Function, event: object, found: Engine, stack: Stack) -> float:
    """Start it until there is a report: SAM may end the container before the last line."""
    for _ in range(TRIES):
        outcome = container.invoke(function, event, found, stack)
        if not outcome.is_error and (duration := DURATION.search(outcome.log)):
            return float(duration[1])
    raise RuntimeError(f"{function.folder} gave no report of its time in {TRIES} tries.")


def _markdown(measured: dict[str, float]) -> str:
    rows = "".join(
        f"| `{name}` | {milliseconds:,.0f} |\n"
        for name, milliseconds in sorted(measured.items(), key=lambda one: one[1])
    )
    python, machine = container.runtime()
    cores = f"{os.cpu_count()} cores, {platform.system()} {machine}"
    return f"\n| Handler | ms |\n| :-- | --: |\n{rows}\n{cores}, {python} in a container.\n"


if __name__ == "__main__":
    sys.exit(main())
