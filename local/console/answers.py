"""
The API's response bodies as types for the console: `web/network/answers.d.ts`, from the contracts.

`python -m local.console.answers` writes it; `make format` does so too.
"""

import types
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any, Union, get_args, get_origin

from pydantic.alias_generators import to_camel

from local.workspace import ROOT
from shared.contracts import audit, evidence, records, session, verification
from shared.contracts.response import ResponseBody

FILE = ROOT / "web" / "network" / "answers.d.ts"
HEAD = "// Written by `make format` from shared/contracts. What is null is left out of an answer.\n"
CONTRACTS = (audit, evidence, records, session, verification)
PLAIN = {str: "string", int: "number", bool: "boolean"}


def declarations() -> str:
    """Return an interface for each body that a contract names."""
    bodies = {
        value
        for contract in CONTRACTS
        for value in vars(contract).values()
        if isinstance(value, type) and issubclass(value, ResponseBody) and value is not ResponseBody
    }
    return HEAD + "".join(map(interface, sorted(bodies, key=lambda body: body.__name__)))


def interface(body: type[ResponseBody]) -> str:
    """Return the JSON of *body* as a type; what may be None there may be missing here."""
    return f"\nexport interface {body.__name__} {{\n{''.join(_fields(body))}}}\n"


def _fields(body: type[ResponseBody]) -> Iterator[str]:
    for name, field in body.model_fields.items():
        parts = _parts(field.annotation)
        mark = "?" if type(None) in parts else ""
        text = " | ".join(_text(part) for part in parts if part is not type(None))
        yield f"  {to_camel(name)}{mark}: {text};\n"


def _parts(annotation: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a type of any kind
    if get_origin(annotation) in {Union, types.UnionType}:
        return get_args(annotation)
    return (annotation,)


def _text(annotation: Any) -> str:  # noqa: ANN401 - a type of any kind
    """Write a type of the contracts in TypeScript; a moment is text in JSON."""
    if get_origin(annotation) is list:
        text = _text(get_args(annotation)[0])
        # Without parentheses only the last of several values would be in a list.
        return f"({text})[]" if " | " in text else f"{text}[]"
    if get_origin(annotation) is dict:
        return "Record<{}, {}>".format(*map(_text, get_args(annotation)))
    if issubclass(annotation, ResponseBody):
        return str(annotation.__name__)
    if issubclass(annotation, Enum):
        return " | ".join(f'"{member.value}"' for member in annotation)
    return "string" if issubclass(annotation, date) else PLAIN[annotation]


if __name__ == "__main__":
    FILE.write_text(declarations())
