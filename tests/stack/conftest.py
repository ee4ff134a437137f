"""The functions' answers to their sample events, requested while other tests run."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local import sam
from local.stack import Stack
from local.workspace import STATE
from tests.stack.deployed import HOME

SAMPLES = Path(__file__).with_name("test_samples.py")


@pytest.fixture(scope="session", autouse=True)
def sample_answers(request: pytest.FixtureRequest) -> Iterator[Callable[[], dict[str, str]]]:
    """Wait for the functions' answers to their sample events; requested early, as SAM is slow."""
    wanted = [
        str(item.callspec.params["function"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == SAMPLES
    ]
    if not wanted:
        yield dict
        return
    stack: Stack = request.getfixturevalue("stack")
    target = sam.Target(stack.endpoint, STATE / HOME)
    with ThreadPoolExecutor(1) as background:
        asked = background.submit(
            sam.remote_invokes, target, [(function, "happy_path") for function in wanted]
        )
        yield lambda: dict(zip(wanted, asked.result(), strict=True))
