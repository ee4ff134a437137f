"""AWS's emulator and interface client hold a function to what Lambda holds it to."""

from pathlib import Path

import pytest

from local.invocation.deployed import Function
from local.invocation.emulator import emulated
from local.invocation.outcome import Outcome

# A Lambda returns 6,291,556 bytes; the quotes of a JSON text are two of them.
LARGEST = 6_291_556 - 2


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """Build one function, with a handler for each case."""
    artifact = tmp_path / "JudgedFunction"
    artifact.mkdir()
    (artifact / "judged.py").write_text(
        "import logging, time\n"
        "def says(event, context):\n"
        "    logging.getLogger().warning('asked')\n"
        "    return 'x' * event\n"
        "def sleeps(event, context):\n"
        "    time.sleep(60)\n"
    )
    (artifact / "broken.py").write_text("raise RuntimeError('no start')\n")
    return tmp_path


def played(build: Path, handler: str, *events: object) -> list[Outcome]:
    """Send events to a handler that has a second for each."""
    function = Function("judged", handler, 1, 128, (), "INFO", {})
    with emulated(function, build / "log", build) as running:
        return [running.invoke(event) for event in events]


def test_emulator_gives_answer_and_log(build: Path) -> None:
    """A process that is kept answers each event, with the lines of this one."""
    first, second = played(build, "judged.says", 1, 2)

    assert (first.payload, second.payload) == ("x", "xx")
    assert first.log.count("asked") == second.log.count("asked") == 1


def test_emulator_refuses_an_answer_that_is_too_large(build: Path) -> None:
    """The largest passes, and one byte more is a function error."""
    largest, larger = played(build, "judged.says", LARGEST, LARGEST + 1)

    assert len(largest.payload) == LARGEST
    assert larger.is_error
    assert "ResponseSizeTooLarge" in str(larger.payload)


def test_emulator_ends_a_call_at_its_time(build: Path) -> None:
    """It says so as Lambda does."""
    (late,) = played(build, "judged.sleeps", None)

    assert late.is_error
    assert "timed out after 1.00 seconds" in str(late.payload)


@pytest.mark.parametrize("handler", ["broken.says", "judged.nothing", "nowhere.says"])
def test_emulator_reports_a_handler_that_does_not_start(build: Path, handler: str) -> None:
    """A module that fails, one that is not there, and a name that it does not have."""
    (failed,) = played(build, handler, None)

    assert failed.is_error
    assert failed.payload["errorType"]
