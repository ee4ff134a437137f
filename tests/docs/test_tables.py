"""The long tables of the pages agree with the template and the routes."""

import re
from typing import Any

import cfn_flip  # type: ignore[import-untyped] # has no stubs
import pytest

from local.workspace import ROOT
from tests.routes import ROLES, ROUTES

Json = dict[str, Any]


@pytest.fixture(scope="module")
def template() -> Json:
    """Return template.yaml as it stands."""
    return dict(cfn_flip.load_yaml((ROOT / "template.yaml").read_text()))


def test_table_of_calls_has_every_route() -> None:
    """The table of the API has all calls, and who may make them."""
    rows = re.findall(
        r"^\| `([A-Z]+) (/[\w/{}-]+)[^|]*\| ([^|]*) \|", _page("api.md"), re.MULTILINE
    )

    listed = {(method, path): _roles(who) for method, path, who in rows}

    assert listed == {address: route.roles for address, route in ROUTES.items()}


def test_table_of_parameters_has_every_default(template: Json) -> None:
    """The table of parameters has every parameter with its default."""
    parameters = template["Parameters"]
    defaults = {name: str(parameter["Default"]) for name, parameter in parameters.items()}

    rows = re.findall(r"^\| (`[A-Z][^|]*) \| ([^|]*) \|", _page("deploying.md"), re.MULTILINE)

    assert {
        name.strip("`"): default.strip("`")
        for names, values in rows
        for name, default in zip(names.split(", "), values.split(", "), strict=True)
    } == defaults


def _roles(who: str) -> set[str]:
    return set(ROLES) if who == "any role" else set(who.split(", "))


def _page(name: str) -> str:
    return (ROOT / "docs" / name).read_text()
