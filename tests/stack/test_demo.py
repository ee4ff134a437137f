"""The story of `make demo` as a test, so that it is told on AWS's own engine, too."""

from contextlib import closing
from io import StringIO

import pytest
from rich.console import Console

from local.demo.__main__ import play
from local.demo.run import DemoRun
from local.demo.story import Story
from local.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.torture, pytest.mark.dynamodb]


def test_the_story_of_the_demo_holds(stack: Stack) -> None:
    """From the sheet to GREEN, with every refusal and every check on the way."""
    story = Story(Console(file=StringIO()))

    with closing(DemoRun.on(stack, story)) as run:
        play(run)

    assert story.checks > story.refusals > 0
