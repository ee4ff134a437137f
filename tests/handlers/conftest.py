"""The functions over the stack's own tables, bucket and bus, inside this process."""

import json
import sys
from collections.abc import Callable, Iterator
from io import TextIOBase

import pytest

from shared.runtime.observability import logger, metrics
from shared.runtime.wiring import wiring
from testing.environment import ENVIRONMENT
from tests.conftest import RECORD_OPTION, REGION
from tests.handlers.calls import Json
from tests.handlers.needs import RECORDER, record, recorded
from tests.handlers.stack import Stack, create, empty

Change = Callable[[str, str], None]
KNOWN = recorded()


class Stdout(TextIOBase):
    """The current standard output, which pytest changes from test to test."""

    def write(self, text: str, /) -> int:
        """Write to the current standard output."""
        return sys.stdout.write(text)


class Console:
    """What the functions wrote to standard output: a JSON object a line."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self._written = ""

    @property
    def text(self) -> str:
        self._written += self._capsys.readouterr().out
        return self._written

    @property
    def logs(self) -> list[Json]:
        return [line for line in self._lines() if "_aws" not in line]

    @property
    def metrics(self) -> list[Json]:
        return [line for line in self._lines() if "_aws" in line]

    def counted(self, metric: str) -> list[float]:
        """Return what each invocation counted."""
        return [value for line in self.metrics for value in line.get(metric, [])]

    def clear(self) -> None:
        """Drop what was written so far."""
        self._capsys.readouterr()
        self._written = ""

    def _lines(self) -> list[Json]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture(scope="module", autouse=True)
def _environment() -> Iterator[None]:
    """Give the functions their settings, and drop what other tests made in them."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setenv("AWS_REGION", REGION)
        # For clients that are made before AWS is replaced; they are looked up only once.
        patch.setenv("AWS_ACCESS_KEY_ID", "unused")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "unused")
        # These were read when the module was imported, by the test that came first.
        patch.setattr(logger.registered_handler, "stream", Stdout())
        patch.setattr(metrics, "namespace", ENVIRONMENT["POWERTOOLS_METRICS_NAMESPACE"])
        patch.setattr(metrics, "service", ENVIRONMENT["POWERTOOLS_SERVICE_NAME"])
        wiring.cache_clear()
        yield
    wiring.cache_clear()


@pytest.fixture(scope="module", autouse=True)
def _recorder(_environment: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """Look at every call of the functions."""
    with pytest.MonkeyPatch.context() as patch:
        RECORDER.install(patch)
        if request.config.getoption(RECORD_OPTION):
            patch.setattr(RECORDER, "forget", _forget)
        yield


def _forget() -> None:
    """Forget what a process reads once in its life."""
    if wiring.cache_info().currsize:
        kept = vars(wiring())
        for name in ("records", "signer", "reporter", "origin_keys"):
            kept.pop(name, None)
        if "origin_of" in kept:
            vars(kept["origin_of"]).pop("_key", None)


@pytest.fixture(autouse=True)
def _needs_no_other_right(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a function asks for is recorded: the recorded rights are held against its role."""
    yield
    if request.config.getoption(RECORD_OPTION):
        return
    new = {name: RECORDER.needs[name] - KNOWN.get(name, set()) for name in RECORDER.needs}
    RECORDER.needs.clear()
    assert not any(new.values()), f"record with pytest -n0 {RECORD_OPTION} tests/handlers: {new}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was recorded, if that was asked for."""
    if session.config.getoption(RECORD_OPTION):
        record(RECORDER.needs)


@pytest.fixture(scope="module")
def created(aws: str) -> Stack:  # noqa: ARG001 - AWS must be there first
    """Replace the deployed stack."""
    return create()


@pytest.fixture
def stack(created: Stack) -> Stack:
    """Return the same, empty at the start of each test."""
    empty(created)
    return created


@pytest.fixture
def received(stack: Stack) -> Callable[[], list[Json]]:
    """Return what other modules get from the bus."""
    return stack.listen()


@pytest.fixture
def change_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Change]:
    """Change a variable for the functions, as a new deployment would."""

    def change(name: str, value: str) -> None:
        monkeypatch.setenv(name, value)
        wiring.cache_clear()

    yield change
    wiring.cache_clear()


@pytest.fixture
def console(capsys: pytest.CaptureFixture[str]) -> Console:
    """Capture what the functions log and count."""
    return Console(capsys)
