"""The base of the API's response bodies."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class ResponseBody(BaseModel):
    """
    A JSON object in camelCase, read by name from a domain value; fields that are None are left out.

    Response bodies only ever gain fields: what a client reads today it can read in ten years.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, frozen=True
    )

    def json_text(self) -> str:
        return self.model_dump_json(by_alias=True, exclude_none=True)


class PersonResponse(ResponseBody):
    id: str
    name: str
