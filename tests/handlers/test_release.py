"""The functions say which software they are, as their deployment told them."""

import json

import pytest

from shared.domain.release import UNKNOWN
from tests.handlers import steps
from tests.handlers.conftest import Console
from tests.handlers.stack import Stack

RELEASE = {
    "RELEASE": "0123456789abcdef0123456789abcdef01234567",
    "RELEASE_PYTHON": "3.13.5",
    "RELEASE_ARCHITECTURE": "arm64",
    "FUNCTION_SHA256": "ab" * 32,
    "LAYER_SHA256": "cd" * 32,
}


def finalize_as(
    release: dict[str, str], stack: Stack, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Finalize a session with functions that were told this."""
    steps.make_ready(stack)
    for name, value in release.items():
        monkeypatch.setenv(name, value)
    console.clear()
    steps.finalize()


def test_software_is_named_by_log_entry_and_decision(
    stack: Stack, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version in every line and entry, the bytes where it was decided."""
    finalize_as(RELEASE, stack, console, monkeypatch)

    (line,) = console.logs
    last = max(stack.items("Audit"), key=lambda item: int(item["sequence"]["N"]))
    (decided,) = (item for item in stack.items("Sessions") if "finalizationId" in item)
    assert line["release"] == RELEASE["RELEASE"]
    assert json.loads(last["content"]["S"])["release"] == RELEASE["RELEASE"]
    assert {name: value["S"] for name, value in decided["release"]["M"].items()} == {
        "version": RELEASE["RELEASE"],
        "python": "3.13.5",
        "architecture": "arm64",
        "functionSha256": "ab" * 32,
        "layerSha256": "cd" * 32,
    }


def test_software_that_was_told_nothing_is_unknown(
    stack: Stack, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when it was deployed by other means than ours; that is said, and nothing fails."""
    for name in RELEASE:
        monkeypatch.delenv(name, raising=False)

    finalize_as({}, stack, console, monkeypatch)

    (line,) = console.logs
    assert line["release"] == UNKNOWN
