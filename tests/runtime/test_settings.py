"""The environment, read once and checked."""

import pytest
from pydantic import ValidationError

from shared.runtime.settings import Settings
from testing.environment import ENVIRONMENT

VARIABLES = {
    name: value for name, value in ENVIRONMENT.items() if not name.startswith("POWERTOOLS_")
} | {"AWS_REGION": "eu-central-1"}

# The others are only for functions that write or check the origin of entries.
REQUIRED = [str(one.alias) for one in Settings.model_fields.values() if one.is_required()]


def test_settings_are_what_the_template_sets() -> None:
    """Texts become numbers, and table names are together."""
    found = Settings.read(VARIABLES)

    assert (found.region, found.event_bus) == ("eu-central-1", "training-sessions")
    assert (found.evidence_max_bytes, found.expiring_soon_days) == (50 * 1024 * 1024, 30)
    assert found.tables.outbox == "Outbox"


def test_roots_of_an_authority_are_certificates() -> None:
    """Several are set apart by commas, so that stamps of an earlier authority stay good."""
    named = {
        "TIME_STAMP_AUTHORITY_URL": "https://tsa.test",
        "TIME_STAMP_AUTHORITY_ROOT": "AQ==,Ag==",
    }

    assert Settings.read(VARIABLES | named).time_stamp_roots == [b"\x01", b"\x02"]
    assert Settings.read(VARIABLES).time_stamp_roots == []


@pytest.mark.parametrize("name", REQUIRED)
def test_setting_that_is_missing_is_named(name: str) -> None:
    """The log names it, and no values of the environment."""
    environment = VARIABLES | {"AWS_SESSION_TOKEN": "not-for-the-log"}
    del environment[name]

    with pytest.raises(ValidationError, match=name) as failed:
        Settings.read(environment)

    assert "not-for-the-log" not in str(failed.value)
    assert failed.value.error_count() == 1


def test_settings_that_are_missing_are_all_named() -> None:
    """One attempt is enough to correct a deployment."""
    with pytest.raises(ValidationError) as failed:
        Settings.read({})

    assert {fault["loc"][0] for fault in failed.value.errors()} == {*REQUIRED}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVIDENCE_MAX_BYTES", "0"),
        ("EVIDENCE_MAX_BYTES", "50 MB"),
        ("EVIDENCE_LINK_SECONDS", "0"),
        ("EXPIRING_SOON_DAYS", "-1"),
        ("EXPIRING_SOON_DAYS", ""),
        ("TIME_STAMPS_SINCE", "yesterday"),
    ],
)
def test_setting_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    """A function does not start with a setting that would write wrong records."""
    with pytest.raises(ValidationError, match=name):
        Settings.read(VARIABLES | {name: value})
