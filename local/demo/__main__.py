"""``make demo``: a session from the signed sheet to GREEN, told and checked."""

import argparse
import sys
import time
from contextlib import AbstractContextManager, nullcontext

import httpx
from rich.markup import escape

from local import background
from local.demo import aftermath, forklift, working_at_height
from local.demo.client import UnexpectedAnswer
from local.demo.stage import Stage
from local.demo.story import DemoFailed, Story
from local.demo.waiting import TimedOut
from local.embedded import embedded_stack
from local.ministack import ServerFailed
from local.sam import SamFailed
from local.stack import Stack, StackNotUp

FROM_THE_STACK = (ServerFailed, SamFailed, StackNotUp)
FROM_THE_STORY = (DemoFailed, UnexpectedAnswer, TimedOut, httpx.TransportError)


def main() -> int:
    story = Story()
    story.open(
        "Post-Session Processing",
        "A safety training took place, and all there is of it is a signed sheet of paper. "
        "This is how it becomes records that can be proved years later.",
    )
    started = time.monotonic()
    try:
        with _stack(running=_arguments().running) as stack:
            _play(Stage.on(stack, story))
    except FROM_THE_STACK as failure:
        return _failed(story, failure, "There was no stack to play on.")
    except FROM_THE_STORY as failure:
        return _failed(story, failure, "What the functions logged: .local/demo/functions.log")
    except KeyboardInterrupt:
        return 130
    story.close(time.monotonic() - started)
    return 0


def _failed(story: Story, failure: Exception, hint: str) -> int:
    story.console.print(f"\n[bold red]The demo failed.[/] {escape(str(failure))}\n{hint}")
    return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=__doc__)
    parser.add_argument(
        "--running", action="store_true", help="play on the stack that `make up` started"
    )
    return parser.parse_args()


def _stack(*, running: bool) -> AbstractContextManager[Stack]:
    return nullcontext(background.current()) if running else embedded_stack("demo")


def _play(stage: Stage) -> None:
    finalized = working_at_height.play(stage)
    forklift.play(stage)
    aftermath.play(stage, finalized)


if __name__ == "__main__":
    sys.exit(main())
