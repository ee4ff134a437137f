"""``make demo``: a session from the signed sheet to GREEN, told and checked."""

import argparse
import sys
import time
from contextlib import AbstractContextManager, closing, nullcontext

import httpx
from rich.markup import escape

from local import background
from local.demo import aftermath, forklift, proof, whole_yard, working_at_height
from local.demo.client import UnexpectedAnswer
from local.demo.run import DemoRun
from local.demo.story import DemoFailed, Story
from local.demo.waiting import TimedOut
from local.embedded import embedded_stack
from local.ministack import ServerFailed
from local.sam import SamFailed
from local.stack import Stack, StackNotUp

FAILURES = (
    DemoFailed,
    SamFailed,
    ServerFailed,
    StackNotUp,
    TimedOut,
    UnexpectedAnswer,
    httpx.TransportError,
)


def main() -> int:
    running = _arguments().running
    story = Story()
    story.open(
        "Post-Session Processing",
        "A safety training took place, and all there is of it is a signed sheet of paper. "
        "This is how it becomes records that can be proved years later.",
    )
    started = time.monotonic()
    try:
        with _stack(running=running) as stack, closing(DemoRun.on(stack, story)) as run:
            play(run)
    except FAILURES as failure:
        story.console.print(f"\n[bold red]The demo failed.[/] {escape(str(failure))}")
        story.console.print("" if running else "All that the stack said is in .local/demo")
        return 1
    except KeyboardInterrupt:
        return 130
    story.close(time.monotonic() - started)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=__doc__)
    parser.add_argument(
        "--running", action="store_true", help="play on the stack that `make up` started"
    )
    return parser.parse_args()


def _stack(*, running: bool) -> AbstractContextManager[Stack]:
    return nullcontext(background.current()) if running else embedded_stack("demo")


def play(run: DemoRun) -> None:
    """Tell the whole story, and check it."""
    finalized = working_at_height.play(run)
    forklift.play(run)
    whole_yard.play(run)
    aftermath.play(run, finalized)
    proof.play(run, finalized.session_id)


if __name__ == "__main__":
    sys.exit(main())
