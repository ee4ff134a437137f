"""The embedded stack on the command line: `python -m local up`, `down`, `token` and more."""

import argparse
import sys

import boto3

from local import artifacts, background, reconciliation, release, sam
from local.console.publishing import publish
from local.demo.client import UnexpectedAnswer
from local.demo.waiting import TimedOut
from local.dynamodb.engine import DynamoDbLocalFailed
from local.invocation import samples
from local.invocation.command import invoke
from local.invocation.emulator import EmulatorFailed
from local.invocation.engine import EngineFailed
from local.invocation.samples import NoSuchSample
from local.ministack import ServerFailed
from local.progress import console
from local.sam import SamFailed
from local.stack import STACK_FILE, Stack, StackNotUp
from local.users import NAMES, token
from local.workspace import ROOT

# What a command cannot do, said in a sentence.
REFUSALS = (
    DynamoDbLocalFailed,
    EmulatorFailed,
    EngineFailed,
    NoSuchSample,
    SamFailed,
    ServerFailed,
    StackNotUp,
    TimedOut,
    UnexpectedAnswer,
)


def main() -> int:
    """Run one command; a failure is a sentence and a status, not a stack trace."""
    arguments = _parser().parse_args()
    try:
        return int(arguments.run(arguments) or 0)
    except REFUSALS as failure:
        console.print(str(failure), style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(required=True)
    starting = commands.add_parser("up", help="start or renew the stack")
    starting.add_argument("--dynamodb", choices=["aws"], help="tables in AWS's own engine")
    starting.set_defaults(run=_up)
    commands.add_parser("down", help="end the stack").set_defaults(run=_down)
    commands.add_parser("status", help="say where the stack is").set_defaults(run=_status)
    signing_in = commands.add_parser("token", help="print an ID token")
    signing_in.add_argument("role", choices=NAMES)
    signing_in.set_defaults(run=_token)
    reconciling = commands.add_parser(
        "reconcile", help="compare what is stored with what was decided"
    )
    reconciling.set_defaults(run=_reconcile)
    finishing = commands.add_parser("finish", help="make what sam build built quick to start")
    finishing.add_argument("python", help="the version it was built for, such as python3.13")
    finishing.set_defaults(run=_finish)
    releasing = commands.add_parser("release", help="say which software was built, and its hashes")
    releasing.add_argument("python", help="the version it was built for, such as python3.13")
    releasing.set_defaults(run=_release)
    publishing = commands.add_parser("publish", help="publish the console of a stack on AWS")
    publishing.add_argument("stage", help="a block of samconfig.toml, such as dev")
    publishing.set_defaults(run=_publish)
    commands.add_parser("events", help="list the sample events").set_defaults(run=_events)
    invoking = commands.add_parser("invoke", help="run one function in Lambda's own runtime")
    invoking.add_argument("function", help="its folder, such as save_attendance")
    invoking.add_argument(
        "event", help="a file in events/<function>, without .json, or - for stdin"
    )
    invoking.set_defaults(run=_invoke)
    return parser


def _up(arguments: argparse.Namespace) -> None:
    _show(background.up(on_aws_engine=arguments.dynamodb == "aws"))


def _down(_: argparse.Namespace) -> None:
    console.print("The stack is down." if background.down() else "No stack was up.")


def _status(_: argparse.Namespace) -> None:
    _show(background.current())


def _token(arguments: argparse.Namespace) -> None:
    sys.stdout.write(f"{token(background.current(), arguments.role)}\n")


def _reconcile(_: argparse.Namespace) -> None:
    answer = reconciliation.reconcile()
    findings, not_reached = answer["findings"], answer["not_reached"]
    for finding in findings:
        print(f"{finding['session_id']}: {finding['fault']}, {finding['detail']}")
    print(f"{len(findings)} findings." if findings else "All that was checked agrees.")
    if not_reached:
        print(f"No time was left for {not_reached} sessions.")


def _finish(arguments: argparse.Namespace) -> None:
    artifacts.finish(arguments.python)
    release.write_down(arguments.python)


def _release(arguments: argparse.Namespace) -> None:
    print("\n".join(release.said(arguments.python)))


def _publish(arguments: argparse.Namespace) -> None:
    print(f"Console        {publish(boto3.Session(), sam.stack_name(arguments.stage))}")


def _events(_: argparse.Namespace) -> None:
    print(samples.listing())


def _invoke(arguments: argparse.Namespace) -> bool:
    return invoke(arguments.function, arguments.event)


def _show(stack: Stack) -> None:
    print(f"API            {stack.api_url}")
    if stack.console_url:
        print(f"Console        {stack.console_url}")
    print(f"AWS endpoint   {stack.endpoint}")
    if stack.dynamodb_url:
        print(f"DynamoDB       {stack.dynamodb_url}")
    print(f"Version        {stack.release}")
    for role, user in stack.users.items():
        print(f"{role:<15}{user.username} / {user.password}")
    print(f"All of it is in {STACK_FILE.relative_to(ROOT)}. End the stack with: make down")


if __name__ == "__main__":
    sys.exit(main())
