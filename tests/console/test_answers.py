"""The console's types of responses agree with the contracts."""

from datetime import datetime
from enum import StrEnum

from local.console.answers import FILE, declarations, interface
from shared.contracts.response import PersonResponse, ResponseBody


class Kind(StrEnum):
    """Two of a kind."""

    OLD = "OLD"
    NEW = "NEW"


class Thing(ResponseBody):
    """One field of each type that a contract may have."""

    a_text: str
    moment: datetime
    many: list[int]
    by: PersonResponse
    kind: Kind
    headers: dict[str, str]
    value: str | bool | None


def test_a_contract_becomes_an_interface() -> None:
    """Names are those of the JSON, moments are text, and an optional field may be missing."""
    text = interface(Thing)

    assert text.split("\n")[2:-2] == [
        "  aText: string;",
        "  moment: string;",
        "  many: number[];",
        "  by: PersonResponse;",
        '  kind: "OLD" | "NEW";',
        "  headers: Record<string, string>;",
        "  value?: string | boolean;",
    ]


def test_types_are_those_of_the_contracts() -> None:
    """The console is checked against the current contracts; `make format` writes the types."""
    assert FILE.read_text() == declarations()
