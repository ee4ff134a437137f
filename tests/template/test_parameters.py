"""Stacks differ in their parameters, which samconfig.toml sets."""

import tomllib
from typing import Any

import pytest

from local.workspace import ROOT
from testing.template import Template


@pytest.fixture(scope="module")
def environments() -> dict[str, dict[str, Any]]:
    """Return the deploy settings of every environment in samconfig.toml."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    return {
        name: section["deploy"]["parameters"]
        for name, section in config.items()
        if isinstance(section, dict) and "deploy" in section
    }


def _overrides(settings: dict[str, Any]) -> dict[str, str]:
    """Return the parameters that an environment sets."""
    return dict(pair.split("=") for pair in settings["parameter_overrides"].split())


def test_parameters_are_explained(template: Template) -> None:
    """Each parameter has a description and a default."""
    parameters = template.document["Parameters"].values()

    assert all(parameter["Description"].endswith(".") for parameter in parameters)
    assert all("Default" in parameter for parameter in parameters)


def test_overrides_name_real_parameters(
    template: Template, environments: dict[str, dict[str, Any]]
) -> None:
    """samconfig.toml sets only parameters that exist, to values they accept."""
    parameters = template.document["Parameters"]

    for settings in environments.values():
        for name, value in _overrides(settings).items():
            allowed = parameters[name].get("AllowedValues", [value])
            assert value in map(str, allowed)


def test_versions_of_python_are_the_same_everywhere(template: Template) -> None:
    """What installs, is tested, and can be deployed are the same versions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    minors = [
        int(runtime.removeprefix("python3."))
        for runtime in template.document["Parameters"]["PythonRuntime"]["AllowedValues"]
    ]

    assert project["requires-python"] == f">=3.{min(minors)},<3.{max(minors) + 1}"
    assert (
        f"You need Python 3.{min(minors)} to 3.{max(minors)}," in (ROOT / "README.md").read_text()
    )
    assert (
        f"(3, {min(minors)}) <= sys.version_info[:2] <= (3, {max(minors)})"
        in (ROOT / "Makefile").read_text()
    )


def test_environments_are_named_by_their_stage(environments: dict[str, dict[str, Any]]) -> None:
    """--config-env dev deploys Stage=dev, and likewise for each."""
    stages = {name: _overrides(settings)["Stage"] for name, settings in environments.items()}

    assert stages == {name: name for name in ("local", "dev", "prod")}


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_environments_on_aws_keep_their_data(
    environments: dict[str, dict[str, Any]], environment: str
) -> None:
    """Only the embedded stack is deleted with its data; on AWS a person confirms each change."""
    settings = environments[environment]

    assert "DataDeletionPolicy" not in _overrides(settings)
    assert settings["confirm_changeset"] is True
