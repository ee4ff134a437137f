"""
The JSON Schemas of the events on the bus, made from the contracts.

Write them anew after a change: ``.venv/bin/python -m tests.contracts.schemas``.
"""

import inspect
import json
import re
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from local.workspace import ROOT
from shared.contracts.events import DETAILS, SOURCE, EventDetail
from shared.domain.events import Event

FOLDER = ROOT / "docs" / "events"
VERSION = EventDetail.model_fields["schema_version"].default


class _WithoutTitles(GenerateJsonSchema):
    """Names of fields say enough; pydantic would repeat each as a title."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - for none
        """Give no field a title."""
        return False


def documents() -> dict[str, str]:
    """Return the text of each schema by the name of its file."""
    return {
        f"{_kebab(event.__name__)}.v{VERSION}.schema.json": _text(event, detail)
        for event, detail in DETAILS.items()
    }


def write() -> None:
    """Write the schemas where other modules look for them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        FOLDER.joinpath(name).write_text(text)


def _text(event: type[Event], detail: type[EventDetail]) -> str:
    schema = detail.model_json_schema(schema_generator=_WithoutTitles, mode="serialization")
    described: dict[str, Any] = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:schema:{SOURCE}:{event.__name__}:v{VERSION}",
        "title": event.__name__,
        "description": inspect.cleandoc(event.__doc__ or ""),
        "type": "object",
        "properties": schema["properties"],
        # Publishers may leave out a default; consumers always find the version.
        "required": ["schemaVersion", *schema["required"]],
    }
    return json.dumps(described, indent=2) + "\n"


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


if __name__ == "__main__":
    write()
