"""What functions say to their sample events, asked while other tests run."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

SAMPLES = Path(__file__).with_name("test_samples.py")


@pytest.fixture(scope="session", autouse=True)
def sample_answers(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[str]]]:
    """What functions say to their sample events; asked from the start, as SAM is slow."""
    wanted = [
        str(item.callspec.params["function"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == SAMPLES
    ]
    if not wanted:
        yield {}
        return
    invoke = request.getfixturevalue("invoke")
    # The relay goes first: a test that makes it fail waits for it to be through.
    in_order = sorted(wanted, key=lambda function: function != "relay_outbox")
    with ThreadPoolExecutor(1) as background:
        yield {name: background.submit(invoke, name, "happy_path") for name in in_order}
        background.shutdown(cancel_futures=True)
