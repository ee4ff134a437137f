"""`sam remote invoke` with the sample events, so that they cannot rot."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from local.workspace import ROOT

pytestmark = pytest.mark.stack

FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
# Starting SAM takes seconds of one processor.
AT_ONCE = 2


@pytest.fixture(scope="module")
def answers(invoke: Callable[[str, str], str]) -> Iterator[dict[str, Future[str]]]:
    """What every function says to its sample event, as soon as it has said it."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(invoke, name, "happy_path") for name in FUNCTIONS}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_takes_its_sample_event(function: str, answers: dict[str, Future[str]]) -> None:
    """
    Whatever it finds in this stack, it answers, and does not fail.
    """
    answer = answers[function].result()

    assert "errorType" not in answer
    assert '"statusCode": 5' not in answer
