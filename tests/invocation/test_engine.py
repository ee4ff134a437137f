"""Which container engine runs a function."""

import pytest

from local.invocation.engine import EngineFailed, engine
from local.ministack import free_port


def test_engine_that_is_asked_for_must_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody who names an engine gets something else in its place."""
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{free_port()}")

    with pytest.raises(EngineFailed, match="DOCKER_HOST"):
        engine()
