"""
What the API answers with.
"""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Shape(BaseModel):
    """
    A JSON object in camelCase, read by name from a domain value; fields that are None are left out.

    Shapes only ever gain fields: what a client reads today it can read in ten years.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, frozen=True
    )

    def json_text(self) -> str:
        return self.model_dump_json(by_alias=True, exclude_none=True)


class PersonShape(Shape):
    id: str
    name: str
