"""The environment, read once and checked."""

import json
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from local.workspace import ROOT
from shared.runtime import wiring
from shared.runtime.settings import settings

VARIABLES: dict[str, str] = {
    name: value
    for name, value in json.loads((ROOT / "events" / "env.json").read_text())["Parameters"].items()
    if not name.startswith("POWERTOOLS_")
} | {"AWS_REGION": "eu-central-1"}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set what the template sets, and keep nothing for other tests."""
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    wiring.forget()
    yield
    wiring.forget()


def test_settings_are_what_the_template_sets() -> None:
    """Texts become numbers, and table names are together."""
    found = settings()

    assert (found.region, found.event_bus) == ("eu-central-1", "training-sessions")
    assert (found.evidence_max_bytes, found.expiring_soon_days) == (50 * 1024 * 1024, 30)
    assert found.tables.outbox == "Outbox"


@pytest.mark.parametrize("name", VARIABLES)
def test_setting_that_is_missing_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever forgot it reads which one; the environment's other values are not told."""
    monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "not-for-the-log")

    with pytest.raises(ValidationError, match=name) as failed:
        settings()

    assert "not-for-the-log" not in str(failed.value)
    assert failed.value.error_count() == 1


def test_settings_that_are_missing_are_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One look is enough to repair a deployment."""
    for name in VARIABLES:
        monkeypatch.delenv(name)

    with pytest.raises(ValidationError) as failed:
        settings()

    assert {fault["loc"][0] for fault in failed.value.errors()} == VARIABLES.keys()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVIDENCE_MAX_BYTES", "0"),
        ("EVIDENCE_MAX_BYTES", "50 MB"),
        ("EVIDENCE_LINK_SECONDS", "0"),
        ("EXPIRING_SOON_DAYS", "-1"),
        ("EXPIRING_SOON_DAYS", ""),
    ],
)
def test_setting_that_makes_no_sense_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Better no start than records under a wrong rule."""
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=name):
        settings()


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process's environment does not change; a test's does, and says so."""
    first = settings()
    monkeypatch.setenv("EXPIRING_SOON_DAYS", "7")
    assert settings() is first

    wiring.forget()

    assert settings().expiring_soon_days == 7
